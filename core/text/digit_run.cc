#include "core/text/digit_run.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/text/personal_number.h"

namespace policykb {

namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2100;

bool IsCloseSeparator(char32_t code) {
  return std::u32string_view(U" -.()\u00A0\u2010\u2011\u2013\u3000\uFF0D\uFF08\uFF09").find(code) !=
         std::u32string_view::npos;
}

bool IsLooseSeparator(char32_t code) {
  return IsCloseSeparator(code) ||
         std::u32string_view(
             U"_/\\|~\t\u00B7\u2012\u2014\u2015\u2022\u2212\u30FB\uFF0E\uFF0F\uFF3F"
             U"\uFF5E")
                 .find(code) != std::u32string_view::npos;
}

// Is not seen, and may stand anywhere.
bool IsInvisible(char32_t code) {
  return code == 0xAD || (code >= 0x200B && code <= 0x200F) || code == 0x2060 || code == 0xFEFF;
}

bool IsX(char32_t code) { return code == 'x' || code == 'X' || code == 0xFF38 || code == 0xFF58; }

char32_t AsAscii(char32_t code) { return code >= 0xFF01 && code <= 0xFF5E ? code - 0xFEE0 : code; }

bool IsAsciiLetter(char32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

int Number(const DigitRun& run, const DigitGroup& group) {
  int value = 0;
  for (size_t i = 0; i < group.count && i < 9; ++i)
    value = 10 * value + run.digits[group.first + i];
  return value;
}

bool IsYear(const DigitRun& run, const DigitGroup& group) {
  return group.count == 4 && Number(run, group) >= kFirstYear && Number(run, group) <= kLastYear;
}

bool IsCompactDate(const DigitRun& run, const DigitGroup& group) {
  const int value = Number(run, group);
  const int year = value / 10000;
  return group.count == 8 && year >= kFirstYear && year <= kLastYear &&
         IsDay(year, value / 100 % 100, value % 100);
}

// The text before the run, lower case, without blanks at its end.
std::u32string Before(std::u32string_view text, const DigitRun& run) {
  constexpr size_t kMost = 12;
  size_t end = run.groups.front().begin;
  while (end > 0 && text[end - 1] == ' ') --end;
  std::u32string before(text.substr(end - std::min(end, kMost), std::min(end, kMost)));
  for (char32_t& code : before) {
    code = AsAscii(code);
    if (code >= 'A' && code <= 'Z') code += 'a' - 'A';
  }
  return before;
}

std::u32string_view Behind(std::u32string_view text, const DigitRun& run) {
  size_t begin = run.end();
  while (begin < text.size() && text[begin] == ' ') ++begin;
  return text.substr(begin);
}

template <typename Words>
bool BeginsWithAny(std::u32string_view text, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::u32string_view word) { return text.starts_with(word); });
}

template <typename Words>
bool EndsWithAny(std::u32string_view text, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::u32string_view word) { return text.ends_with(word); });
}

bool SpeaksOfTelephones(std::u32string_view before) {
  constexpr std::array<std::u32string_view, 12> kWords = {U"电话", U"座机",  U"热线", U"拨打",
                                                          U"致电", U"联系",  U"号码", U"传真",
                                                          U"手机", U"phone", U"tel",  U"call"};
  return std::any_of(kWords.begin(), kWords.end(), [before](std::u32string_view word) {
    return before.find(word) != std::u32string_view::npos;
  });
}

bool IsAmount(std::u32string_view before, std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 9> kSigns = {U"¥",   U"￥",  U"$",   U"€",     U"£",
                                                         U"rmb", U"cny", U"usd", U"人民币"};
  constexpr std::array<std::u32string_view, 30> kUnits = {
      U"元",   U"圆",   U"万", U"亿",   U"千元", U"百万", U"角",   U"美元", U"港元", U"欧元",
      U"英镑", U"平方", U"亩", U"公顷", U"吨",   U"公斤", U"千克", U"米",   U"公里", U"立方",
      U"千瓦", U"人",   U"户", U"件",   U"%",    U"％",   U"yuan", U"RMB",  U"CNY",  U"USD"};
  return EndsWithAny(before, kSigns) || BeginsWithAny(behind, kUnits);
}

