// PassageSource: where an answer gets its passages from.
//
// The seam between the generator and the retriever: over gRPC in the service, in process in the
// command line tool, a fake in tests. Not for anything but searching. Search may be called from any
// thread at once.

#ifndef POLICYKB_GENERATOR_PASSAGE_SOURCE_H_
#define POLICYKB_GENERATOR_PASSAGE_SOURCE_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

class PassageSource {
 public:
  virtual ~PassageSource() = default;
  // Hits of one search; returns by `deadline`.
  // Errors: InvalidArgument (the query or a date), Unavailable (no snapshot, or not reached),
  // DeadlineExceeded.
  virtual absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                                    absl::Time deadline) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_PASSAGE_SOURCE_H_
