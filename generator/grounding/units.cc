#include "generator/grounding/units.h"

#include <array>

namespace policykb {
namespace {

// Longest spelling first among those that share a beginning.
constexpr Unit kUnits[] = {
    // Time.
    {"个工作日", "工作日"},
    {"工作日", "工作日"},
    {"个自然日", "日"},
    {"自然日", "日"},
    {"个日历日", "日"},
    {"日历日", "日"},
    {"日", "日"},
    {"天", "日"},
    {"个月", "个月"},
    {"月", "月"},
    {"周岁", "岁"},
    {"岁", "岁"},
    {"周年", "年"},
    {"年", "年"},
    {"个星期", "周"},
    {"星期", "周"},
    {"周", "周"},
    {"个小时", "小时"},
    {"小时", "小时"},
    {"分钟", "分钟"},
    {"秒", "秒"},
    {"个季度", "季度"},
    {"季度", "季度"},
    {"个学期", "学期"},
    {"学期", "学期"},
    // Shares and money.
    {"%", "%"},
    {"‰", "‰"},
    {"个百分点", "百分点"},
    {"元", "元"},
    {"圆", "元"},
    {"块钱", "元"},
    {"美元", "美元"},
    {"欧元", "欧元"},
    {"港元", "港元"},
    {"港币", "港元"},
    {"倍", "倍"},
    // Sizes.
    {"平方米", "平方米"},
    {"平方公里", "平方公里"},
    {"平米", "平方米"},
    {"m2", "平方米"},
    {"立方米", "立方米"},
    {"m3", "立方米"},
    {"公里", "公里"},
    {"厘米", "厘米"},
    {"毫米", "毫米"},
    {"米", "米"},
    {"公斤", "公斤"},
    {"千克", "公斤"},
    {"kg", "公斤"},
    {"吨", "吨"},
    {"克", "克"},
    {"公顷", "公顷"},
    {"亩", "亩"},
    {"分贝", "分贝"},
    {"升", "升"},
    {"人", "人"},
    {"名", "人"},
    {"户", "户"},
    // English.
    {"working day", "工作日"},
    {"business day", "工作日"},
    {"calendar day", "日"},
    {"day", "日"},
    {"calendar month", "个月"},
    {"month", "个月"},
    {"years of age", "岁"},
    {"years old", "岁"},
    {"year", "年"},
    {"week", "周"},
    {"hour", "小时"},
    {"minute", "分钟"},
    {"percent", "%"},
    {"per cent", "%"},
    {"yuan", "元"},
    {"rmb", "元"},
    {"cny", "元"},
    {"us dollar", "美元"},
    {"dollar", "美元"},
    {"usd", "美元"},
    {"square metre", "平方米"},
    {"square meter", "平方米"},
    {"metre", "米"},
    {"meter", "米"},
    {"kilometre", "公里"},
    {"kilometer", "公里"},
    {"kilogram", "公斤"},
    {"person", "人"},
    {"people", "人"},
    {"household", "户"},
    // Units that only count things.
    {"个", ""},
    {"只", ""},
    {"条", ""},
    {"件", ""},
    {"份", ""},
    {"次", ""},
    {"种", ""},
    {"张", ""},
    {"辆", ""},
    {"台", ""},
    {"家", ""},
    {"套", ""},
    {"头", ""},
    {"层", ""},
    {"栋", ""},
    {"级", ""},
    {"项", ""},
    {"款", ""},
};

struct BoundWord {
  std::string_view spelling;
  Bound bound;
};

constexpr BoundWord kAfter[] = {
    {"以上", Bound::kAtLeast},       {"及以上", Bound::kAtLeast},   {"以下", Bound::kAtMost},
    {"及以下", Bound::kAtMost},      {"以内", Bound::kAtMost},      {"之内", Bound::kAtMost},
    {"内", Bound::kAtMost},          {"或以上", Bound::kAtLeast},   {"或以下", Bound::kAtMost},
    {" or more", Bound::kAtLeast},   {" or less", Bound::kAtMost},  {" or over", Bound::kAtLeast},
    {" or longer", Bound::kAtLeast}, {" or fewer", Bound::kAtMost},
};

// A longer wording stands before those that it ends with.
constexpr BoundWord kBefore[] = {
    {"不超过", Bound::kAtMost},
    {"不得超过", Bound::kAtMost},
    {"未超过", Bound::kAtMost},
    {"不能超过", Bound::kAtMost},
    {"超过", Bound::kAtLeast},
    {"不少于", Bound::kAtLeast},
    {"不得少于", Bound::kAtLeast},
    {"不能少于", Bound::kAtLeast},
    {"少于", Bound::kAtMost},
    {"不低于", Bound::kAtLeast},
    {"不得低于", Bound::kAtLeast},
    {"低于", Bound::kAtMost},
    {"不高于", Bound::kAtMost},
    {"不得高于", Bound::kAtMost},
    {"高于", Bound::kAtLeast},
    {"不多于", Bound::kAtMost},
    {"不得多于", Bound::kAtMost},
    {"多于", Bound::kAtLeast},
    {"不大于", Bound::kAtMost},
    {"不得大于", Bound::kAtMost},
    {"大于", Bound::kAtLeast},
    {"不小于", Bound::kAtLeast},
    {"不得小于", Bound::kAtLeast},
    {"小于", Bound::kAtMost},
    {"不满", Bound::kAtMost},
    {"未满", Bound::kAtMost},
    {"满", Bound::kAtLeast},
    {"不足", Bound::kAtMost},
    {"至少", Bound::kAtLeast},
    {"最少", Bound::kAtLeast},
    {"最低", Bound::kAtLeast},
    {"至多", Bound::kAtMost},
    {"最多", Bound::kAtMost},
    {"最高", Bound::kAtMost},
    {"最长", Bound::kAtMost},
    {"at least ", Bound::kAtLeast},
    {"not less than ", Bound::kAtLeast},
    {"no less than ", Bound::kAtLeast},
    {"less than ", Bound::kAtMost},
    {"no fewer than ", Bound::kAtLeast},
    {"not fewer than ", Bound::kAtLeast},
    {"fewer than ", Bound::kAtMost},
    {"not more than ", Bound::kAtMost},
    {"no more than ", Bound::kAtMost},
    {"more than ", Bound::kAtLeast},
    {"at most ", Bound::kAtMost},
    {"up to ", Bound::kAtMost},
    {"not exceed ", Bound::kAtMost},
    {"not exceeding ", Bound::kAtMost},
    {"exceeding ", Bound::kAtLeast},
    {"not to exceed ", Bound::kAtMost},
    {"within ", Bound::kAtMost},
};

constexpr std::string_view kOnes[] = {"one",     "two",       "three",    "four",     "five",
                                      "six",     "seven",     "eight",    "nine",     "ten",
                                      "eleven",  "twelve",    "thirteen", "fourteen", "fifteen",
                                      "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::string_view kTens[] = {"twenty", "thirty",  "forty",  "fifty",
                                      "sixty",  "seventy", "eighty", "ninety"};
constexpr std::string_view kMonths[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};

bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

bool EndsWord(std::string_view text, size_t at) { return at >= text.size() || !IsLetter(text[at]); }

// A value below 100 in words.
std::optional<NumberWord> ConsumeBelowHundred(std::string_view text) {
  for (size_t i = 0; i < std::size(kTens); ++i) {
    if (!text.starts_with(kTens[i])) continue;
    NumberWord word{static_cast<int>(20 + 10 * i), kTens[i].size()};
    if (EndsWord(text, word.size)) {
      const std::string_view rest = text.substr(word.size);
      for (int ones = 1; ones <= 9; ++ones) {
        const std::string_view name = kOnes[ones - 1];
        if (rest.size() > name.size() && (rest[0] == '-' || rest[0] == ' ') &&
            rest.substr(1).starts_with(name) && EndsWord(rest, 1 + name.size())) {
          return NumberWord{word.value + ones, word.size + 1 + name.size()};
        }
      }
      return word;
    }
  }
  for (size_t i = 0; i < std::size(kOnes); ++i) {
    if (text.starts_with(kOnes[i]) && EndsWord(text, kOnes[i].size())) {
      return NumberWord{static_cast<int>(i + 1), kOnes[i].size()};
    }
  }
  return std::nullopt;
}

}  // namespace

const Unit* FindUnit(std::string_view text) {
  const Unit* best = nullptr;
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.spelling)) continue;
    if (IsLetter(unit.spelling.back())) {
      size_t end = unit.spelling.size();
      if (end < text.size() && text[end] == 's') ++end;
      if (!EndsWord(text, end)) continue;
    }
    if (best == nullptr || unit.spelling.size() > best->spelling.size()) best = &unit;
  }
  return best;
}

