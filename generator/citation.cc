#include "generator/citation.h"

#include <string>
#include <utility>

namespace policykb {

v1::Citation MakeCitation(const v1::Passage& passage, Span span) {
  v1::Citation citation;
  citation.set_passage(passage.name());
  citation.set_document(passage.document());
  citation.set_document_title(passage.document_title());
  citation.set_document_number(passage.document_number());
  citation.set_label(passage.label());
  citation.set_address(passage.address());
  citation.mutable_span()->set_start(passage.span().start() + span.start);
  citation.mutable_span()->set_end(passage.span().start() + span.end);
  citation.set_quote(std::string(Slice(passage.text(), span)));
  *citation.mutable_validity() = passage.validity();
  return citation;
}

int32_t CitationList::Add(const v1::Passage& passage, Span span) {
  v1::Citation citation = MakeCitation(passage, span);
  for (const v1::Citation& known : citations_) {
    if (known.passage() == citation.passage() && known.span().start() == citation.span().start() &&
        known.span().end() == citation.span().end()) {
      return known.number();
    }
  }
  citation.set_number(static_cast<int32_t>(citations_.size()) + 1);
  citations_.push_back(std::move(citation));
  return citations_.back().number();
}

}  // namespace policykb
