// Phrases: a text as the words and CJK characters that the analyzer sees, to find the words of one
// text in another.
//
// For words that people list (synonyms). Not for what the lexical index holds (analyzer.h). Pure
// functions, any thread.

#ifndef POLICYKB_CORE_TEXT_PHRASE_H_
#define POLICYKB_CORE_TEXT_PHRASE_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

struct PhraseUnit {
  std::string text;      // a term that is no bigram
  Span span;             // in the text
  bool follows = false;  // nothing parts it from the unit before
};

// The units in order. Two CJK characters follow each other when nothing is between them, any other
// two also across one space or hyphen. REQUIRES: text.size() < 2^32.
std::vector<PhraseUnit> PhraseUnits(std::string_view text);

// The texts of the units with a separator behind each, when every one but the first follows the one
// before: equal for equal phrases, and a beginning of it is the key of a beginning. Empty for what
// is no phrase.
std::string PhraseKey(std::string_view text);

// What PhraseKey has behind the unit.
std::string PhraseKeyOf(const PhraseUnit& unit);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_PHRASE_H_
