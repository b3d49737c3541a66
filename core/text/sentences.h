// Sentence spans.
//
// For splitting passages, choosing and checking sentences. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_SENTENCES_H_
#define POLICYKB_CORE_TEXT_SENTENCES_H_

#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

// Spans of the sentences of `text`, in order, without white space at their ends, not overlapping,
// none empty; every byte outside them is white space. A sentence ends at the Chinese full stop,
// question and exclamation marks and their full-width forms (with the closing quotes and brackets
// that follow), at an ASCII . ? ! that is followed by space and does not end an abbreviation, a
// number or an enumerator, at an ASCII ? or ! before a Han character, and at every line end.
// Chinese semicolons do not end one. An ASCII full stop before a lower-case letter does not end
// one. REQUIRES: text.size() < 2^32.
std::vector<Span> SplitSentences(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_SENTENCES_H_
