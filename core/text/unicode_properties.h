// Properties and forms of characters as Unicode defines them, for what follows other programs'
// rules to the letter (tokenizers of published models).
//
// Not for search, which has its own normalisation (normalize.h). Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_UNICODE_PROPERTIES_H_
#define POLICYKB_CORE_TEXT_UNICODE_PROPERTIES_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace policykb {

// White_Space of UAX #44.
bool IsWhiteSpace(char32_t code);
// General category C: controls, formats, private use, unassigned, surrogates.
bool IsOtherCategory(char32_t code);
// General category P.
bool IsPunctuation(char32_t code);
// General category Mn.
bool IsNonspacingMark(char32_t code);

// Appends the lower-case form, whatever stands beside the character (so no final sigma).
void AppendLower(std::string& out, char32_t code);

enum class UnicodeForm : uint8_t { kNfc, kNfd, kNfkc, kNfkd };

// Malformed bytes become U+FFFD. REQUIRES: text.size() < 2^31 / 3.
std::string ToForm(std::string_view text, UnicodeForm form);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_UNICODE_PROPERTIES_H_