Bound BoundAfter(std::string_view text) {
  if (text.starts_with("(含)") || text.starts_with("(含本数)"))
    text = text.substr(text.find(')') + 1);
  for (const BoundWord& word : kAfter) {
    if (text.starts_with(word.spelling)) return word.bound;
  }
  return Bound::kNone;
}

Bound BoundBefore(std::string_view text) {
  for (const BoundWord& word : kBefore) {
    if (text.ends_with(word.spelling)) return word.bound;
  }
  return Bound::kNone;
}

std::optional<NumberWord> ConsumeNumberWords(std::string_view text) {
  std::optional<NumberWord> word = ConsumeBelowHundred(text);
  if (!word) return std::nullopt;
  for (const auto& [name, factor] : {std::pair<std::string_view, int>{" hundred", 100},
                                     std::pair<std::string_view, int>{" thousand", 1000}}) {
    if (text.substr(word->size).starts_with(name) && EndsWord(text, word->size + name.size())) {
      return NumberWord{word->value * factor, word->size + name.size()};
    }
  }
  return word;
}

std::optional<NumberWord> ConsumeMonthName(std::string_view text) {
  for (size_t i = 0; i < std::size(kMonths); ++i) {
    if (text.starts_with(kMonths[i]) && EndsWord(text, kMonths[i].size())) {
      return NumberWord{static_cast<int>(i + 1), kMonths[i].size()};
    }
  }
  return std::nullopt;
}

}  // namespace policykb
