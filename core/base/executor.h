// Executor: runs pieces of work some time soon, on threads of its own.
//
// The seam between what has work to do and whose threads do it. Whose threads they are says what work
// may do: those of answers must not be made to wait for the network. Post may be called from any
// thread.

#ifndef POLICYKB_CORE_BASE_EXECUTOR_H_
#define POLICYKB_CORE_BASE_EXECUTOR_H_

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

#endif  // POLICYKB_CORE_BASE_EXECUTOR_H_
