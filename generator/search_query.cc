#include "generator/search_query.h"

#include <array>
#include <string_view>

#include "core/base/strings.h"
#include "core/text/normalize.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

// A longer question says what it is about.
constexpr size_t kMaxFollowUpChars = 40;

// Beginnings of questions that refer to what was said before.
constexpr std::array<std::string_view, 14> kFollowUpBeginnings = {
    "那",   "这",         "它",        "该",   "此",  "还",    "其",
    "那么", "what about", "how about", "and ", "it ", "that ", "those "};
// The same anywhere.
constexpr std::array<std::string_view, 8> kFollowUpWords = {"它",   "上述", "前述",   "这种情况",
                                                            "这个", " it ", " that ", " they "};

bool IsFollowUp(std::string_view question) {
  if (CountChars(question) > kMaxFollowUpChars) return false;
  const std::string text = NormalizeForMatch(question);
  for (const std::string_view beginning : kFollowUpBeginnings) {
    if (text.starts_with(beginning)) return true;
  }
  for (const std::string_view word : kFollowUpWords) {
    if (text.find(word) != std::string::npos) return true;
  }
  return text.ends_with("呢") || text.ends_with("呢?");
}

}  // namespace

std::string SearchQuery(const v1::AnswerSpec& spec, std::string_view rewritten,
                        std::string_view hypothetical) {
  std::string query = spec.question();
  if (!rewritten.empty()) {
    query = std::string(rewritten);
  } else if (!spec.history().empty() && IsFollowUp(spec.question())) {
    const std::string& before = spec.history().rbegin()->question();
    if (before.size() + 1 + query.size() <= kMaxQuestionBytes) query = Cat(before, "\n", query);
  }
  if (hypothetical.empty() || query.size() + 1 + hypothetical.size() > kMaxQuestionBytes)
    return query;
  return Cat(query, "\n", hypothetical);
}

std::string OneLineOf(std::string_view text) {
  std::string line;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    const bool malformed = c.code == 0xFFFD && c.size == 1;
    at += c.size;
    if (c.code <= ' ' || (c.code >= 0x7F && c.code < 0xA0)) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (!malformed) {
      AppendUtf8(line, c.code);
    }
  }
  return std::string(StripAsciiSpace(line));
}

}  // namespace policykb
