// RunWithWorkers: independent pieces of work over several threads that each keep their own memory.
//
// For pieces of milliseconds and more, whose outcome does not depend on who does them. Any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_WORKERS_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_WORKERS_H_

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace policykb {

// Threads to work with here: one for each core.
size_t WorkersOfThisMachine();

// Calls work(piece, worker) once for every piece below `pieces`, in the calling thread and up to
// workers - 1 others; `worker` is below `workers` and the same in one thread. After a failure no
// further piece is begun, and the first failure is returned. REQUIRES: workers > 0.
absl::Status RunWithWorkers(size_t pieces, size_t workers,
                            const std::function<absl::Status(size_t piece, size_t worker)>& work);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_WORKERS_H_
