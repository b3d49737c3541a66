// Splits a loop over two threads.
//
// For loops whose iterations write to different places, so that the outcome does not depend on the
// split. Not for work that blocks. Any thread.

#ifndef POLICYKB_CORE_EMBEDDING_PARALLEL_H_
#define POLICYKB_CORE_EMBEDDING_PARALLEL_H_

#include <cstddef>
#include <functional>

namespace policykb {

// Calls body(begin, end) for ranges that cover [0, count) once each, in the calling thread and one
// more; in the calling thread alone when `count` is below `worthwhile` or the machine has one core
// or no thread to spare.
void ParallelRanges(size_t count, size_t worthwhile,
                    const std::function<void(size_t begin, size_t end)>& body);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_PARALLEL_H_
