// WorkerPool: a fixed number of threads and a bounded queue of work.
//
// For answers, which block on the retriever and the model and therefore must not run on gRPC's
// threads. Not for computing in parallel. Submit may be called from any thread.

#ifndef POLICYKB_GENERATOR_WORKER_POOL_H_
#define POLICYKB_GENERATOR_WORKER_POOL_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace policykb {

class WorkerPool {
 public:
  // REQUIRES: threads >= 1. At most `max_waiting` pieces of work wait for a thread.
  WorkerPool(int threads, size_t max_waiting);
  // Does all work that was taken, then returns.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False, without any effect, when too much work waits.
  [[nodiscard]] bool Submit(std::function<void()> work);

 private:
  void Run();
  bool HasWorkOrStops() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_waiting_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_WORKER_POOL_H_
