// UTF-8: validation, decoding, encoding, and the few character classes that the rest of core/text
// is built on.
//
// Not for normalisation (normalize.h) or words (analyzer.h). Pure functions, any thread.

#ifndef POLICYKB_CORE_TEXT_UTF8_H_
#define POLICYKB_CORE_TEXT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace policykb {

// Offset of the first byte that is not well-formed UTF-8 (RFC 3629: no surrogates, no overlong
// forms, at most U+10FFFF), or npos when all of `text` is.
size_t FirstInvalidUtf8(std::string_view text);

struct DecodedChar {
  char32_t code = 0;
  size_t size = 0;  // bytes, 1 to 4
};

// The character that starts at `at`; U+FFFD with size 1 where the bytes are malformed. REQUIRES: at
// < text.size().
DecodedChar DecodeChar(std::string_view text, size_t at);

// Appends the character; a surrogate or a value above U+10FFFF is appended as U+FFFD.
void AppendUtf8(std::string& out, char32_t code);

// Number of characters; malformed bytes count one each.
size_t CountChars(std::string_view text);

// Largest offset <= `at` that does not cut a character of well-formed `text`.
size_t FloorToChar(std::string_view text, size_t at);

// Han ideographs (unified, extensions, compatibility, U+3007).
bool IsHan(char32_t code);

}  // namespace policykb

#endif  // POLICYKB_CORE_TEXT_UTF8_H_
