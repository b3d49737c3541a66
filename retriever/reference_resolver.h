// ResolveReferences: what a query names, provision by provision and document by document, as
// passages that the caller may see.
//
// Not for what resembles the query (candidates). Pure functions over an open snapshot, any thread.

#ifndef POLICYKB_RETRIEVER_REFERENCE_RESOLVER_H_
#define POLICYKB_RETRIEVER_REFERENCE_RESOLVER_H_

#include <vector>

#include "core/snapshot/snapshot.h"
#include "retriever/candidates.h"
#include "retriever/name_index.h"
#include "retriever/query.h"
#include "retriever/searcher.h"

namespace policykb {

struct ResolvedReferences {
  std::vector<PassagePlace> passages;       // of the provisions named, in order
  std::vector<DocumentPlace> documents;     // named as a whole
  std::vector<PassagePlace> of_documents;   // their first passages
  std::vector<DocumentPlace> not_in_force;  // named, visible, but not in force
};

// Refers to both arguments.
VisibleDocuments DocumentsVisibleTo(const Snapshot& snapshot, const CallerLabels& labels);

ResolvedReferences ResolveReferences(const Snapshot& snapshot, const NameIndex& names,
                                     const ParsedQuery& parsed, const SearchQuery& query,
                                     const CandidateSearch& search);

// Passages of that name that the search may return; none when there are none.
std::vector<PassagePlace> AllowedPassagesNamed(const Snapshot& snapshot, std::string_view name,
                                               const CandidateSearch& search);

// Id of the document in a passage name, or empty when the name is malformed.
std::string_view DocumentIdOf(std::string_view passage_name);
// What follows the document in a passage name. REQUIRES: DocumentIdOf is not empty.
std::string_view AddressOf(std::string_view passage_name);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_REFERENCE_RESOLVER_H_
