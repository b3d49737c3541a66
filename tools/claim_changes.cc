#include "tools/claim_changes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr std::string_view kNumeralChars = "零〇一二三四五六七八九十百千万亿两";
constexpr std::string_view kCapitalChars = "壹贰叁肆伍陆柒捌玖拾佰仟";

// Words before which one Chinese character is a number.
constexpr std::array<std::string_view, 38> kCounted = {
    "年",   "个月", "月",   "日", "天",   "周",     "岁",   "小时", "元", "倍",
    "人",   "名",   "次",   "成", "级",   "个工作", "分之", "万元", "米", "平方",
    "公里", "吨",   "公斤", "亩", "户",   "分钟",   "个",   "只",   "条", "件",
    "份",   "张",   "辆",   "台", "学期", "季度",   "审",   "款"};

// Beginnings of words that are no numbers.
constexpr std::array<std::string_view, 18> kWords = {
    "一般",   "一定", "一致", "一并", "一方", "一切", "一旦", "一律", "一经",
    "一次性", "千方", "万一", "十分", "三者", "二者", "两者", "一个", "一级"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return text.starts_with(start); });
}

bool EndsWithAny(std::string_view text, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [&](std::string_view end) { return text.ends_with(end); });
}

size_t RunOf(std::string_view text, std::string_view chars) {
  size_t end = 0;
  while (end < text.size()) {
    const size_t size = DecodeChar(text, end).size;
    if (size < 3 || chars.find(text.substr(end, size)) == std::string_view::npos) break;
    end += size;
  }
  return end;
}

bool IsCounted(std::string_view rest) {
  return std::any_of(kCounted.begin(), kCounted.end(),
                     [&](std::string_view word) { return rest.starts_with(word); });
}

// True when another number follows within what joins the ends of a range.
bool RangeFollows(std::string_view rest) {
  for (const std::string_view joint : {"年以上", "元以上", "以上", "日以上", "万元以上", "月以上",
                                       "个月以上", "至", "到", "-", "—", "～"}) {
    if (!rest.starts_with(joint)) continue;
    const std::string_view next = rest.substr(joint.size());
    if (!next.empty() && IsDigit(next[0])) return true;
    if (RunOf(next, kNumeralChars) > 0 || RunOf(next, kCapitalChars) > 0) return true;
  }
  return false;
}

bool RangePrecedes(std::string_view before) {
  if (EndsWithAny(before, {"年以上", "元以上", "日以上", "月以上"})) return true;
  if (!EndsWithAny(before, {"至", "到", "-", "—", "～"})) return false;
  const std::string_view head = before.substr(0, FloorToChar(before, before.size() - 1));
  if (head.empty()) return false;
  const std::string_view last = head.substr(FloorToChar(head, head.size() - 1));
  return IsDigit(last[0]) || kNumeralChars.find(last) != std::string_view::npos;
}

NumberUse UseOf(std::string_view before, std::string_view rest, const WrittenNumber& number,
                size_t digits) {
  if (before.ends_with("第")) return NumberUse::kProvision;
  if (rest.starts_with("分之") || before.ends_with("分之")) {
    return EndsWithAny(before, {"百分之", "千分之", "万分之"}) || number.value >= 100
               ? NumberUse::kPercentage
               : NumberUse::kFraction;
  }
  if (StartsWithAny(rest, {"%", "％", "‰"})) return NumberUse::kPercentage;
  if (digits >= 5 && !StartsWithAny(rest, {"元", "万", "亿", "人", "平"}) && digits != 6 &&
      (digits >= 7 || before.ends_with("电话"))) {
    return NumberUse::kPhone;
  }
  if (rest.starts_with("年") && number.value >= 1900 && number.value < 2200)
    return NumberUse::kDate;
  if (rest.starts_with("月") && !before.ends_with("满")) return NumberUse::kDate;
  if (before.ends_with("月") && StartsWithAny(rest, {"日", "号"})) return NumberUse::kDate;
  if (RangeFollows(rest) || RangePrecedes(before)) return NumberUse::kRange;
  if (StartsWithAny(rest, {"元", "万元", "亿元", "圆", "余元", "百元", "千元"})) {
    return NumberUse::kMoney;
  }
  if (StartsWithAny(rest, {"周岁", "岁"})) return NumberUse::kAge;
  if (StartsWithAny(rest, {"年", "个月", "日", "天", "周", "小时", "个工作日", "分钟", "工作日"})) {
    return NumberUse::kDuration;
  }
  return NumberUse::kCount;
}

