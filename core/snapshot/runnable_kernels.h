// RunnableKernels: of the forms that a kernel is written in, those this machine can run.
//
// The one place for what dot, sketch and lexical kernels have in common: instruction sets are asked
// for when the program runs, the last form that runs is the best. Const after construction, any
// thread.

#ifndef POLICYKB_CORE_SNAPSHOT_RUNNABLE_KERNELS_H_
#define POLICYKB_CORE_SNAPSHOT_RUNNABLE_KERNELS_H_

#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

namespace policykb {

#if defined(__x86_64__)
inline bool HasAvx2() { return __builtin_cpu_supports("avx2") != 0; }
// The parts of AVX-512 that all our 512-bit forms need.
inline bool HasAvx512() {
  return HasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}
#endif

// Kernels: pointers to functions of one form, and its name.
template <typename Kernels>
class RunnableKernels {
 public:
  // Whether this machine can run a form, and the form; the portable one first, the best last.
  RunnableKernels(std::initializer_list<std::pair<bool, Kernels>> forms) {
    for (const auto& [runs, kernels] : forms) {
      if (runs) kernels_.push_back(kernels);
    }
  }

  std::span<const Kernels> all() const { return kernels_; }

 private:
  std::vector<Kernels> kernels_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_RUNNABLE_KERNELS_H_
