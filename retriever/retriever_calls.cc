#include "retriever/retriever_calls.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "retriever/message_conversion.h"

namespace policykb {

absl::StatusOr<v1::SearchResponse> RetrieverCalls::Search(const v1::SearchRequest& request,
                                                          const CallerLabels& labels,
                                                          const SearchContext& context) const {
  ASSIGN_OR_RETURN(SearchQuery query, FromMessage(request, today_(), labels));
  query.deadline = context.deadline;
  query.trace_parent = context.trace_parent;
  query.given_up = context.given_up;
  ASSIGN_OR_RETURN(const SearchResult result, searcher_()->Search(query));
  return ToMessage(result, query);
}

absl::StatusOr<v1::GetDocumentResponse> RetrieverCalls::GetDocument(
    const v1::GetDocumentRequest& request, const CallerLabels& labels) const {
  ASSIGN_OR_RETURN(const CivilDate as_of, AsOfDate(request.as_of_date(), today_()));
  ASSIGN_OR_RETURN(const std::string id, DocumentIdFromName(request.name(), "name"));
  const std::shared_ptr<const Searcher> searcher = searcher_();
  ASSIGN_OR_RETURN(const Document document, searcher->GetDocument(id, labels));
  v1::GetDocumentResponse response;
  *response.mutable_document() = ToMessage(document, as_of);
  response.set_snapshot(searcher->Info(labels).id);
  return response;
}

absl::StatusOr<v1::BatchGetPassagesResponse> RetrieverCalls::BatchGetPassages(
    const v1::BatchGetPassagesRequest& request, const CallerLabels& labels) const {
  ASSIGN_OR_RETURN(const CivilDate as_of, AsOfDate(request.as_of_date(), today_()));
  const std::vector<std::string> names(request.names().begin(), request.names().end());
  const std::shared_ptr<const Searcher> searcher = searcher_();
  ASSIGN_OR_RETURN(const std::vector<SearchHit> hits, searcher->GetPassages(names, labels));
  v1::BatchGetPassagesResponse response;
  for (const SearchHit& hit : hits)
    *response.add_passages() = ToMessage(hit.passage, hit.document, as_of);
  response.set_snapshot(searcher->Info(labels).id);
  return response;
}

absl::StatusOr<v1::GetSnapshotResponse> RetrieverCalls::GetSnapshot(
    const v1::GetSnapshotRequest&, const CallerLabels& labels) const {
  return ToMessage(searcher_()->Info(labels));
}

absl::StatusOr<v1::ListDocumentsResponse> RetrieverCalls::ListDocuments(
    const v1::ListDocumentsRequest& request, const CallerLabels& labels) const {
  ASSIGN_OR_RETURN(const DocumentListQuery query, FromMessage(request, today_(), labels));
  ASSIGN_OR_RETURN(const DocumentPage page, searcher_()->ListDocuments(query));
  return ToMessage(page, query.as_of);
}

absl::StatusOr<v1::SuggestQuestionsResponse> RetrieverCalls::SuggestQuestions(
    const v1::SuggestQuestionsRequest& request, const CallerLabels& labels) const {
  ASSIGN_OR_RETURN(const SuggestionQuery query, FromMessage(request, today_(), labels));
  const std::shared_ptr<const Searcher> searcher = searcher_();
  ASSIGN_OR_RETURN(std::vector<std::string> questions, searcher->SuggestQuestions(query));
  v1::SuggestQuestionsResponse response;
  for (std::string& question : questions) response.add_questions(std::move(question));
  response.set_snapshot(searcher->Info({}).id);
  return response;
}

absl::StatusOr<TodaySource> TodayIn(std::string_view zone) {
  ASSIGN_OR_RETURN(const absl::TimeZone loaded, LoadZone(zone));
  return TodaySource([loaded] { return CivilDate::At(absl::Now(), loaded); });
}

}  // namespace policykb