constexpr std::pair<std::string_view, std::string_view> kCapitals[] = {
    {"一", "壹"}, {"二", "贰"}, {"两", "贰"}, {"三", "叁"}, {"四", "肆"},
    {"五", "伍"}, {"六", "陆"}, {"七", "柒"}, {"八", "捌"}, {"九", "玖"},
    {"十", "拾"}, {"百", "佰"}, {"千", "仟"}};

struct Turn {
  std::string_view from;
  std::string_view to;
  ForceChange change;
};

// The longest at a place counts; an empty `to` leaves the place alone, as part of another word.
constexpr Turn kTurns[] = {
    {"应当", "不得", ForceChange::kModal},         {"不应当", "应当", ForceChange::kModal},
    {"必须", "无需", ForceChange::kModal},         {"不得", "可以", ForceChange::kModal},
    {"不得不", "", ForceChange::kModal},           {"可以", "不得", ForceChange::kModal},
    {"可以不", "应当", ForceChange::kModal},       {"不可以", "可以", ForceChange::kModal},
    {"禁止", "允许", ForceChange::kModal},         {"有权", "无权", ForceChange::kModal},
    {"无权", "有权", ForceChange::kModal},         {"无需", "应当", ForceChange::kModal},
    {"无须", "应当", ForceChange::kModal},         {"不需要", "需要", ForceChange::kModal},
    {"需要", "无需", ForceChange::kModal},         {"的需要", "", ForceChange::kModal},
    {"不予", "予以", ForceChange::kModal},         {"予以", "不予", ForceChange::kModal},
    {"准予", "不予", ForceChange::kModal},         {"不能", "能够", ForceChange::kModal},
    {"能够", "不能", ForceChange::kModal},         {"不承担", "承担", ForceChange::kNegation},
    {"承担", "不承担", ForceChange::kNegation},    {"不适用", "适用", ForceChange::kNegation},
    {"适用", "不适用", ForceChange::kNegation},    {"不属于", "属于", ForceChange::kNegation},
    {"属于", "不属于", ForceChange::kNegation},    {"无效", "有效", ForceChange::kNegation},
    {"有效", "无效", ForceChange::kNegation},      {"不支持", "支持", ForceChange::kNegation},
    {"支持", "不支持", ForceChange::kNegation},    {"不享有", "享有", ForceChange::kNegation},
    {"享有", "不享有", ForceChange::kNegation},    {"不负", "负", ForceChange::kNegation},
    {"不影响", "影响", ForceChange::kNegation},    {"不构成", "构成", ForceChange::kNegation},
    {"构成", "不构成", ForceChange::kNegation},    {"不满", "满", ForceChange::kNegation},
    {"未满", "满", ForceChange::kNegation},        {"未经", "经", ForceChange::kNegation},
    {"不超过", "超过", ForceChange::kNegation},    {"超过", "不超过", ForceChange::kNegation},
    {"不得超过", "应当超过", ForceChange::kModal}, {"以上", "以下", ForceChange::kNegation},
    {"以下", "以上", ForceChange::kNegation},      {"以下列", "", ForceChange::kNegation},
    {"以下情", "", ForceChange::kNegation},        {"以下材", "", ForceChange::kNegation},
    {"以下条", "", ForceChange::kNegation},        {"shall not", "shall", ForceChange::kModal},
    {"must not", "may", ForceChange::kModal},      {"may not", "may", ForceChange::kModal},
    {"need not", "must", ForceChange::kModal},     {"shall", "need not", ForceChange::kModal},
    {"must", "need not", ForceChange::kModal},     {" may ", " must not ", ForceChange::kModal},
};

}  // namespace

std::string_view NameOf(NumberUse use) {
  constexpr std::array<std::string_view, kNumberUses> kNames = {
      "money", "duration",           "date", "percentage", "fraction",
      "range", "article, paragraph", "age",  "phone",      "count"};
  return kNames[static_cast<size_t>(use)];
}

std::string_view NameOf(NumberForm form) {
  switch (form) {
    case NumberForm::kChinese:
      return "Chinese numerals";
    case NumberForm::kDigits:
      return "digits";
    case NumberForm::kCapitals:
      return "capitals";
  }
  return {};
}

