#include "generator/worker_pool.h"

#include <utility>

namespace policykb {

WorkerPool::WorkerPool(int threads, size_t max_waiting) : max_waiting_(max_waiting) {
  // Threads count as idle from here on, so that work submitted at once finds them.
  idle_ = static_cast<size_t>(threads);
  threads_.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

WorkerPool::~WorkerPool() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

bool WorkerPool::Submit(std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  if (stopping_ || waiting_.size() >= idle_ + max_waiting_) return false;
  waiting_.push_back(std::move(work));
  return true;
}

bool WorkerPool::HasWorkOrStops() const { return stopping_ || !waiting_.empty(); }

void WorkerPool::Run() {
  for (;;) {
    std::function<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &WorkerPool::HasWorkOrStops));
      if (waiting_.empty()) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
      --idle_;
    }
    work();
    absl::MutexLock lock(&mutex_);
    ++idle_;
  }
}

}  // namespace policykb
