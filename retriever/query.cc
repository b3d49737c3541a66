#include "retriever/query.h"

#include <unordered_map>
#include <utility>

#include "core/base/strings.h"
#include "core/text/document_number.h"
#include "core/text/utf8.h"
#include "retriever/searcher.h"
#include "retriever/term_statistics.h"

namespace policykb {

absl::Status CheckQueryText(std::string_view text) {
  if (StripAsciiSpace(text).empty())
    return absl::InvalidArgumentError("query: empty, expected a question or key words");
  if (text.size() > kMaxQueryBytes) {
    return absl::InvalidArgumentError(
        Cat("query: ", text.size(), " bytes, at most ", kMaxQueryBytes));
  }
  if (const size_t at = FirstInvalidUtf8(text); at != std::string_view::npos) {
    return absl::InvalidArgumentError(Cat("query: byte ", at, " is not UTF-8"));
  }
  return absl::OkStatus();
}

ParsedQuery ParseQuery(std::string_view text) {
  ParsedQuery query;
  query.text = text;
  std::unordered_map<std::string, size_t> seen;
  for (Term& term : Analyze(text)) {
    const auto [found, added] = seen.try_emplace(term.text, query.terms.size());
    if (added) {
      const double weight = TermWeightFactor(term.text, term.kind);
      query.terms.push_back(
          {.text = std::move(term.text), .kind = term.kind, .count = 0, .weight = weight});
    }
    ++query.terms[found->second].count;
  }
  query.references = FindProvisionReferences(text);
  for (DocumentNumber& number : FindDocumentNumbers(text)) {
    query.document_numbers.push_back(std::move(number.normalized));
  }
  return query;
}

}  // namespace policykb
