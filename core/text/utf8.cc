#include "core/text/utf8.h"

#include <cstdint>
#include <cstring>

namespace policykb {

namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

// RFC 3629, section 4: the second byte's range depends on the first; size 0 where the bytes are
// malformed.
DecodedChar DecodeWellFormed(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const size_t left = text.size() - at;
  const unsigned char b0 = byte(0);
  if (b0 < 0x80) return {b0, 1};
  if (b0 < 0xC2 || b0 > 0xF4 || left < 2) return {};
  const unsigned char b1 = byte(1);
  if (!IsContinuation(b1)) return {};
  if (b0 < 0xE0) return {static_cast<char32_t>((b0 & 0x1F) << 6 | (b1 & 0x3F)), 2};
  if (left < 3 || !IsContinuation(byte(2))) return {};
  const unsigned char b2 = byte(2);
  if (b0 < 0xF0) {
    if ((b0 == 0xE0 && b1 < 0xA0) || (b0 == 0xED && b1 > 0x9F)) return {};
    return {static_cast<char32_t>((b0 & 0x0F) << 12 | (b1 & 0x3F) << 6 | (b2 & 0x3F)), 3};
  }
  if (left < 4 || !IsContinuation(byte(3))) return {};
  if ((b0 == 0xF0 && b1 < 0x90) || (b0 == 0xF4 && b1 > 0x8F)) return {};
  return {static_cast<char32_t>((b0 & 0x07) << 18 | (b1 & 0x3F) << 12 | (b2 & 0x3F) << 6 |
                                (byte(3) & 0x3F)),
          4};
}

}  // namespace

size_t FirstInvalidUtf8(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8) {  // eight ASCII bytes at once
      uint64_t word;
      std::memcpy(&word, text.data() + at, sizeof(word));
      if ((word & 0x8080808080808080u) == 0) {
        at += 8;
        continue;
      }
    }
    // Han characters and their punctuation: three bytes, any second and third behind all lead bytes
    // but E0 and ED.
    const auto lead = static_cast<unsigned char>(text[at]);
    if ((lead & 0xF0) == 0xE0 && lead != 0xE0 && lead != 0xED && text.size() - at >= 3 &&
        IsContinuation(static_cast<unsigned char>(text[at + 1])) &&
        IsContinuation(static_cast<unsigned char>(text[at + 2]))) {
      at += 3;
      continue;
    }
    const DecodedChar decoded = DecodeWellFormed(text, at);
    if (decoded.size == 0) return at;
    at += decoded.size;
  }
  return std::string_view::npos;
}

DecodedChar DecodeChar(std::string_view text, size_t at) {
  const DecodedChar decoded = DecodeWellFormed(text, at);
  return decoded.size == 0 ? DecodedChar{kReplacement, 1} : decoded;
}

void AppendUtf8(std::string& out, char32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = kReplacement;
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    const char bytes[] = {static_cast<char>(0xC0 | (code >> 6)), tail(0)};
    out.append(bytes, sizeof(bytes));
  } else if (code < 0x10000) {
    const char bytes[] = {static_cast<char>(0xE0 | (code >> 12)), tail(6), tail(0)};
    out.append(bytes, sizeof(bytes));
  } else {
    const char bytes[] = {static_cast<char>(0xF0 | (code >> 18)), tail(12), tail(6), tail(0)};
    out.append(bytes, sizeof(bytes));
  }
}

size_t CountChars(std::string_view text) {
  size_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) at += DecodeChar(text, at).size;
  return count;
}

size_t FloorToChar(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  // A character has at most three continuation bytes.
  for (size_t back = 0; back < 4 && back <= at; ++back) {
    if (!IsContinuation(static_cast<unsigned char>(text[at - back]))) return at - back;
  }
  return at;
}

bool IsHan(char32_t code) {
  return (code >= 0x4E00 && code <= 0x9FFF) ||    // unified
         (code >= 0x3400 && code <= 0x4DBF) ||    // extension A
         code == 0x3007 ||                        // ideographic zero
         (code >= 0xF900 && code <= 0xFAFF) ||    // compatibility
         (code >= 0x20000 && code <= 0x2A6DF) ||  // extension B
         (code >= 0x2A700 && code <= 0x2EE5D) ||  // extensions C to F, I
         (code >= 0x2F800 && code <= 0x2FA1F) ||  // compatibility supplement
         (code >= 0x30000 && code <= 0x323AF);    // extensions G, H
}

}  // namespace policykb
