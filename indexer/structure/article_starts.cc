#include "indexer/structure/article_starts.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/labels.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxRemarks = 50;

enum class Strength { kReference, kWeak, kStrong };

struct Candidate {
  ArticleStart start;
  Strength strength = Strength::kWeak;
};

bool StartsWithAny(string_view text, std::initializer_list<string_view> words) {
  for (const string_view word : words) {
    if (text.starts_with(word)) return true;
  }
  return false;
}

// "di yi kuan", "di san xiang", "(yi) xiang": the label before it names a place. Another article
// may be what an article begins with.
bool BeginsPlace(string_view rest) {
  if (!rest.starts_with("第") || ConsumeArticleLabel(rest)) return false;
  for (const string_view unit : {"款", "项", "目", "条"}) {
    const size_t at = rest.substr(0, 24).find(unit);
    if (at != string_view::npos) return true;
  }
  return false;
}

// A label as it is sometimes mistyped: another character that looks like "di", a dash for the
// numeral one.
std::optional<ArticleLabelPrefix> ConsumeMistypedLabel(string_view line) {
  constexpr size_t kMaxBytes = 60;
  static constexpr std::pair<string_view, string_view> kMistyped[] = {
      {"笫", "第"}, {"－", "一"}, {"—", "一"}};
  std::string repaired;
  for (size_t at = 0; at < std::min(line.size(), kMaxBytes);) {
    const size_t size = DecodeChar(line, at).size;
    string_view c = line.substr(at, size);
    for (const auto& [mistyped, meant] : kMistyped) {
      if (c == mistyped) c = meant;
    }
    at += size;
    repaired += c;
    if (c != "条") continue;
    const auto label = ConsumeArticleLabel(repaired);
    if (!label || label->size != repaired.size()) return std::nullopt;
    return ArticleLabelPrefix{label->article, at};
  }
  return std::nullopt;
}

Strength JudgeEnglish(string_view rest) {
  if (rest.empty()) return Strength::kStrong;
  const char first = rest.front();
  if (first == '(' || first == ',' || first == ';' || first == ')' || first == '/')
    return Strength::kReference;
  string_view words = rest;
  if (first == '.' || first == ':' || first == '-') words.remove_prefix(1);
  words = StripBlanks(words);
  if (words.empty() || words.starts_with("—") || words.starts_with("–")) return Strength::kStrong;
  const auto letter = static_cast<unsigned char>(words.front());
  return std::islower(letter) != 0 ? Strength::kReference : Strength::kStrong;
}

Strength JudgeChinese(string_view rest) {
  if (rest.empty()) return Strength::kStrong;
  const size_t blank = LeadingBlank(rest);
  const string_view words = StripBlanks(rest);
  // "di er shi qi tiao  di er shi wu tiao gui ding de ...": only where it is the next article.
  if (blank > 0 && ConsumeArticleLabel(words)) return Strength::kWeak;
  if (StartsWithAny(words, {"、",   "至第", "和第", "与第",   "及第",   "或第", "或者第",
                            "所列", "所称", "所指", "规定的", "之规定", "，",   "；",
                            "。",   ",",    ")",    "）",     "》",     "”"}) ||
      BeginsPlace(words)) {
    return Strength::kReference;
  }
  if (blank > 0 || StartsWithAny(rest, {"【", "［", "[", "（", "(", "：", ":", "　"}))
    return Strength::kStrong;
  if (StartsWithAny(
          rest, {"规定", "所", "的", "和",   "与",   "及",   "或",   "至",   "到",   "中",  "以",
                 "之",   "款", "项", "执行", "处罚", "修改", "改为", "删去", "增加", "作为"})) {
    return Strength::kReference;
  }
  return Strength::kWeak;
}

bool Follows(ArticleNumber last, ArticleNumber next) {
  if (next.suffix == 0) return next.number == last.number + 1;
  return next.number == last.number && next.suffix == last.suffix + 1;
}

class Sequence {
 public:
  Sequence(std::vector<Candidate> candidates, const std::vector<TextLine>& lines)
      : candidates_(std::move(candidates)), lines_(lines) {}

