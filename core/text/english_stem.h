// Light stemming of English nouns, for terms of the lexical index.
//
// Removes plural and possessive endings only; not a morphological analysis. Pure function, any
// thread.

#ifndef POLICYKB_CORE_TEXT_ENGLISH_STEM_H_
#define POLICYKB_CORE_TEXT_ENGLISH_STEM_H_

#include <string_view>

namespace policykb {

// Stem of a case-folded ASCII word: a prefix of it and what replaces the rest.
struct EnglishStem {
  std::string_view prefix;  // of the word given
  std::string_view ending;  // to be appended, "" or "y"
};

// The S-stemmer (Harman, "How effective is suffixing?", 1991, table 1) after a possessive 's or '
// is cut, with one more rule before its own: -sses, -shes, -ches and -xes lose "es" (taxes -> tax).
// Words below four letters stay.
EnglishStem StemEnglish(std::string_view word);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_ENGLISH_STEM_H_
