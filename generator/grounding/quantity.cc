#include "generator/grounding/quantity.h"

#include <algorithm>
#include <optional>

#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"
#include "generator/grounding/number.h"
#include "generator/grounding/units.h"

namespace policykb {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Quantity> Run() {
    for (size_t at = 0; at < text_.size();) {
      const size_t end = TakeAt(at);
      at = end > at ? end : at + DecodeChar(text_, at).size;
    }
    return std::move(found_);
  }

 private:
  std::string_view From(size_t at) const { return text_.substr(std::min(at, text_.size())); }
  char At(size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  size_t SkipSpaces(size_t at) const {
    while (At(at) == ' ') ++at;
    return at;
  }

  // Reads what starts at `at`; the end of what was read, or `at`.
  size_t TakeAt(size_t at) {
    for (const auto reader :
         {&Scanner::TakeProvision, &Scanner::TakeFraction, &Scanner::TakeWordDate,
          &Scanner::TakeDigitGroups, &Scanner::TakeChineseDate, &Scanner::TakeHalf,
          &Scanner::TakeMeasure, &Scanner::TakeWords}) {
      if (const size_t end = (this->*reader)(at); end > at) return end;
    }
    return at;
  }

  size_t Emit(Quantity quantity, size_t start, size_t end) {
    quantity.span = {static_cast<uint32_t>(start), static_cast<uint32_t>(end)};
    quantity.bound = BoundAfter(From(end));
    if (quantity.bound == Bound::kNone) quantity.bound = BoundBefore(text_.substr(0, start));
    found_.push_back(std::move(quantity));
    return end;
  }

  std::optional<Number> ReadNumber(size_t at) const { return ConsumeNumber(From(at)); }

  // di N tiao (zhi M), other ordinals; Article N, Section N.
  size_t TakeProvision(size_t at) {
    const std::string_view rest = From(at);
    if (rest.starts_with("第")) {
      const size_t start = SkipSpaces(at + std::string_view("第").size());
      const auto number = ReadNumber(start);
      if (!number || number->integer < 0) return at;
      size_t end = start + number->size;
      Quantity quantity{.kind = QuantityKind::kProvision, .value = number->value};
      // "di 63 tiao", set wide.
      if (number->ascii) end = SkipSpaces(end);
      for (const std::string_view unit : {"条", "款", "项", "目", "章", "节", "编"}) {
        if (!From(end).starts_with(unit)) continue;
        quantity.unit = unit;
        end += unit.size();
        if (unit == "条" && From(end).starts_with("之")) {
          const auto suffix = ConsumeNumeral(From(end + unit.size()));
          if (suffix) {
            quantity.value += Cat("-", suffix->value);
            end += unit.size() + suffix->size;
          }
        }
        return Emit(std::move(quantity), at, end);
      }
      quantity.kind = QuantityKind::kMeasure;
      quantity.unit = "第";
      return Emit(std::move(quantity), at, end);
    }
    if (at > 0 && IsLetter(text_[at - 1])) return at;
    for (const std::string_view word : {"article ", "art. ", "section ", "sec. ", "§"}) {
      if (!rest.starts_with(word)) continue;
      const size_t start = SkipSpaces(at + word.size());
      if (!IsDigit(At(start))) return at;
      const auto number = ReadNumber(start);
      return Emit({.kind = QuantityKind::kProvision, .value = number->value, .unit = "条"}, at,
                  start + number->size);
    }
    return at;
  }

  // baifenzhi N, qianfenzhi N, M fenzhi N.
  size_t TakeFraction(size_t at) {
    const std::string_view rest = From(at);
    for (const auto& [name, unit] : {std::pair<std::string_view, std::string_view>{"百分之", "%"},
                                     {"千分之", "‰"},
                                     {"万分之", "‱"}}) {
      if (!rest.starts_with(name)) continue;
      const auto number = ReadNumber(at + name.size());
      if (!number) return at;
      return Emit({.value = number->value, .unit = std::string(unit)}, at,
                  at + name.size() + number->size);
    }
    const auto below = ReadNumber(at);
    if (!below || !From(at + below->size).starts_with("分之")) return at;
    const size_t start = at + below->size + std::string_view("分之").size();
    const auto above = ReadNumber(start);
    if (!above) return at;
    return Emit({.value = Cat(above->value, "/", below->value)}, at, start + above->size);
  }

  // 1 July 2024; July 1, 2024; July 2024.
  size_t TakeWordDate(size_t at) {
    if (at > 0 && (IsLetter(text_[at - 1]) || IsDigit(text_[at - 1]))) return at;
    Quantity date{.kind = QuantityKind::kDate};
    size_t end = at;
    if (IsDigit(At(at))) {
      const auto day = ReadDay(at);
      if (day.size == 0) return at;
      date.day = day.value;
      end = SkipSpaces(at + day.size);
      if (From(end).starts_with("of ")) end = SkipSpaces(end + 3);
      if (end == at + day.size) return at;
    }
    const auto month = ConsumeMonthName(From(end));
    if (!month) return at;
    date.month = month->value;
    end += month->size;
    size_t next = SkipSpaces(end);
    if (date.day == 0) {
      const auto day = ReadDay(next);
      if (day.size > 0) {
        date.day = day.value;
        end = next + day.size;
        next = SkipSpaces(end);
        if (At(next) == ',') next = SkipSpaces(next + 1);
      }
    }
    if (const int year = ReadYear(next); year > 0) {
      date.year = year;
      end = next + 4;
    }
    // "may" alone is a verb.
    if (date.day == 0 && date.year == 0) return at;
    return Emit(std::move(date), at, end);
  }

  NumberWord ReadDay(size_t at) const {
    NumberWord day;
    while (day.size < 3 && IsDigit(At(at + day.size))) {
      day.value = day.value * 10 + (At(at + day.size) - '0');
      ++day.size;
    }
    if (day.size == 0 || day.size == 3 || day.value < 1 || day.value > 31) return {};
    for (const std::string_view ending : {"st", "nd", "rd", "th"}) {
      if (From(at + day.size).starts_with(ending)) {
        day.size += 2;
        break;
      }
    }
    return day;
  }

  // A year of four ASCII digits, or 0.
  int ReadYear(size_t at) const {
    int year = 0;
    for (size_t i = 0; i < 4; ++i) {
      if (!IsDigit(At(at + i))) return 0;
      year = year * 10 + (At(at + i) - '0');
    }
    return !IsDigit(At(at + 4)) && year >= kFirstYear && year <= kLastYear ? year : 0;
  }

  // Digits with inner marks: 2024-05-20, 8:30, 0799-555-0123, 12345.
  size_t TakeDigitGroups(size_t at) {
    if (!IsDigit(At(at)) || (at > 0 && IsDigit(text_[at - 1]))) return at;
    std::vector<std::string> groups;
    std::string marks;
    size_t end = at;
    for (;;) {
      size_t last = end;
      while (IsDigit(At(last))) ++last;
      groups.emplace_back(text_.substr(end, last - end));
      end = last;
      const char mark = At(end);
      if ((mark != '-' && mark != ':' && mark != '/' && mark != '.') || !IsDigit(At(end + 1))) {
        break;
      }
      marks += mark;
      ++end;
    }
    if (groups.size() == 3 && groups[0].size() == 4 && marks[0] == marks[1] && marks[0] != ':' &&
        groups[1].size() <= 2 && groups[2].size() <= 2) {
      Quantity date{.kind = QuantityKind::kDate,
                    .year = std::stoi(groups[0]),
                    .month = std::stoi(groups[1]),
                    .day = std::stoi(groups[2])};
      if (date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31) {
        return Emit(std::move(date), at, end);
      }
    }
    if (groups.size() >= 2 && marks[0] == ':' && groups[0].size() <= 2 && groups[1].size() == 2) {
      const int minutes = std::stoi(groups[0]) * 60 + std::stoi(groups[1]);
      return Emit({.kind = QuantityKind::kClock, .value = std::to_string(minutes)}, at,
                  at + groups[0].size() + 1 + groups[1].size());
    }
    const bool hyphens = !marks.empty() && marks.find_first_not_of('-') == std::string::npos;
    std::string digits;
    for (const std::string& group : groups) digits += group;
    // Long runs are no amounts unless a unit says so.
    const bool amount = FindUnit(From(SkipSpaces(end))) != nullptr || From(end).starts_with("万") ||
                        From(end).starts_with("亿");
    const bool area_code = hyphens && (groups[0][0] == '0' || groups[0].size() == 3);
    if (!amount && digits.size() >= 7 && (area_code || marks.empty())) {
      return Emit({.kind = QuantityKind::kPhone, .value = digits}, at, end);
    }
    return at;
  }

  // Y nian (M yue (D ri)), M yue (D ri).
  size_t TakeChineseDate(size_t at) {
    Quantity date{.kind = QuantityKind::kDate};
    size_t end = at;
    auto number = ReadNumber(at);
    if (!number) return at;
    size_t next = SkipSpaces(at + number->size);
    if (From(next).starts_with("年") && number->integer >= kFirstYear &&
        number->integer <= kLastYear) {
      date.year = static_cast<int>(number->integer);
      end = next + std::string_view("年").size();
      const size_t month_at = SkipSpaces(end);
      number = ReadNumber(month_at);
      if (!number) return Emit(std::move(date), at, end);
      next = SkipSpaces(month_at + number->size);
    }
    if (From(next).starts_with("月") && !From(next).starts_with("月份内") && number->integer >= 1 &&
        number->integer <= 12) {
      date.month = static_cast<int>(number->integer);
      end = next + std::string_view("月").size();
      const size_t day_at = SkipSpaces(end);
      const auto day = ReadNumber(day_at);
      if (day && day->integer >= 1 && day->integer <= 31) {
        const size_t mark = SkipSpaces(day_at + day->size);
        for (const std::string_view unit : {"日", "号"}) {
          if (!From(mark).starts_with(unit)) continue;
          date.day = static_cast<int>(day->integer);
          end = mark + unit.size();
        }
      }
    }
    if (end == at) return at;
    return Emit(std::move(date), at, end);
  }

  // ban nian, ban ge yue.
  size_t TakeHalf(size_t at) {
    constexpr std::string_view kHalf = "半";
    if (!From(at).starts_with(kHalf)) return at;
    for (const std::string_view unit : {"年", "个月", "个小时", "小时", "天", "日"}) {
      if (!From(at + kHalf.size()).starts_with(unit)) continue;
      return Emit({.value = "0.5", .unit = std::string(FindUnit(unit)->canonical)}, at,
                  at + kHalf.size() + unit.size());
    }
    return at;
  }

  size_t TakeMeasure(size_t at) {
    const auto number = ReadNumber(at);
    if (!number) return at;
    const size_t end = at + number->size;
    if (IsListMark(at, end)) return end;
    if (const size_t clock = TakeClock(at, *number); clock > at) return clock;
    const size_t unit_at = SkipSpaces(end);
    const Unit* unit = FindUnit(From(unit_at));
    Quantity quantity{.value = number->value};
    size_t last = end;
    if (unit != nullptr) {
      last = unit_at + unit->spelling.size();
      if (IsLetter(unit->spelling.back()) && At(last) == 's') ++last;
      quantity.unit = unit->canonical;
      TakeTrailingHalf(*number, last, quantity);
    } else {
      quantity.unit = UnitOfRange(end);
    }
    if (quantity.unit.empty()) quantity.unit = CurrencyBefore(at);
    if (quantity.unit.empty() && !number->ascii) {
      // yi ge, yi ban, wan yi: no numbers; shi wu, san bai without unit are.
      const bool says_one = number->integer == 1;
      if ((number->one_char && (unit == nullptr || says_one)) || number->integer < 2) return end;
    }
    if (quantity.unit.empty() && unit == nullptr && number->ascii && number->size == 4 &&
        number->integer >= kFirstYear && number->integer <= kLastYear) {
      return Emit({.kind = QuantityKind::kDate, .year = static_cast<int>(number->integer)}, at,
                  end);
    }
    return Emit(std::move(quantity), at, last);
  }

  // yi nian ban, liang ge ban yue.
  void TakeTrailingHalf(const Number& number, size_t& last, Quantity& quantity) const {
    constexpr std::string_view kHalf = "半";
    if (number.integer < 0) return;
    if (From(last).starts_with(kHalf) && (quantity.unit == "年" || quantity.unit == "日")) {
      quantity.value = Cat(number.integer, ".5");
      last += kHalf.size();
    } else if (quantity.unit.empty() && From(last).starts_with("半月")) {
      quantity.value = Cat(number.integer, ".5");
      quantity.unit = "个月";
      last += std::string_view("半月").size();
    }
  }

  // 9 shi 30 fen, 9 dian.
  size_t TakeClock(size_t at, const Number& number) {
    if (number.integer < 0 || number.integer > 24) return at;
    size_t end = at + number.size;
    const bool hour = From(end).starts_with("点") || (number.ascii && From(end).starts_with("时"));
    if (!hour) return at;
    end += std::string_view("点").size();
    if (From(end).starts_with("半")) {
      return Emit({.kind = QuantityKind::kClock, .value = std::to_string(number.integer * 60 + 30)},
                  at, end + std::string_view("半").size());
    }
    int64_t minutes = 0;
    const auto fine = ReadNumber(end);
    if (fine && fine->integer >= 0 && fine->integer < 60 &&
        From(end + fine->size).starts_with("分")) {
      minutes = fine->integer;
      end += fine->size + std::string_view("分").size();
    }
    return Emit(
        {.kind = QuantityKind::kClock, .value = std::to_string(number.integer * 60 + minutes)}, at,
        end);
  }

  // The unit of the second number in "3 zhi 5 ri", for the first.
  std::string UnitOfRange(size_t end) const {
    for (const std::string_view joint : {"至", "到", "-", "~", "—", "–", " to ", "或者", "或"}) {
      if (!From(end).starts_with(joint)) continue;
      const auto second = ReadNumber(end + joint.size());
      if (!second) return {};
      const Unit* unit = FindUnit(From(SkipSpaces(end + joint.size() + second->size)));
      return unit == nullptr ? std::string() : std::string(unit->canonical);
    }
    return {};
  }

  std::string CurrencyBefore(size_t at) const {
    const std::string_view before = StripAsciiSpace(text_.substr(0, at));
    for (const std::string_view sign : {"¥", "rmb", "cny", "人民币"}) {
      if (before.ends_with(sign)) return "元";
    }
    return before.ends_with('$') ? "美元" : "";
  }

  // "1. ", "(2)", "yi," at the beginning of a line, and a numeral alone in brackets.
  bool IsListMark(size_t start, size_t end) const {
    if (start > 0 && text_[start - 1] == '(' && At(end) == ')') return true;
    size_t line = start;
    while (line > 0 &&
           (text_[line - 1] == ' ' || text_[line - 1] == '-' || text_[line - 1] == '*')) {
      --line;
    }
    const std::string_view rest = From(end);
    // "Hello, 1. ..." begins a list in running text.
    const std::string_view head = text_.substr(0, line);
    const bool begins = line == 0 || head.ends_with('\n');
    const bool follows =
        head.ends_with(',') || head.ends_with(';') || head.ends_with(':') || head.ends_with("。");
    if (!begins && !follows) return false;
    if (rest.starts_with("、") || rest.starts_with(")")) return true;
    return rest.starts_with(". ") || (rest.starts_with(".") && !IsDigit(At(end + 1)));
  }

  // thirty days, thirty (30) days: words count before a unit only.
  size_t TakeWords(size_t at) {
    if (!IsLetter(At(at)) || (at > 0 && IsLetter(text_[at - 1]))) return at;
    const auto words = ConsumeNumberWords(From(at));
    if (!words) return at;
    size_t end = SkipSpaces(at + words->size);
    if (At(end) == '(') {
      const size_t close = text_.find(')', end);
      if (close == std::string_view::npos || close - end > 6) return at;
      end = SkipSpaces(close + 1);
    }
    if (At(end) == '-') ++end;
    const Unit* unit = FindUnit(From(end));
    if (unit == nullptr || unit->canonical.empty()) return at;
    size_t last = end + unit->spelling.size();
    if (At(last) == 's') ++last;
    return Emit({.value = std::to_string(words->value), .unit = std::string(unit->canonical)}, at,
                last);
  }

  std::string_view text_;
  std::vector<Quantity> found_;
};

bool AgreesInParts(const Quantity& stated, const Quantity& source) {
  return (stated.year == 0 || stated.year == source.year) &&
         (stated.month == 0 || stated.month == source.month) &&
         (stated.day == 0 || stated.day == source.day);
}

}  // namespace

std::vector<Quantity> FindQuantities(std::string_view normalized) {
  return Scanner(normalized).Run();
}

bool Agrees(const Quantity& stated, const Quantity& source) {
  if (stated.kind != source.kind) return false;
  if (stated.kind == QuantityKind::kDate) return AgreesInParts(stated, source);
  if (stated.value != source.value || stated.unit != source.unit) return false;
  return stated.bound == Bound::kNone || source.bound == Bound::kNone ||
         stated.bound == source.bound;
}

std::string MaskQuantities(std::string_view normalized, const std::vector<Quantity>& quantities) {
  std::string masked(normalized);
  for (const Quantity& quantity : quantities) {
    std::fill(masked.begin() + quantity.span.start, masked.begin() + quantity.span.end, ' ');
  }
  return masked;
}

}  // namespace policykb
