// WorkQueue: calls wait here for one of a few workers: in turn by caller, and never for long.
//
// A call that would wait too long (wait_rule.h) is refused at once, so that overload costs callers
// a refusal and not everybody their time. Callers take turns (fair_queue.h): who floods the server
// waits behind its own calls, others do not. A call that nobody waits for any more when its turn
// comes is dropped without work. Not for calls that take less time than handing them over. Any
// thread.

#ifndef POLICYKB_CORE_RPC_WORK_QUEUE_H_
#define POLICYKB_CORE_RPC_WORK_QUEUE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/rpc/fair_queue.h"
#include "core/rpc/wait_rule.h"

namespace policykb {

struct WorkQueueOptions {
  int workers = 1;  // pieces of work at once; at least 1
  WaitLimits limits = {};
  // How long a piece is taken to be before one is done.
  absl::Duration first_guess = absl::Milliseconds(2);
  // Pieces that wait at the most, however quick they are: what bounds memory.
  size_t most_waiting = 1000;
};

struct Work {
  std::string owner;  // whose turn it takes
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled = {};  // may be empty
  // Called once, by a worker: with OK to do the work, or with DeadlineExceeded or Cancelled when
  // it is dropped. `waited`: since it entered.
  std::function<void(const absl::Status& wanted, absl::Duration waited)> run = {};
};

struct WorkQueueFigures {
  size_t waiting = 0;  // now
  int running = 0;     // now
  uint64_t done = 0;
  uint64_t refused = 0;
  uint64_t dropped = 0;        // late or cancelled when their turn came
  absl::Duration mean_work{};  // how long pieces take
};

class WorkQueue {
 public:
  explicit WorkQueue(const WorkQueueOptions& options);
  // Does or drops all that is in it, then returns.
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // Takes the work, or leaves it alone. Errors: ResourceExhausted, reason OVERLOADED, with the time
  // after which another try is worth it.
  absl::Status Enter(Work work) ABSL_LOCKS_EXCLUDED(mutex_);

  WorkQueueFigures figures() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    Work work;
    absl::Time entered;
  };

  void RunWorker();
  bool HasWorkOrStops() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration WaitOf(std::string_view owner) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const WorkQueueOptions options_;
  mutable absl::Mutex mutex_;
  FairQueue<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  WaitRule rule_ ABSL_GUARDED_BY(mutex_);
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t done_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t refused_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_WORK_QUEUE_H_
