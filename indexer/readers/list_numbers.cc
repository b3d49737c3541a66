#include "indexer/readers/list_numbers.h"

#include <utility>

#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

std::string Letters(int64_t value, char first) {
  // Word repeats the letter behind the alphabet's end: aa, bb; more than five would be no label.
  constexpr int64_t kLetters = 26;
  if (value < 1 || value > 5 * kLetters) return Cat(value);
  return std::string(static_cast<size_t>((value - 1) / kLetters + 1),
                     static_cast<char>(first + (value - 1) % kLetters));
}

std::string Roman(int64_t value, bool upper) {
  static constexpr std::pair<int64_t, std::string_view> kSteps[] = {
      {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
      {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
  if (value < 1 || value > 3999) return Cat(value);
  std::string out;
  for (const auto& [step, letters] : kSteps) {
    for (; value >= step; value -= step) out += letters;
  }
  if (upper) {
    for (char& c : out) c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

// Digits replaced by `digits`, ten characters of equal size.
std::string Digits(int64_t value, std::string_view digits) {
  const size_t size = digits.size() / 10;
  std::string out;
  for (const char c : Cat(value)) {
    if (c < '0' || c > '9') return Cat(value);
    out += digits.substr(static_cast<size_t>(c - '0') * size, size);
  }
  return out;
}

// The character `value` places behind `first`, where there are `count` of them.
std::string Enclosed(int64_t value, char32_t first, int64_t count) {
  if (value < 1 || value > count) return Cat(value);
  std::string out;
  AppendUtf8(out, first + static_cast<char32_t>(value - 1));
  return out;
}

// The same for characters that do not follow each other.
std::string OneOf(int64_t value, std::string_view characters) {
  constexpr size_t kHanBytes = 3;
  const auto count = static_cast<int64_t>(characters.size() / kHanBytes);
  if (value < 1 || value > count) return Cat(value);
  return std::string(characters.substr(static_cast<size_t>(value - 1) * kHanBytes, kHanBytes));
}

std::string Financial(int64_t value) {
  std::string out = FormatChineseNumeral(value);
  if (out.starts_with("十")) out.insert(0, "一");
  static constexpr std::pair<std::string_view, std::string_view> kCapitals[] = {
      {"一", "壹"}, {"二", "贰"}, {"三", "叁"}, {"四", "肆"}, {"五", "伍"}, {"六", "陆"},
      {"七", "柒"}, {"八", "捌"}, {"九", "玖"}, {"十", "拾"}, {"百", "佰"}, {"千", "仟"}};
  for (const auto& [plain, capital] : kCapitals) out = ReplaceAll(out, plain, capital);
  return out;
}

}  // namespace

std::string FormatListNumber(std::string_view format, int64_t value) {
  if (format == "none" || format == "bullet") return "";
  // Their differences begin at 100 and are in the glyph of zero; this is the form of legal texts.
  if (format == "chineseCounting" || format == "chineseCountingThousand" ||
      format == "taiwaneseCounting" || format == "taiwaneseCountingThousand" ||
      format == "japaneseCounting") {
    return FormatChineseNumeral(value);
  }
  if (format == "ideographDigital" || format == "japaneseDigitalTenThousand" ||
      format == "taiwaneseDigital") {
    return Digits(value, "〇一二三四五六七八九");
  }
  if (format == "chineseLegalSimplified") return Financial(value);
  if (format == "ideographTraditional") return OneOf(value, "甲乙丙丁戊己庚辛壬癸");
  if (format == "ideographZodiac") return OneOf(value, "子丑寅卯辰巳午未申酉戌亥");
  if (format == "ideographEnclosedCircle") return Enclosed(value, U'\u3280', 10);
  if (format == "decimalFullWidth") return Digits(value, "０１２３４５６７８９");
  if (format == "decimalZero") return value < 10 ? Cat("0", value) : Cat(value);
  if (format == "decimalEnclosedCircle" || format == "decimalEnclosedCircleChinese") {
    return Enclosed(value, U'\u2460', 20);
  }
  if (format == "decimalEnclosedParen") return Enclosed(value, U'\u2474', 20);
  if (format == "decimalEnclosedFullstop") return Enclosed(value, U'\u2488', 20);
  if (format == "lowerLetter") return Letters(value, 'a');
  if (format == "upperLetter") return Letters(value, 'A');
  if (format == "lowerRoman") return Roman(value, false);
  if (format == "upperRoman") return Roman(value, true);
  return Cat(value);
}

}  // namespace policykb
