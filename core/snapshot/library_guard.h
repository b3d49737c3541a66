// What calls into FAISS are wrapped in: exceptions become a Status, and OpenMP has one thread.
//
// For the walls of FAISS (vector_graph.cc, vector_factory.cc); knows nothing of it. Any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LIBRARY_GUARD_H_
#define POLICYKB_CORE_SNAPSHOT_LIBRARY_GUARD_H_

#include <omp.h>

#include <exception>
#include <new>
#include <string_view>

#include "absl/status/status.h"
#include "core/base/strings.h"

namespace policykb {

// Calls `body` and turns what it throws into ResourceExhausted (memory) or Internal, with `what`
// before it.
template <typename Body>
absl::Status Guarded(std::string_view what, const Body& body) {
  try {
    body();
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(Cat(what, ": out of memory"));
  } catch (const std::exception& error) {
    return absl::InternalError(Cat(what, ": ", error.what()));
  }
}

// Limits OpenMP to one thread in the calling thread, as long as it lives: only then is what is
// built the same every time, and a search takes no more than its share of the machine.
class OneOpenMpThread {
 public:
  OneOpenMpThread() : threads_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneOpenMpThread() { omp_set_num_threads(threads_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int threads_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LIBRARY_GUARD_H_
