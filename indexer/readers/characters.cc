#include "indexer/readers/characters.h"

#include <array>
#include <cctype>

#include "core/base/status_macros.h"
#include "core/text/encoding.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

// Bytes at which CleanText has to look: controls and the lead bytes of dropped characters.
constexpr std::array<bool, 256> MakeLookTable() {
  std::array<bool, 256> look{};
  for (size_t c = 0; c < 0x20; ++c) look[c] = c != '\n' && c != '\t';
  look[0x7F] = look[0xC2] = look[0xE2] = look[0xEF] = true;
  return look;
}
constexpr std::array<bool, 256> kLook = MakeLookTable();

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr std::string_view kIdeographicSpace = "\xE3\x80\x80";

// U+2000 to U+200A and U+202F: spaces of fixed width.
bool IsTypographicSpace(std::string_view c) {
  if (c.size() != 3 || !c.starts_with("\xE2\x80")) return false;
  const auto last = static_cast<unsigned char>(c[2]);
  return (last >= 0x80 && last <= 0x8A) || last == 0xAF;
}

bool IsAsciiText(char c) { return c > ' ' && c <= '~'; }

// "(a)", "(12)", "a)", "Chapter 3", "Article 5".
bool BeginsEnumeration(std::string_view line) {
  if (line.empty()) return false;
  if (line.front() == '(' || line.front() == '-' || line.front() == '*') return true;
  if (ConsumeArticleLabel(line)) return true;
  for (const std::string_view word : {"Chapter ", "CHAPTER ", "Part ", "PART "}) {
    if (line.starts_with(word) && line.size() > word.size() &&
        std::isalnum(static_cast<unsigned char>(line[word.size()])) != 0) {
      return true;
    }
  }
  size_t digits = 0;
  while (digits < line.size() && digits < 4 && line[digits] >= '0' && line[digits] <= '9') ++digits;
  if (digits == 0 || digits + 1 >= line.size()) return false;
  return (line[digits] == '.' || line[digits] == ')') && line[digits + 1] == ' ';
}

}  // namespace

bool IsDroppedChar(char32_t code) {
  if (code < 0x20) return code != '\n' && code != '\t';
  return (code >= 0x7F && code < 0xA0) || code == 0x200B || code == 0x2060 || code == 0xFEFF ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

absl::StatusOr<std::string> CleanText(std::string_view file,
                                      std::optional<std::string_view> declared) {
  ASSIGN_OR_RETURN(const std::string decoded, DecodeToUtf8(file, declared));
  const std::string_view bytes = decoded;
  std::string out;
  out.reserve(bytes.size());
  size_t copied = 0;
  for (size_t at = 0; at < bytes.size();) {
    if (!kLook[static_cast<unsigned char>(bytes[at])]) {
      ++at;
      continue;
    }
    // Full-width punctuation stays and is everywhere.
    if (bytes.substr(at, 2) == "\xEF\xBC") {
      at += 3;
      continue;
    }
    const DecodedChar c = DecodeChar(bytes, at);
    const bool line_end = c.code == '\r' || c.code == 0x2028 || c.code == 0x2029 || c.code == '\f';
    if (line_end || IsDroppedChar(c.code)) {
      out.append(bytes.substr(copied, at - copied));
      const bool carriage_return_only = c.code == '\r' && bytes.substr(at + 1, 1) == "\n";
      if (line_end && !carriage_return_only) out += '\n';
      copied = at + c.size;
    }
    at += c.size;
  }
  out.append(bytes.substr(copied));
  return out;
}

size_t LeadingBlank(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == ' ' || text.front() == '\t') return 1;
  if (text.starts_with(kIdeographicSpace)) return kIdeographicSpace.size();
  if (text.starts_with(kNoBreakSpace)) return kNoBreakSpace.size();
  return IsTypographicSpace(text.substr(0, 3)) ? 3 : 0;
}

size_t TrailingBlank(std::string_view text) {
  if (text.empty()) return 0;
  if (text.back() == ' ' || text.back() == '\t') return 1;
  if (text.ends_with(kIdeographicSpace)) return kIdeographicSpace.size();
  if (text.ends_with(kNoBreakSpace)) return kNoBreakSpace.size();
  return text.size() >= 3 && IsTypographicSpace(text.substr(text.size() - 3)) ? 3 : 0;
}

std::string_view StripBlanks(std::string_view text) {
  while (const size_t size = LeadingBlank(text)) text.remove_prefix(size);
  while (const size_t size = TrailingBlank(text)) text.remove_suffix(size);
  return text;
}

bool IsWrapped(std::string_view line, std::string_view next) {
  if (line.empty() || next.empty()) return false;
  return IsAsciiText(line.back()) && IsAsciiText(next.front()) && !BeginsEnumeration(next);
}

}  // namespace policykb
