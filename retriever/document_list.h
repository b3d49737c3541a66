// ListDocuments and SuggestQuestions: what there is to read and to ask, before anybody searches.
//
// Looks at columns and editorial words alone, at every document once; no record is read. Pure
// functions over an open snapshot, any thread.

#ifndef POLICYKB_RETRIEVER_DOCUMENT_LIST_H_
#define POLICYKB_RETRIEVER_DOCUMENT_LIST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/snapshot.h"
#include "retriever/searcher.h"

namespace policykb {

// Errors: InvalidArgument (page size outside 1..kMaxPageDocuments, a token that no page gave, words
// as CheckQueryText).
absl::StatusOr<DocumentPage> ListDocuments(const Snapshot& snapshot,
                                           const DocumentListQuery& query);

// Known questions with a passage that a search with these labels on that day may return: those
// that begin with the prefix, then those that hold it, each in the order of the bank. Width and
// case do not matter. Errors: InvalidArgument (limit outside 1..kMaxSuggestions, prefix as
// CheckQueryText).
absl::StatusOr<std::vector<std::string>> SuggestQuestions(const Snapshot& snapshot,
                                                          const SuggestionQuery& query);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_DOCUMENT_LIST_H_
