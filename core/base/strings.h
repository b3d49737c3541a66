// Small string helpers that work on std::string_view, which the packaged abseil's StrCat does not
// take.
//
// Not for text in the sense of language (core/text). Pure functions, any thread.

#ifndef POLICYKB_CORE_BASE_STRINGS_H_
#define POLICYKB_CORE_BASE_STRINGS_H_

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

namespace strings_internal {

inline void AppendPiece(std::string& out, std::string_view piece) { out += piece; }
inline void AppendPiece(std::string& out, char piece) { out += piece; }
void AppendPiece(std::string& out, double piece);
template <std::integral T>
requires(!std::same_as<T, char> && !std::same_as<T, bool>) void AppendPiece(std::string& out,
                                                                            T piece) {
  out += std::to_string(piece);
}

}  // namespace strings_internal

// The pieces (strings, characters, integers, doubles with six significant digits) one after the
// other.
template <typename... Pieces>
std::string Cat(const Pieces&... pieces) {
  std::string out;
  (strings_internal::AppendPiece(out, pieces), ...);
  return out;
}

// `text` without ASCII white space at both ends.
std::string_view StripAsciiSpace(std::string_view text);

// `text` cut at each `separator`; "a,,b" gives three parts, "" gives one empty part. Views into
// `text`.
std::vector<std::string_view> Split(std::string_view text, char separator);

// The parts with `separator` between them.
std::string Join(const std::vector<std::string>& parts, std::string_view separator);

// `text` with every `from` replaced by `to`. REQUIRES: `from` is not empty.
std::string ReplaceAll(std::string_view text, std::string_view from, std::string_view to);

// 16 lower-case hexadecimal digits.
std::string Hex64(uint64_t value);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_STRINGS_H_