// Articles 1001-1003, and the like in Chinese.
bool IsProvision(std::u32string_view before, std::u32string_view behind) {
  constexpr std::array<std::u32string_view, 9> kUnits = {U"条", U"款", U"项", U"目", U"章",
                                                         U"节", U"编", U"页", U"号"};
  constexpr std::array<std::u32string_view, 6> kWords = {U"article",  U"articles", U"section",
                                                         U"sections", U"§",        U"§§"};
  if (before.ends_with(U'第') && BeginsWithAny(behind, kUnits)) return true;
  return EndsWithAny(before, kWords);
}

// (2023) 1234 hao: the year of a document and its number within it.
bool IsDocumentNumber(const DigitRun& run, std::u32string_view before, std::u32string_view behind) {
  return run.groups.size() == 2 && IsYear(run, run.groups[0]) && run.groups[1].count <= 6 &&
         before.ends_with('(') && behind.starts_with(U'号');
}

// GB/T 19001-2016: letters, a number, perhaps of a part, a dash and a year.
bool IsStandard(const DigitRun& run, std::u32string_view text) {
  size_t begin = run.groups.front().begin;
  while (begin > 0 && text[begin - 1] == ' ') --begin;
  if (begin == 0 || text[begin - 1] < 'A' || text[begin - 1] > 'Z') return false;
  if (run.groups.size() < 2 || run.groups.size() > 3 || !IsYear(run, run.groups.back()))
    return false;
  return run.groups.front().count <= 6 && (run.groups.size() == 2 || run.groups[1].count <= 2) &&
         !IsAsciiLetter(run.end() < text.size() ? text[run.end()] : 0);
}

}  // namespace

std::optional<int> DigitOf(char32_t code) {
  if (code >= '0' && code <= '9') return static_cast<int>(code - '0');
  if (code < 0x80) return std::nullopt;
  for (const char32_t zero : {U'\uFF10', U'\u0660', U'\u06F0', U'\u0966', U'\u2080'}) {
    if (code >= zero && code <= zero + 9) return static_cast<int>(code - zero);
  }
  if (code >= 0x1D7CE && code <= 0x1D7FF) return static_cast<int>((code - 0x1D7CE) % 10);
  if (code >= 0x2460 && code <= 0x2468) return static_cast<int>(code - 0x2460) + 1;
  if (code == 0x24EA) return 0;
  // Of everyday writing, with the one of telephone numbers, and of banks.
  constexpr std::u32string_view kDigits =
      U"零一二三四五六七八九〇幺"
      U"○壹贰叁肆伍陆柒捌玖";
  const size_t at = kDigits.find(code);
  if (at == std::u32string_view::npos) return std::nullopt;
  if (at < 10) return static_cast<int>(at);
  if (at <= 12) return at == 11 ? 1 : 0;
  return static_cast<int>(at) - 12;
}

DigitRun FindDigitRun(std::u32string_view text, size_t at, Joined joined) {
  // Longer than any number of a person, with what may follow it.
  constexpr size_t kMostLooseDigits = 24;
  const size_t most_separators = joined == Joined::kLoosely ? 3 : 1;
  DigitRun run;
  for (size_t i = at;;) {
    run.groups.push_back({.first = run.digits.size(), .begin = i});
    for (; i < text.size(); ++i) {
      const std::optional<int> digit = DigitOf(text[i]);
      if (!digit && !IsInvisible(text[i])) break;
      if (!digit) continue;
      run.digits.push_back(*digit);
      run.groups.back().end = i + 1;
    }
    DigitGroup& group = run.groups.back();
    group.count = run.digits.size() - group.first;
    size_t next = i = group.end;
    size_t separators = 0;
    for (; next < text.size() && separators <= most_separators; ++next) {
      if (IsInvisible(text[next])) continue;
      const bool separates =
          joined == Joined::kLoosely ? IsLooseSeparator(text[next]) : IsCloseSeparator(text[next]);
      if (!separates) break;
      ++separators;
    }
    if (next >= text.size() || separators > most_separators) break;
    if (run.digits.size() == 17 && IsX(text[next])) {
      run.x_end = next + 1;
      break;
    }
    if (!DigitOf(text[next])) break;
    if (joined == Joined::kClosely && DateEnd(text, next) > next) break;
    if (joined == Joined::kLoosely && run.digits.size() > kMostLooseDigits) break;
    i = next;
  }
  return run;
}

