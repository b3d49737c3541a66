// Normalisation of text for comparison: NFKC and case folding, as ICU defines them.
//
// For queries, terms and matching; stored and quoted text is never normalised. Any thread.

#ifndef POLICYKB_CORE_TEXT_NORMALIZE_H_
#define POLICYKB_CORE_TEXT_NORMALIZE_H_

#include <string>
#include <string_view>

namespace policykb {

// NFKC case folding (UAX #44 NFKC_Casefold); malformed bytes become U+FFFD.
std::string NormalizeForMatch(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_NORMALIZE_H_