  ArticleStarts Run() {
    for (size_t i = 0; i < candidates_.size(); ++i) {
      if (Accepts(i)) result_.starts.push_back(candidates_[i].start);
    }
    return std::move(result_);
  }

 private:
  // What the next candidate that may be an article is, from `i` on.
  const Candidate* Next(size_t i) const {
    return i + 1 < candidates_.size() ? &candidates_[i + 1] : nullptr;
  }

  bool Accepts(size_t i) {
    const Candidate& candidate = candidates_[i];
    const ArticleNumber number = candidate.start.article;
    const Candidate* next = Next(i);
    const bool strong = candidate.strength == Strength::kStrong;
    if (result_.starts.empty()) {
      if (!strong && number != ArticleNumber{1, 0}) return false;
      return true;
    }
    const ArticleNumber last = result_.starts.back().article;
    if (Follows(last, number)) {
      // The real one may come: a paragraph of the article before that speaks of the next one.
      return strong || next == nullptr || next->strength != Strength::kStrong ||
             next->start.article != number;
    }
    if (!strong) return false;
    const bool next_continues_last = next != nullptr && Follows(last, next->start.article);
    const bool next_continues_this = next != nullptr && Follows(number, next->start.article);
    if (number > last) {
      if (next_continues_last && !next_continues_this) return false;
      Note(RemarkKind::kNumbersLeftOut, candidate, last);
      return true;
    }
    if (number == ArticleNumber{1, 0}) return !next_continues_last || next_continues_this;
    if (number != last && (next_continues_last || !next_continues_this)) return false;
    Note(RemarkKind::kNumberingGoesBack, candidate, last);
    return true;
  }

  void Note(RemarkKind kind, const Candidate& candidate, ArticleNumber last) {
    if (result_.remarks.size() >= kMaxRemarks) return;
    const std::string_view what =
        kind == RemarkKind::kNumbersLeftOut ? "numbers are left out" : "the numbering goes back";
    result_.remarks.push_back({kind, lines_[candidate.start.line].source_line,
                               Cat(ArticleAddress(candidate.start.article), " after ",
                                   ArticleAddress(last), ", ", what)});
  }

  std::vector<Candidate> candidates_;
  const std::vector<TextLine>& lines_;
  ArticleStarts result_;
};

}  // namespace

ArticleStarts FindArticleStarts(string_view text, const std::vector<TextLine>& lines,
                                size_t first_line) {
  std::vector<Candidate> candidates;
  bool has_article_word = false;  // "Article N", so that "Section N" is a division above articles
  for (size_t i = first_line; i < lines.size(); ++i) {
    if (lines[i].kind == BlockKind::kTableRow || lines[i].kind == BlockKind::kListEntry) continue;
    const string_view line = Slice(text, lines[i].span);
    const auto first = static_cast<unsigned char>(line.front());
    if (first != 0xE7 && first != 0xC2 && (first | 0x20) != 'a' && (first | 0x20) != 's') continue;
    auto label = ConsumeArticleLabel(line);
    const bool mistyped = !label && (line.starts_with("第") || line.starts_with("笫"));
    if (mistyped) label = ConsumeMistypedLabel(line);
    if (!label) continue;
    const bool english = first != 0xE7;
    const string_view rest = line.substr(label->size);
    Strength strength = english ? JudgeEnglish(rest) : JudgeChinese(rest);
    if (mistyped && strength == Strength::kStrong) strength = Strength::kWeak;
    if (lines[i].kind == BlockKind::kHeading && strength == Strength::kWeak)
      strength = Strength::kStrong;
    if (strength == Strength::kReference) continue;
    has_article_word = has_article_word || (first | 0x20) == 'a' || !english;
    candidates.push_back({{i, label->article, label->size, english}, strength});
  }
  if (has_article_word) {
    std::erase_if(candidates, [&](const Candidate& candidate) {
      const char first = text[lines[candidate.start.line].span.start];
      return candidate.start.english && first != 'A' && first != 'a';
    });
  }
  return Sequence(std::move(candidates), lines).Run();
}

}  // namespace policykb
