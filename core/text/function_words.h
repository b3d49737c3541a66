// Function words: what questions are made of whatever they are about.
//
// A small base of guides does not show by idf that "how do I" says nothing; this does. Query side
// only: texts are indexed whole. Pure function, any thread.

#ifndef POLICYKB_CORE_TEXT_FUNCTION_WORDS_H_
#define POLICYKB_CORE_TEXT_FUNCTION_WORDS_H_

#include "core/text/analyzer.h"

namespace policykb {

// True for a CJK term made of function characters only, and for an English function word in its
// analysed form.
bool IsFunctionWord(std::string_view term, TermKind kind);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_FUNCTION_WORDS_H_
