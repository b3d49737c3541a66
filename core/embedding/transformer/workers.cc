#include "core/embedding/transformer/workers.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace policykb {

namespace {

class FirstFailure {
 public:
  void Take(const absl::Status& status) {
    if (status.ok()) return;
    const absl::MutexLock lock(&mutex_);
    if (status_.ok()) status_ = status;
    failed_ = true;
  }
  bool failed() const { return failed_; }
  absl::Status status() {
    const absl::MutexLock lock(&mutex_);
    return status_;
  }

 private:
  std::atomic<bool> failed_ = false;
  absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

size_t WorkersOfThisMachine() { return std::max(1U, std::thread::hardware_concurrency()); }

absl::Status RunWithWorkers(size_t pieces, size_t workers,
                            const std::function<absl::Status(size_t piece, size_t worker)>& work) {
  FirstFailure failure;
  std::atomic<size_t> next = 0;
  const auto run = [&](size_t worker) {
    for (size_t piece = next.fetch_add(1); piece < pieces && !failure.failed();
         piece = next.fetch_add(1)) {
      failure.Take(work(piece, worker));
    }
  };
  std::vector<std::thread> others;
  for (size_t worker = 1; worker < std::min(workers, pieces); ++worker) {
    try {
      others.emplace_back(run, worker);
    } catch (const std::system_error&) {
      // No thread to be had: those that are there do all of it.
      break;
    }
  }
  run(0);
  for (std::thread& other : others) other.join();
  return failure.status();
}

}  // namespace policykb
