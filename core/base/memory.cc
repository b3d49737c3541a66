#include "core/base/memory.h"

#include <cstdlib>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace policykb {

void KeepFreedMemory() {
#if defined(__GLIBC__)
  // Arrays of a score for each of ten million passages still come from the heap; the other arrays
  // of a search together stay below what the heap may keep at its end.
  constexpr int kLargestFromHeap = 32 << 20;
  constexpr int kKept = 256 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargestFromHeap);
  ::mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

}  // namespace policykb
