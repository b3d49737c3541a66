// Executor: runs pieces of work some time soon, on threads of its own.
//
// The seam between what has work to do and whose threads do it. Not for waiting: work must not
// block on the network. Post may be called from any thread.

#ifndef POLICYKB_GENERATOR_EXECUTOR_H_
#define POLICYKB_GENERATOR_EXECUTOR_H_

#include <functional>

namespace policykb {

class Executor {
 public:
  virtual ~Executor() = default;
  // Takes `work` in any case and returns at once; `work` runs later, in the order of posting when
  // there is one thread.
  virtual void Post(std::function<void()> work) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_EXECUTOR_H_