std::vector<WrittenNumber> FindWrittenNumbers(std::string_view text) {
  std::vector<WrittenNumber> numbers;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    size_t size = 0;
    WrittenNumber number;
    if (IsDigit(rest[0])) {
      while (size < rest.size() && IsDigit(rest[size])) ++size;
      number.form = NumberForm::kDigits;
      // Decimals and dotted or hyphened groups are left as they are.
      const bool joined = (at > 0 && (text[at - 1] == '.' || text[at - 1] == '-')) ||
                          (size + 1 < rest.size() && (rest[size] == '.' || rest[size] == ',') &&
                           IsDigit(rest[size + 1]));
      if (size > 12 || joined) {
        at += size;
        continue;
      }
      number.value = std::stoll(std::string(rest.substr(0, size)));
    } else if ((size = RunOf(rest, kNumeralChars)) > 0) {
      number.form = NumberForm::kChinese;
    } else if ((size = RunOf(rest, kCapitalChars)) > 0) {
      while (size < rest.size()) {
        const size_t more =
            std::max(RunOf(rest.substr(size), kCapitalChars), RunOf(rest.substr(size), "万亿零"));
        if (more == 0) break;
        size += more;
      }
      number.form = NumberForm::kCapitals;
    } else {
      at += DecodeChar(text, at).size;
      continue;
    }
    const std::string_view before = text.substr(0, at);
    const std::string_view behind = rest.substr(size);
    number.span = {static_cast<uint32_t>(at), static_cast<uint32_t>(at + size)};
    at += size;
    if (number.form != NumberForm::kDigits) {
      const auto value = ParseNumeral(rest.substr(0, size));
      const bool word = std::any_of(kWords.begin(), kWords.end(),
                                    [&](std::string_view w) { return rest.starts_with(w); });
      if (!value || *value < 1 || *value >= 10'000'000) continue;
      if (size == 3 &&
          (word || (!before.ends_with("第") && !before.ends_with("分之") && !IsCounted(behind)))) {
        continue;
      }
      number.value = *value;
    }
    // A list's mark says nothing of the matter.
    const bool bracketed = EndsWithAny(before, {"（", "("}) && StartsWithAny(behind, {"）", ")"});
    const bool opens =
        before.empty() || EndsWithAny(before, {"\n", "，", "：", "；", "。", ",", ":"});
    if (bracketed || (opens && StartsWithAny(behind, {"、", ".", "．"}))) continue;
    if (number.value < 1) continue;
    number.use = UseOf(before, behind, number, number.form == NumberForm::kDigits ? size : 0);
    // "diyi" and the like without a provision: an order, which is a count.
    if (number.use == NumberUse::kProvision &&
        !StartsWithAny(behind, {"条", "款", "项", "章", "节"})) {
      continue;
    }
    numbers.push_back(number);
  }
  return numbers;
}

std::string WriteNumber(int64_t value, NumberForm form) {
  if (form == NumberForm::kDigits) return std::to_string(value);
  std::string numeral = FormatChineseNumeral(value);
  if (form == NumberForm::kCapitals) {
    if (numeral.starts_with("十")) numeral = "一" + numeral;
    for (const auto& [from, to] : kCapitals) numeral = ReplaceAll(numeral, from, to);
  }
  return numeral;
}

std::string WithNumber(std::string_view text, const WrittenNumber& number, int64_t value,
                       NumberForm form) {
  return Cat(text.substr(0, number.span.start), WriteNumber(value, form),
             text.substr(number.span.end));
}

int64_t AlteredValue(const WrittenNumber& number, uint64_t choice) {
  const int64_t v = number.value;
  if (number.use == NumberUse::kDate) {
    // Years stay years, months and days what a calendar has.
    if (v >= 1900)
      return v + (choice % 2 == 0 ? 1 : -1) * (1 + static_cast<int64_t>(choice / 2 % 3));
    return v > 1 && choice % 2 == 0 ? v - 1 : (v < 12 ? v + 1 : v - 1);
  }
  const std::array<int64_t, 7> values = {v + 1, v - 1, v * 2, v * 10, v / 2, v + 2, v / 10};
  for (size_t i = 0; i < values.size(); ++i) {
    const int64_t value = values[(choice + i) % values.size()];
    if (value >= 1 && value != v) return value;
  }
  return v + 1;
}

std::vector<ForceFlip> FlipForces(std::string_view text) {
  std::vector<ForceFlip> flips;
  for (size_t at = 0; at < text.size();) {
    const Turn* longest = nullptr;
    for (const Turn& turn : kTurns) {
      if (text.substr(at).starts_with(turn.from) &&
          (longest == nullptr || turn.from.size() > longest->from.size())) {
        longest = &turn;
      }
    }
    if (longest == nullptr) {
      at += DecodeChar(text, at).size;
      continue;
    }
    if (!longest->to.empty()) {
      flips.push_back({longest->change, Cat(text.substr(0, at), longest->to,
                                            text.substr(at + longest->from.size()))});
    }
    at += longest->from.size();
  }
  return flips;
}

}  // namespace policykb
