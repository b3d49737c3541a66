#include "core/text/redaction.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/text/utf8.h"

namespace policykb {
namespace {

constexpr size_t kFewestDigits = 7;

// 0 to 9, or nullopt.
std::optional<int> DigitOf(char32_t code) {
  if (code >= '0' && code <= '9') return static_cast<int>(code - '0');
  if (code >= 0xFF10 && code <= 0xFF19) return static_cast<int>(code - 0xFF10);
  // Zero twice, one to nine, and the one of telephone numbers.
  constexpr std::u32string_view kHan =
      U"\u3007\u96F6\u4E00\u4E8C\u4E09\u56DB\u4E94\u516D\u4E03\u516B\u4E5D\u5E7A";
  const size_t at = kHan.find(code);
  if (at == std::u32string_view::npos) return std::nullopt;
  if (at == 11) return 1;
  return at == 0 ? 0 : static_cast<int>(at) - 1;
}

bool IsSeparator(char32_t code) {
  return code == ' ' || code == '-' || code == '.' || code == '(' || code == ')' || code == 0xA0 ||
         code == 0x2010 || code == 0x2011 || code == 0x2013 || code == 0x3000 || code == 0xFF0D ||
         code == 0xFF08 || code == 0xFF09;
}

bool IsX(char32_t code) { return code == 'x' || code == 'X' || code == 0xFF38 || code == 0xFF58; }

bool IsWordOfAddress(char32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
         (code >= 'A' && code <= 'Z') || code == '.' || code == '_' || code == '+' || code == '-';
}

// Characters of a date such as 2026-11-24 at `at`; 0 when there is none.
size_t DateLength(const std::u32string& text, size_t at) {
  size_t end = at;
  const auto digits = [&](size_t most) {
    size_t count = 0;
    while (count < most && end < text.size() && text[end] >= '0' && text[end] <= '9')
      ++end, ++count;
    return count;
  };
  const auto separator = [&] {
    if (end >= text.size() || (text[end] != '-' && text[end] != '.' && text[end] != '/'))
      return false;
    ++end;
    return true;
  };
  if (digits(4) != 4 || (text[at] != '1' && text[at] != '2') || !separator()) return 0;
  if (digits(2) == 0 || !separator() || digits(2) == 0) return 0;
  if (end < text.size() && (DigitOf(text[end]) || IsX(text[end]))) return 0;
  return end - at;
}

std::u32string_view KindOf(const std::vector<int>& digits, bool ends_in_x) {
  const size_t count = digits.size() + (ends_in_x ? 1 : 0);
  const auto is_mobile = [&](size_t from) {
    return digits.size() == from + 11 && digits[from] == 1 && digits[from + 1] >= 3;
  };
  const bool with_country = count == 13 && digits[0] == 8 && digits[1] == 6;
  if (is_mobile(0) || (with_country && is_mobile(2))) return U"[phone]";
  if (count == 18 || count == 15) return U"[id]";
  if ((count == 10 || count == 11 || count == 12) && digits[0] == 0) return U"[phone]";
  return count >= 16 && count <= 19 ? U"[card]" : U"[number]";
}

// The end of the digits that begin at `at`, with what they are; `at` when they are too few.
size_t RunEnd(const std::u32string& text, size_t at, std::u32string_view& kind) {
  std::vector<int> digits;
  size_t end = at;
  for (size_t i = at; i < text.size();) {
    if (const std::optional<int> digit = DigitOf(text[i])) {
      if (i > at && !DigitOf(text[i - 1]) && DateLength(text, i) > 0) break;
      digits.push_back(*digit);
      end = ++i;
    } else if (IsSeparator(text[i]) && i + 1 < text.size() && DigitOf(text[i + 1])) {
      ++i;
    } else {
      break;
    }
  }
  const bool ends_in_x = digits.size() == 17 && end < text.size() && IsX(text[end]);
  if (digits.size() < kFewestDigits) return at;
  kind = KindOf(digits, ends_in_x);
  return ends_in_x ? end + 1 : end;
}

// The ends of an e-mail address around the sign at `at`, in `out` and `text`.
bool TakeAddress(const std::u32string& text, size_t& at, std::u32string& out) {
  size_t begin = out.size();
  while (begin > 0 && IsWordOfAddress(out[begin - 1])) --begin;
  size_t end = at + 1;
  while (end < text.size() && IsWordOfAddress(text[end])) ++end;
  if (begin == out.size() || end == at + 1) return false;
  out.resize(begin);
  out += U"[e-mail]";
  at = end;
  return true;
}

}  // namespace

std::string RedactPersonalNumbers(std::string_view bytes) {
  std::u32string text;
  for (size_t at = 0; at < bytes.size();) {
    const DecodedChar c = DecodeChar(bytes, at);
    text += c.code;
    at += c.size;
  }
  // Addresses first: their numbers are part of them.
  std::u32string without_addresses;
  for (size_t at = 0; at < text.size();) {
    const bool sign = text[at] == '@' || text[at] == 0xFF20;
    if (sign && TakeAddress(text, at, without_addresses)) continue;
    without_addresses += text[at++];
  }
  text = std::move(without_addresses);
  std::string redacted;
  for (size_t at = 0; at < text.size();) {
    std::u32string_view kind;
    size_t copied_to = at + 1;
    if (DigitOf(text[at])) {
      if (const size_t date = DateLength(text, at); date > 0) {
        copied_to = at + date;
      } else if (const size_t end = RunEnd(text, at, kind); end > at) {
        for (const char32_t code : kind) AppendUtf8(redacted, code);
        at = copied_to = end;
      } else {
        // Too few; none of them begins another run.
        while (copied_to < text.size() && DigitOf(text[copied_to])) ++copied_to;
      }
    }
    for (; at < copied_to; ++at) AppendUtf8(redacted, text[at]);
  }
  return redacted;
}

}  // namespace policykb
