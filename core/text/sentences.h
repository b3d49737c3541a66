// Sentence spans.
//
// For splitting passages, choosing and checking sentences. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_SENTENCES_H_
#define POLICYKB_CORE_TEXT_SENTENCES_H_

#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

// Spans of the sentences of `text`, in order, without white space at their ends, not overlapping, none empty. A sentence
// ends at the Chinese full stop, question and exclamation marks and their full-width forms (with the closing quotes and
// brackets that follow), at an ASCII . ? ! that is followed by space and does not end an abbreviation, a number or an
// enumerator, and at every line end. Chinese semicolons do not end one.
std::vector<Span> SplitSentences(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_SENTENCES_H_