size_t DateEnd(std::u32string_view text, size_t at) {
  size_t end = at;
  const auto number = [&](size_t most, size_t fewest) {
    int value = 0;
    size_t count = 0;
    for (; count < most && end < text.size() && DigitOf(text[end]); ++count, ++end)
      value = 10 * value + *DigitOf(text[end]);
    return count < fewest ? -1 : value;
  };
  const auto separator = [&] {
    if (end >= text.size()) return false;
    const char32_t code = AsAscii(text[end]);
    if (code != '-' && code != '.' && code != '/') return false;
    ++end;
    return true;
  };
  const int year = number(4, 4);
  if (year < kFirstYear || year > kLastYear || !separator()) return at;
  const int month = number(2, 1);
  if (month < 0 || !separator()) return at;
  const int day = number(2, 1);
  if (day < 0 || !IsDay(year, month, day)) return at;
  if (end < text.size() && (DigitOf(text[end]) || IsX(text[end]))) return at;
  return end;
}

size_t ProgramWordEnd(std::u32string_view text, size_t at) {
  const auto digits = [text](size_t from) {
    size_t end = from;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    return end - from;
  };
  const auto value = [text](size_t from, size_t count) {
    int number = 0;
    for (size_t i = from; i < from + count; ++i)
      number = 10 * number + static_cast<int>(text[i] - '0');
    return number;
  };
  const size_t first = digits(at);
  const size_t dash = at + first;
  if (first == 8 && dash < text.size() && text[dash] == '-' && digits(dash + 1) == 6) {
    const size_t time = dash + 1;
    if (IsDay(value(at, 4), value(at + 4, 2), value(at + 6, 2)) && value(time, 2) < 24 &&
        value(time + 2, 2) < 60 && value(time + 4, 2) < 60) {
      return time + 6;
    }
  }
  size_t end = at;
  for (int part = 0; part < 4; ++part) {
    const size_t count = digits(end);
    if (count == 0 || count > 3 || value(end, count) > 255 || (count > 1 && text[end] == '0'))
      return at;
    end += count;
    if (part < 3 && (end >= text.size() || text[end++] != '.')) return at;
  }
  if (end < text.size() && text[end] == '.' && digits(end + 1) > 0) return at;
  return end;
}

bool IsPlainlyOther(std::u32string_view text, const DigitRun& run) {
  constexpr size_t kMostDigits = 12;  // an amount of 999,999,999,999
  const std::u32string before = Before(text, run);
  const std::u32string_view behind = Behind(text, run);
  for (const DigitGroup& group : run.groups) {
    if (group.count > kMostDigits) return false;
  }
  if (IsAmount(before, behind) || IsProvision(before, behind) ||
      IsDocumentNumber(run, before, behind) || IsStandard(run, text)) {
    return true;
  }
  if (SpeaksOfTelephones(before)) return false;
  const auto all = [&run](bool (*is)(const DigitRun&, const DigitGroup&)) {
    return std::all_of(run.groups.begin(), run.groups.end(),
                       [&](const DigitGroup& group) { return is(run, group); });
  };
  return all(IsYear) || all(IsCompactDate);
}

}  // namespace policykb
