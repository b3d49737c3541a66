// RetrieverCalls: the calls of RetrieverService that look at the live snapshot, on messages and
// without a transport.
//
// Shared by the gRPC service and by programs that search in process. Not for the snapshots there
// are (snapshot_calls.h), nor for access control: which labels the caller holds has been decided by
// whoever calls. Const, any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_CALLS_H_
#define POLICYKB_RETRIEVER_RETRIEVER_CALLS_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/civil_date.h"
#include "policykb/v1/retriever_service.pb.h"
#include "retriever/searcher.h"

namespace policykb {

// The searcher to use for one call; never null.
using SearcherSource = std::function<std::shared_ptr<const Searcher>()>;
// The day it is, in the configured zone.
using TodaySource = std::function<CivilDate()>;

// What the query of a search does not say of it; the fields are those of SearchQuery.
struct SearchContext {
  absl::Time deadline = absl::InfiniteFuture();
  std::string trace_parent = {};
  std::function<bool()> given_up = {};
};

class RetrieverCalls {
 public:
  RetrieverCalls(SearcherSource searcher, TodaySource today)
      : searcher_(std::move(searcher)), today_(std::move(today)) {}

  // For a caller who holds `labels`. Errors: as documented in retriever_service.proto; Cancelled
  // (given up).
  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request,
                                            const CallerLabels& labels,
                                            const SearchContext& context = {}) const;
  absl::StatusOr<v1::GetDocumentResponse> GetDocument(const v1::GetDocumentRequest& request,
                                                      const CallerLabels& labels) const;
  absl::StatusOr<v1::BatchGetPassagesResponse> BatchGetPassages(
      const v1::BatchGetPassagesRequest& request, const CallerLabels& labels) const;
  absl::StatusOr<v1::GetSnapshotResponse> GetSnapshot(const v1::GetSnapshotRequest& request,
                                                      const CallerLabels& labels) const;
  absl::StatusOr<v1::ListDocumentsResponse> ListDocuments(const v1::ListDocumentsRequest& request,
                                                          const CallerLabels& labels) const;
  absl::StatusOr<v1::SuggestQuestionsResponse> SuggestQuestions(
      const v1::SuggestQuestionsRequest& request, const CallerLabels& labels) const;

  // True when Search waits for another machine, as things are now.
  bool search_waits() const { return searcher_()->search_waits(); }

 private:
  SearcherSource searcher_;
  TodaySource today_;
};

// Today in the zone of that name. Errors: InvalidArgument.
absl::StatusOr<TodaySource> TodayIn(std::string_view zone);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_CALLS_H_
