// Normalisation of text for comparison: NFKC and case folding, as ICU defines them.
//
// For queries, terms and matching; stored and quoted text is never normalised. Any thread.

#ifndef POLICYKB_CORE_TEXT_NORMALIZE_H_
#define POLICYKB_CORE_TEXT_NORMALIZE_H_

#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"

namespace policykb {

// NFKC case folding (UAX #44 NFKC_Casefold); malformed bytes become U+FFFD. A sequence of more than
// 30 combining marks is normalised in parts. REQUIRES: text.size() < 2^31 / 3.
std::string NormalizeForMatch(std::string_view text);

// A character of normalised text and the bytes of the original that it comes from.
struct NormalizedChar {
  char32_t code = 0;
  Span source;
};

// The characters of NFKC case folding with their places in `text`, and three differences that serve
// search: combining marks of Latin letters are dropped, a number in a frame or raised (circled,
// superscript, fraction) is set off by spaces (U+0020 with an empty source), and U+200B is a space.
// Malformed bytes become U+FFFD. Sources ascend; several characters made of one share its source.
// REQUIRES: text.size() < 2^32.
std::vector<NormalizedChar> NormalizeChars(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_NORMALIZE_H_
