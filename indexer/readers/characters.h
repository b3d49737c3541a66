// Characters and blanks of canonical text: what is dropped, what is stripped at line ends.
//
// For the readers only. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_CHARACTERS_H_
#define POLICYKB_INDEXER_READERS_CHARACTERS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

// Control characters except line end and tab, byte order marks, zero-width spaces and direction
// overrides.
bool IsDroppedChar(char32_t code);

// The text of a file as UTF-8 (core/text/encoding.h), without dropped characters and with "\n" as
// the only line end. Errors: those of DecodeToUtf8.
absl::StatusOr<std::string> CleanText(std::string_view file,
                                      std::optional<std::string_view> declared = std::nullopt);

// Size of the blank (space, tab, no-break, typographic and ideographic spaces) at the beginning or
// end of `text`; 0 when it has none there.
size_t LeadingBlank(std::string_view text);
size_t TrailingBlank(std::string_view text);

// `text` without blanks at both ends.
std::string_view StripBlanks(std::string_view text);

// True when a line end between two lines of one paragraph was only wrapping: English on both sides,
// and the second line begins no enumeration and no label.
bool IsWrapped(std::string_view line, std::string_view next);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_CHARACTERS_H_
