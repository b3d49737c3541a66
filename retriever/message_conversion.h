// The retriever's types <-> the messages of policykb.v1.
//
// The only place that knows both. Pure functions, any thread.

#ifndef POLICYKB_RETRIEVER_MESSAGE_CONVERSION_H_
#define POLICYKB_RETRIEVER_MESSAGE_CONVERSION_H_

#include <string>

#include "absl/status/statusor.h"
#include "core/base/civil_date.h"
#include "policykb/v1/retriever_service.pb.h"
#include "retriever/searcher.h"

namespace policykb {

// The date a request means: its own, or `today` when it is empty. Errors: InvalidArgument naming
// `field`.
absl::StatusOr<CivilDate> AsOfDate(const std::string& text, CivilDate today);

// The id in a document name. Errors: InvalidArgument naming `field`.
absl::StatusOr<std::string> DocumentIdFromName(const std::string& name, std::string_view field);

// Errors: InvalidArgument (k, date, document names). The query's text is checked by the searcher.
absl::StatusOr<SearchQuery> FromMessage(const v1::SearchRequest& request, CivilDate today,
                                        const CallerLabels& labels);

v1::SearchResponse ToMessage(const SearchResult& result, const SearchQuery& query);
v1::Passage ToMessage(const Passage& passage, const Document& document, CivilDate as_of);
// A document with text and provisions.
v1::Document ToMessage(const Document& document, CivilDate as_of);
v1::GetSnapshotResponse ToMessage(const SnapshotInfo& info);

// Errors: InvalidArgument (page size, limit, date). Words are checked by the searcher.
absl::StatusOr<DocumentListQuery> FromMessage(const v1::ListDocumentsRequest& request,
                                              CivilDate today, const CallerLabels& labels);
absl::StatusOr<SuggestionQuery> FromMessage(const v1::SuggestQuestionsRequest& request,
                                            CivilDate today, const CallerLabels& labels);
v1::ListDocumentsResponse ToMessage(const DocumentPage& page, CivilDate as_of);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_MESSAGE_CONVERSION_H_
