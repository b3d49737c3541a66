#include "core/base/memory.h"

#include <cstddef>  // __GLIBC__

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace policykb {

void KeepFreedMemory() {
#if defined(__GLIBC__)
  constexpr int kKeptBytes = 256 << 20;
  // The largest that the allocator takes from an arena at all.
  constexpr int kLargestBytes = 32 << 20;
  mallopt(M_MMAP_THRESHOLD, kLargestBytes);
  mallopt(M_TRIM_THRESHOLD, kKeptBytes);
#endif
}

}  // namespace policykb
