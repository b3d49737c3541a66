#include "tools/text_variation.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/provision_reference.h"
#include "core/text/sentences.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

// Invented places are two of these and a rank.
constexpr std::array<std::string_view, 40> kSyllables = {
    "沧", "宁", "澄", "岚", "泽", "屏", "溪", "阜", "蓟", "朔", "临", "渚", "崇", "栾",
    "汶", "郧", "垣", "涪", "淄", "漳", "蕲", "榆", "稷", "圃", "堰", "埔", "浔", "鄞",
    "濮", "骊", "邳", "泸", "莒", "郯", "睢", "郏", "涞", "滦", "邛", "沛"};
constexpr std::array<std::string_view, 3> kRanks = {"州", "县", "区"};
constexpr uint64_t kPlaces = kSyllables.size() * kSyllables.size() * kRanks.size();

// Places that copies are not about.
constexpr std::array<std::string_view, 32> kRealPlaces = {
    "中华人民共和国", "北京",   "天津", "上海",   "重庆", "河北", "山西", "辽宁",
    "吉林",           "黑龙江", "江苏", "浙江",   "安徽", "福建", "江西", "山东",
    "河南",           "湖北",   "湖南", "广东",   "海南", "四川", "贵州", "云南",
    "陕西",           "甘肃",   "青海", "内蒙古", "广西", "西藏", "宁夏", "新疆"};

// What is counted: a numeral before one of these is an amount. Words such as "one kind" are left.
constexpr std::array<std::string_view, 15> kUnits = {
    "日", "元", "倍", "人", "名", "年", "天", "米", "吨", "周", "号", "%", "个月", "个工", "公里"};

constexpr int64_t kMostAmount = 1000000;
constexpr size_t kLongestTitle = 300;

uint64_t Mix(uint64_t key, std::string_view word) { return Checksum64(Cat(key, "/", word)); }

std::string Place(uint64_t index) {
  const uint64_t pair = index / kRanks.size();
  return Cat(kSyllables[pair % kSyllables.size()],
             kSyllables[pair / kSyllables.size() % kSyllables.size()],
             kRanks[index % kRanks.size()]);
}

bool EndsBefore(std::string_view text, size_t at, std::string_view word) {
  return text.substr(0, at).ends_with(word);
}

bool BeginsAt(std::string_view text, size_t at, std::string_view word) {
  return text.substr(at).starts_with(word);
}

// Digits and the characters that Chinese numerals begin with.
bool MayBeginNumeral(std::string_view text, size_t at) {
  const char first = text[at];
  if (first >= '0' && first <= '9') return true;
  static constexpr std::array<std::string_view, 13> kBeginnings = {
      "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "两", "〇", "零"};
  return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                     [&](std::string_view word) { return BeginsAt(text, at, word); });
}

// The value in the way `written` is written: ASCII digits, digit by digit, or with units.
std::string WriteLike(std::string_view written, int64_t value) {
  if (static_cast<unsigned char>(written[0]) < 0x80) return Cat(value);
  const bool digit_by_digit = written.size() == 12 && value >= 1000;
  if (!digit_by_digit) return FormatChineseNumeral(value);
  static constexpr std::array<std::string_view, 10> kDigits = {"〇", "一", "二", "三", "四",
                                                               "五", "六", "七", "八", "九"};
  std::string text;
  for (const char digit : Cat(value)) text += kDigits[static_cast<size_t>(digit - '0')];
  return text;
}

// A numeral that is no year, month, day of a date, article, or enumerator: what it becomes.
std::string VaryNumeral(std::string_view line, size_t at, NumeralPrefix numeral, uint64_t key) {
  const std::string_view written = line.substr(at, numeral.size);
  const size_t behind = at + numeral.size;
  const bool in_brackets = EndsBefore(line, at, "〔") || EndsBefore(line, at, "[");
  const bool year = numeral.value >= 1900 && numeral.value <= 2100 &&
                    (in_brackets || BeginsAt(line, behind, "年"));
  // Earlier by the same number of years everywhere keeps the order of dates, and text in force.
  if (year) return WriteLike(written, numeral.value - 1 - static_cast<int64_t>(key % 9));
  const bool of_date = EndsBefore(line, at, "年") || EndsBefore(line, at, "月");
  const bool counts = std::any_of(kUnits.begin(), kUnits.end(), [&](std::string_view unit) {
    return BeginsAt(line, behind, unit);
  });
  if (of_date || !counts || EndsBefore(line, at, "第") || numeral.value < 2 ||
      numeral.value > kMostAmount) {
    return std::string(written);
  }
  const auto most = static_cast<uint64_t>(std::max<int64_t>(1, numeral.value / 2));
  const int64_t more = 1 + static_cast<int64_t>(Mix(key, Cat(numeral.value)) % most);
  return WriteLike(written, numeral.value + more);
}

