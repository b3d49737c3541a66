// Reading text at a place, for what recognises references: spaces in every width, numbers, the
// words before a title.
//
// Internal to core/text. Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_REFERENCE_SCAN_H_
#define POLICYKB_CORE_TEXT_REFERENCE_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/span.h"

namespace policykb {

// Largest number of an article, a serial or a year.
inline constexpr int64_t kMaxReferenceNumber = 99'999;

Span MakeSpan(size_t start, size_t end);

// Behind the spaces, ASCII and full width, that begin at `at`; before those that end at `at`, not
// below `floor`.
size_t SkipSpaces(std::string_view text, size_t at);
size_t SkipSpacesBackward(std::string_view text, size_t at, size_t floor);

// Start of the character that ends at `at`. REQUIRES: at > 0.
size_t PreviousChar(std::string_view text, size_t at);

struct NumberInText {
  int64_t value = 0;
  size_t end = 0;  // one past its last byte in the text
};

// The numeral that begins at `at`; nullopt where none does or it is larger than
// kMaxReferenceNumber.
std::optional<NumberInText> NumberAt(std::string_view text, size_t at);

bool IsAsciiAlnum(char c);
char LowerAscii(char c);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

// `run` without the words that may stand before a title.
std::string_view StripLead(std::string_view run);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_REFERENCE_SCAN_H_
