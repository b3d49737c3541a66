// ParsedQuery: what a query's text says: terms for the lexical index, references and document
// numbers it names.
//
// Knows no snapshot. Pure function, any thread.

#ifndef POLICYKB_RETRIEVER_QUERY_H_
#define POLICYKB_RETRIEVER_QUERY_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/text/analyzer.h"
#include "core/text/provision_reference.h"

namespace policykb {

struct QueryTerm {
  std::string text;
  TermKind kind = TermKind::kWord;
  uint32_t count = 0;  // occurrences in the query, >= 1
  double weight = 1;   // factor on the idf, in (0, 1]: low for function words
};

struct ParsedQuery {
  std::string text;
  std::vector<QueryTerm> terms;  // distinct, in order of first occurrence
  std::vector<ProvisionReference> references;
  std::vector<std::string> document_numbers;  // normalised
};

// Errors: InvalidArgument (empty, too long, no UTF-8).
absl::Status CheckQueryText(std::string_view text);

// REQUIRES: CheckQueryText(text) is OK.
ParsedQuery ParseQuery(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_QUERY_H_