void AppendVariedNumerals(std::string_view line, uint64_t key, std::string& out) {
  for (size_t at = 0; at < line.size();) {
    if (MayBeginNumeral(line, at)) {
      if (const auto numeral = ConsumeNumeral(line.substr(at))) {
        out += VaryNumeral(line, at, *numeral, key);
        at += numeral->size;
        continue;
      }
    }
    const size_t size = DecodeChar(line, at).size;
    out.append(line, at, size);
    at += size;
  }
}

std::string_view WithoutMarks(std::string_view line) {
  const size_t first = line.find_first_not_of("#* \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

// Offset behind the label and the space after it; 0 when the line opens no article.
size_t BehindLabel(std::string_view line) {
  const std::string_view words = WithoutMarks(line);
  const auto label = ConsumeArticleLabel(words);
  if (!label) return 0;
  size_t at = static_cast<size_t>(words.data() - line.data()) + label->size;
  for (bool space = true; space;) {
    space = false;
    for (const std::string_view blank : {" ", "*", "\t", "　"}) {
      if (!BeginsAt(line, at, blank)) continue;
      at += blank.size();
      space = true;
    }
  }
  return at;
}

std::string_view TitleOf(std::string_view text) {
  for (const std::string_view line : Split(text, '\n')) {
    if (line.starts_with("# ")) return StripAsciiSpace(line.substr(2));
  }
  return {};
}

}  // namespace

bool OpensArticle(std::string_view line) {
  return ConsumeArticleLabel(WithoutMarks(line)).has_value();
}

VariedDocument VaryDocument(std::string_view text, uint64_t key, uint64_t number) {
  // Consecutive numbers are consecutive places, from where the text's own key says.
  const std::string place = Place((key + number) % kPlaces);
  std::string renamed(text);
  const std::string title(TitleOf(text));
  if (title.size() >= 6 && title.size() <= kLongestTitle)
    renamed = ReplaceAll(renamed, title, place + title);
  const uint64_t copy_key = Mix(key, Cat(number));
  for (const std::string_view real : kRealPlaces) {
    if (renamed.find(real) == std::string::npos) continue;
    const std::string invented = Place(Mix(copy_key, real) % kPlaces);
    for (const std::string_view rank : {"省", "市", ""})
      renamed = ReplaceAll(renamed, Cat(real, rank), invented);
  }
  VariedDocument varied;
  varied.text.reserve(renamed.size() + renamed.size() / 8);
  const bool has_front_matter = text.starts_with("---\n");
  size_t fences = 0;
  std::string changed;
  for (const std::string_view line : Split(renamed, '\n')) {
    if (has_front_matter && line == "---") ++fences;
    if (fences == 1) {
      varied.text += line.starts_with("id:") ? Cat(line, "-", number, "\n") : Cat(line, "\n");
      continue;
    }
    changed.clear();
    AppendVariedNumerals(line, copy_key, changed);
    if (OpensArticle(line)) {
      ++varied.articles;
      const size_t behind = BehindLabel(changed);
      // What names no place and no amount would be equal in every copy.
      if (changed.find(place) == std::string::npos)
        changed.insert(behind, Cat("在", place, "范围内，"));
    }
    varied.text += Cat(changed, "\n");
  }
  // Split gives one empty part behind the last line end.
  if (!varied.text.empty()) varied.text.pop_back();
  return varied;
}

std::string ChangeOneSentence(std::string_view text, uint64_t round) {
  std::vector<std::string_view> articles;
  for (const std::string_view line : Split(text, '\n')) {
    if (OpensArticle(line)) articles.push_back(line);
  }
  if (articles.empty()) return "";
  const std::string_view line = articles[round % articles.size()];
  const size_t behind = BehindLabel(line);
  const std::vector<Span> sentences = SplitSentences(line.substr(behind));
  const size_t last = sentences.empty() ? behind : behind + sentences.back().start;
  const auto from = static_cast<size_t>(line.data() - text.data()) + last;
  const auto to = static_cast<size_t>(line.data() - text.data()) + line.size();
  return Cat(text.substr(0, from), "本条自第", round, "次调整之日起按照调整后的要求办理。",
             text.substr(to));
}

}  // namespace policykb
