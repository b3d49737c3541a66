#include "tools/wording.h"

#include <unordered_set>
#include <vector>

#include "core/text/normalize.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kMinChars = 8;

struct Step {
  Wording wording;
  size_t run;
  double share;
};
constexpr Step kSteps[] = {
    {Wording::kQuoted, 6, 0.95}, {Wording::kReworded, 4, 0.8}, {Wording::kParaphrased, 2, 0.5}};

bool IsLetterOrDigit(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '%' || c == '.';
  return c >= 0xC0 && !(c >= 0x2000 && c < 0x2100) && !(c >= 0x3000 && c < 0x3005) &&
         !(c >= 0x3008 && c < 0x3021) && !(c >= 0xFF00);
}

}  // namespace

std::u32string WordingChars(std::string_view text) {
  std::u32string chars;
  const std::string normalized = NormalizeForMatch(text);
  for (size_t at = 0; at < normalized.size();) {
    const DecodedChar c = DecodeChar(normalized, at);
    if (IsLetterOrDigit(c.code)) chars += c.code;
    at += c.size;
  }
  return chars;
}

double SharedInRuns(const std::u32string& inner, const std::u32string& outer, size_t run) {
  if (inner.size() < run || inner.empty()) return 0;
  std::unordered_set<std::u32string> runs;
  for (size_t at = 0; at + run <= outer.size(); ++at) runs.insert(outer.substr(at, run));
  std::vector<bool> shared(inner.size(), false);
  for (size_t at = 0; at + run <= inner.size(); ++at) {
    if (!runs.contains(inner.substr(at, run))) continue;
    for (size_t i = at; i < at + run; ++i) shared[i] = true;
  }
  size_t count = 0;
  for (const bool one : shared) count += one ? 1 : 0;
  return static_cast<double>(count) / static_cast<double>(inner.size());
}

Wording JudgeWording(std::string_view sentence, const std::u32string& source) {
  const std::u32string chars = WordingChars(sentence);
  if (chars.size() < kMinChars) return Wording::kOther;
  for (const Step& step : kSteps) {
    if (SharedInRuns(chars, source, step.run) >= step.share) return step.wording;
  }
  return Wording::kOther;
}

}  // namespace policykb
