// PassageEvidence: a passage laid out for checking claims against it.
//
// Cuts a passage into units (sentences, enumerated lines with their lead-in, table rows with their
// header) and knows of each its terms and quantities. Made once per passage and question. Not for
// deciding (support.h). Const after the constructor, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_EVIDENCE_H_
#define POLICYKB_GENERATOR_GROUNDING_EVIDENCE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "generator/grounding/quantity.h"
#include "policykb/v1/passage.pb.h"

namespace policykb {

// `text` as it is compared: as NormalizeForMatch gives it, without circled numbers, which number a
// list and would become digits.
std::string NormalizeForGrounding(std::string_view text);

// Terms of a text for overlap: words and bigrams without quantities, sorted, distinct.
std::vector<std::string> OverlapTerms(std::string_view normalized,
                                      const std::vector<Quantity>& quantities);

struct EvidenceUnit {
  Span span;                    // in the passage's text
  std::string normalized = {};  // of the unit, with its lead-in or table header before it
  std::vector<Quantity> quantities = {};
  std::vector<std::string> terms = {};
  // Where it stands in its article, from 1: the paragraph, and the item of its list or 0.
  int paragraph = 0;
  int64_t item = 0;
  bool listed = false;  // a line of a list
};

class PassageEvidence {
 public:
  // `passage` must outlive this object.
  explicit PassageEvidence(const v1::Passage& passage);

  const v1::Passage& passage() const { return *passage_; }
  const std::vector<EvidenceUnit>& units() const { return units_; }
  // What stands around the text: titles, headings, label, document number.
  const std::string& context() const { return context_; }
  const std::vector<Quantity>& context_quantities() const { return context_quantities_; }
  const std::vector<std::string>& context_terms() const { return context_terms_; }
  // The document's title, as PlainTitle gives it.
  const std::string& title() const { return title_; }
  // True when paragraphs are those of the article: not of a later piece of one, nor of a guide.
  bool knows_places() const { return knows_places_; }
  // All of the text, normalised.
  const std::string& normalized() const { return normalized_; }
  // True when most letters of the text are Han characters.
  bool is_chinese() const { return is_chinese_; }

 private:
  const v1::Passage* passage_;
  std::vector<EvidenceUnit> units_;
  std::string context_;
  std::vector<Quantity> context_quantities_;
  std::vector<std::string> context_terms_;
  std::string normalized_;
  std::string title_;
  bool knows_places_;
  bool is_chinese_;
};

// True when `text` has at least as many Han characters as words of Latin letters.
bool IsMostlyChinese(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_EVIDENCE_H_
