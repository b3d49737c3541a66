// PassageSource: where an answer gets its passages from.
//
// The seam between the generator and the retriever: over gRPC in the service, in process in the
// command line tool, a fake in tests. Not for anything but searching. Both
// functions may be called from any thread at once.

#ifndef POLICYKB_GENERATOR_PASSAGE_SOURCE_H_
#define POLICYKB_GENERATOR_PASSAGE_SOURCE_H_

#include <functional>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/access.h"
#include "core/rpc/trace_context.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

// Told once.
using FoundSink = std::function<void(absl::StatusOr<v1::SearchResponse>)>;

// For whom and until when a search runs.
struct SearchCall {
  // Without a caller the source's own labels count.
  SearchCall(absl::Time until, std::optional<ForwardedCaller> on_behalf_of = {},
             TraceContext part_of = {})
      : deadline(until), caller(std::move(on_behalf_of)), trace(std::move(part_of)) {}

  absl::Time deadline;
  std::optional<ForwardedCaller> caller;
  TraceContext trace;
};

class PassageSource {
 public:
  virtual ~PassageSource() = default;
  // Hits of one search; returns by its deadline.
  // Errors: InvalidArgument (the query or a date), Unavailable (no snapshot, or not reached),
  // DeadlineExceeded.
  virtual absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                                    const SearchCall& call) = 0;
  // The same without waiting; `done` is called from any thread, also from within this call. A
  // source that is asked over the network must not let the calling thread wait.
  virtual void StartSearch(const v1::SearchRequest& request, const SearchCall& call,
                           const FoundSink& done) {
    done(Search(request, call));
  }
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_PASSAGE_SOURCE_H_
