// WorkerPool: a fixed number of threads that do posted work in order.
//
// How much work there can be is for the poster to bound. Not for computing in parallel. Any thread.

#ifndef POLICYKB_CORE_BASE_WORKER_POOL_H_
#define POLICYKB_CORE_BASE_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/executor.h"

namespace policykb {

class WorkerPool : public Executor {
 public:
  // REQUIRES: threads >= 1.
  explicit WorkerPool(int threads);
  // Does all work that was posted, then returns.
  ~WorkerPool() override;
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void Post(std::function<void()> work) override;

 private:
  void Run();
  bool HasWorkOrStops() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_WORKER_POOL_H_
