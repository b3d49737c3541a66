#include "indexer/structure/clauses.h"

#include <algorithm>

#include "core/text/numerals.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/provision_clauses.h"
#include "indexer/structure/text_dates.h"

namespace policykb {
namespace {

using std::string_view;

// A subject longer than this is a sentence about something else.
constexpr size_t kMaxSubjectBytes = 150;

bool ConsumeAny(string_view& text, std::initializer_list<string_view> words) {
  for (const string_view word : words) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return true;
  }
  return false;
}

constexpr string_view kOwnNames[] = {"本法",   "本条例", "本规定", "本办法", "本细则", "本解释",
                                     "本决定", "本规则", "本意见", "本通知", "本通告", "本公告",
                                     "本章程", "本规程", "本守则", "本方案", "本标准", "本规范",
                                     "本实施", "本制度", "本批复", "本指引", "本指南"};

bool SpeaksOfItself(string_view subject) {
  if (NamesProvisions(subject)) return false;
  if (subject.empty() || subject.ends_with("，")) return true;
  return std::any_of(std::begin(kOwnNames), std::end(kOwnNames),
                     [subject](string_view own) { return subject.find(own) != string_view::npos; });
}

}  // namespace

string_view SubjectBefore(string_view text, size_t at) {
  const size_t floor = at > kMaxSubjectBytes ? FloorToChar(text, at - kMaxSubjectBytes) : 0;
  string_view before = text.substr(floor, at - floor);
  // An article's own label begins a line; behind a sentence it is what the next one speaks of.
  bool begins_line = floor == 0;
  for (const string_view end : {"\n", "。", "；"}) {
    const size_t stop = before.rfind(end);
    if (stop == string_view::npos) continue;
    before.remove_prefix(stop + end.size());
    begins_line = end == "\n";
  }
  if (!begins_line) return StripBlanks(before);
  if (const auto label = ConsumeArticleLabel(before)) before.remove_prefix(label->size);
  return StripBlanks(before);
}

bool ConsumeOwnName(string_view& words) {
  for (const string_view own : kOwnNames) {
    if (ConsumeAny(words, {own})) return true;
  }
  return false;
}

std::optional<EffectClause> ReadEffectClause(string_view rest) {
  EffectClause clause;
  rest = StripBlanks(rest.substr(0, 120));
  if (const auto date = ConsumeDate(rest)) {
    clause.date = date->date;
    rest.remove_prefix(date->span.end);
  } else if (ConsumeAny(rest, {"公布之日", "发布之日", "颁布之日", "印发之日", "通过之日",
                               "下发之日", "签发之日", "批准之日", "发文之日"})) {
    clause.on_promulgation = true;
  } else {
    return std::nullopt;
  }
  ConsumeAny(rest, {"零时", "0时"});
  ConsumeAny(rest, {"起", "开始"});
  ConsumeAny(rest, {"正式", "开始", "依法"});
  if (!ConsumeAny(rest, {"施行", "实施", "执行", "生效", "试行"})) return std::nullopt;
  return clause;
}

std::optional<ExpiryClause> ReadExpiryClause(string_view rest) {
  rest = rest.substr(0, 80);
  ConsumeAny(rest, {"限"});
  ConsumeAny(rest, {"截止到", "截止至", "截至", "至", "到", "为", "自"});
  rest = StripBlanks(rest);
  if (const auto date = ConsumeDate(rest)) return ExpiryClause{CivilDate(date->date.days() + 1), 0};
  const auto years = ConsumeNumeral(rest);
  if (years && years->value > 0 && years->value <= 100 &&
      rest.substr(years->size).starts_with("年")) {
    return ExpiryClause{std::nullopt, years->value};
  }
  return std::nullopt;
}

std::optional<EffectClause> FindEffectClause(string_view text) {
  for (const string_view word : {"自", "从", "于"}) {
    for (size_t at = text.find(word); at != string_view::npos;
         at = text.find(word, at + word.size())) {
      const auto clause = ReadEffectClause(text.substr(at + word.size(), 140));
      if (clause && SpeaksOfItself(SubjectBefore(text, at))) return clause;
    }
  }
  return std::nullopt;
}

std::optional<ExpiryClause> FindExpiryClause(string_view text) {
  for (size_t at = text.find(kTermOfValidity); at != string_view::npos;
       at = text.find(kTermOfValidity, at + kTermOfValidity.size())) {
    // The clause stands in the sentence about entry into force, or speaks of the text itself.
    const string_view subject = SubjectBefore(text, at);
    const bool own =
        SpeaksOfItself(subject) &&
        (subject.find("本") != string_view::npos || subject.find("施行") != string_view::npos ||
         subject.find("实施") != string_view::npos || subject.find("执行") != string_view::npos);
    if (!own) continue;
    if (const auto clause = ReadExpiryClause(text.substr(at + kTermOfValidity.size())))
      return clause;
  }
  return std::nullopt;
}

std::optional<CivilDate> AddYears(CivilDate date, int64_t years) {
  const std::string text = date.ToString();
  const auto year = ParseNumeral(text.substr(0, 4));
  const auto month = ParseNumeral(text.substr(5, 2));
  const auto day = ParseNumeral(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  if (const auto same = CivilDate::FromYmd(*year + years, *month, *day)) return same;
  return CivilDate::FromYmd(*year + years, *month, *day - 1);
}

}  // namespace policykb
