// Analyzer: text -> terms of the lexical index.
//
// The one place that decides what a term is; index and query go through the same function, and its
// fingerprint is stored in every snapshot. Not for the embedder's pieces. Stateless, any thread.

#ifndef POLICYKB_CORE_TEXT_ANALYZER_H_
#define POLICYKB_CORE_TEXT_ANALYZER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "core/base/span.h"

namespace policykb {

enum class TermKind : uint8_t {
  kWord,     // a word of a script that separates words, case-folded, or a number kept whole
  kUnigram,  // one CJK character
  kBigram,   // two neighbouring CJK characters
};

struct Term {
  std::string text;  // normalised, 1 to 64 bytes
  TermKind kind = TermKind::kWord;
  Span span;  // where it stands in the text that was analysed
};

// Terms in order of their position (a bigram follows the unigram it starts with). Text is read as
// NormalizeChars gives it.
//  - Runs of Han, Hiragana, Katakana and Hangul give unigrams and bigrams.
//  - Letters of other scripts with digits and inner apostrophes give words; runs beyond ASCII are
//  divided by ICU's word
//    boundaries (Thai and its like by dictionary). English plural and possessive endings are
//    lightly stemmed (Harman 1991, S-stemmer); dots of an acronym are dropped (u.s.c. is usc). A
//    word above 64 bytes keeps its beginning.
//  - Digits with inner . - / are one word, commas between thousands are dropped; digits of all
//  scripts become ASCII.
//  - Everything else separates.
// REQUIRES: text.size() < 2^32.
std::vector<Term> Analyze(std::string_view text);

// A term as Analyze gives it; `text` is valid until the visit ends.
struct TermView {
  std::string_view text;
  TermKind kind = TermKind::kWord;
  Span span;
};

// The same terms in the same order, for those who keep few of them.
void ForEachTerm(std::string_view text, absl::FunctionRef<void(const TermView&)> visit);

// Changes whenever Analyze gives other terms for some text.
std::string_view AnalyzerFingerprint();

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_ANALYZER_H_
