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

std::string SearchQuery(const v1::AnswerSpec& spec) {
  if (spec.history().empty() || !IsFollowUp(spec.question())) return spec.question();
  const std::string& before = spec.history().rbegin()->question();
  if (before.size() + 1 + spec.question().size() > kMaxQuestionBytes) return spec.question();
  return Cat(before, "\n", spec.question());
}

}  // namespace policykb
