#include "indexer/structure/text_dates.h"

#include "core/text/numerals.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"

namespace policykb {
namespace {

// Offset behind the blanks at `at`.
size_t SkipBlanks(std::string_view text, size_t at) {
  while (const size_t size = LeadingBlank(text.substr(at))) at += size;
  return at;
}

// Reads a numeral and its unit at `at`; moves `at` behind them.
std::optional<int64_t> ReadUnit(std::string_view text, size_t& at, std::string_view unit) {
  const size_t start = SkipBlanks(text, at);
  const auto numeral = ConsumeNumeral(text.substr(start));
  if (!numeral) return std::nullopt;
  const size_t end = SkipBlanks(text, start + numeral->size);
  if (!text.substr(end).starts_with(unit)) return std::nullopt;
  at = end + unit.size();
  return numeral->value;
}

}  // namespace

std::optional<TextDate> ConsumeDate(std::string_view text) {
  size_t at = 0;
  const auto year = ReadUnit(text, at, "年");
  if (!year) return std::nullopt;
  const auto month = ReadUnit(text, at, "月");
  if (!month) return std::nullopt;
  const auto day = ReadUnit(text, at, "日");
  if (!day) return std::nullopt;
  const auto date = CivilDate::FromYmd(*year, *month, *day);
  if (!date || *year < 1000) return std::nullopt;
  return TextDate{*date, {0, static_cast<uint32_t>(at)}};
}

std::vector<TextDate> FindDates(std::string_view text) {
  constexpr std::string_view kYear = "年";
  // The longest numeral before "nian": four characters and a blank.
  constexpr size_t kMaxYearBytes = 16;
  std::vector<TextDate> dates;
  size_t floor = 0;
  for (size_t year = text.find(kYear); year != std::string_view::npos;
       year = text.find(kYear, year + kYear.size())) {
    size_t start = year > kMaxYearBytes + floor ? FloorToChar(text, year - kMaxYearBytes) : floor;
    for (; start < year; start += DecodeChar(text, start).size) {
      auto found = ConsumeDate(text.substr(start));
      if (!found || start + found->span.end <= year) continue;
      found->span = {static_cast<uint32_t>(start), static_cast<uint32_t>(start + found->span.end)};
      floor = found->span.end;
      dates.push_back(*found);
      break;
    }
  }
  return dates;
}

}  // namespace policykb
