#include "indexer/structure/labels.h"

#include <cctype>
#include <set>
#include <string>
#include <utility>

#include "core/text/numerals.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxHeadingChars = 45;
constexpr int64_t kMaxNumber = 9999;

size_t SkipBlanks(string_view text, size_t at) {
  while (const size_t size = LeadingBlank(text.substr(at))) at += size;
  return at;
}

bool IsAsciiAlnum(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Arabic or Roman numeral up to 4999 at the beginning of `text`.
std::optional<NumeralPrefix> ConsumeEnglishNumeral(string_view text) {
  if (!text.empty() && text[0] >= '0' && text[0] <= '9') return ConsumeNumeral(text);
  static constexpr std::pair<char, int> kRoman[] = {{'I', 1},   {'V', 5},   {'X', 10},  {'L', 50},
                                                    {'C', 100}, {'D', 500}, {'M', 1000}};
  NumeralPrefix result;
  int last = 0;
  for (; result.size < text.size() && result.size < 12; ++result.size) {
    int value = 0;
    for (const auto& [letter, worth] : kRoman) {
      if (text[result.size] == letter) value = worth;
    }
    if (value == 0) break;
    result.value += value > last && last > 0 ? value - 2 * last : value;
    last = value;
  }
  if (result.size == 0 || result.value <= 0) return std::nullopt;
  return result;
}

std::optional<HeadingLabel> ReadEnglishHeadingLabel(string_view line) {
  static constexpr std::pair<string_view, HeadingRank> kWords[] = {
      {"Part ", HeadingRank::kPart},
      {"PART ", HeadingRank::kPart},
      {"Chapter ", HeadingRank::kChapter},
      {"CHAPTER ", HeadingRank::kChapter}};
  for (const auto& [word, rank] : kWords) {
    if (!line.starts_with(word)) continue;
    const auto numeral = ConsumeEnglishNumeral(line.substr(word.size()));
    if (!numeral || numeral->value > kMaxNumber) return std::nullopt;
    const size_t size = word.size() + numeral->size;
    if (size < line.size() && IsAsciiAlnum(line[size])) return std::nullopt;
    return HeadingLabel{rank, numeral->value, 0, size};
  }
  return std::nullopt;
}

}  // namespace

std::optional<HeadingLabel> ReadHeadingLabel(string_view line) {
  if (!line.starts_with("第")) return ReadEnglishHeadingLabel(line);
  size_t at = SkipBlanks(line, 3);
  const auto numeral = ConsumeSpacedNumeral(line.substr(at));
  if (!numeral || numeral->value > kMaxNumber) return std::nullopt;
  at = SkipBlanks(line, at + numeral->size);
  static constexpr std::pair<string_view, HeadingRank> kUnits[] = {{"编", HeadingRank::kPart},
                                                                   {"分编", HeadingRank::kSubpart},
                                                                   {"章", HeadingRank::kChapter},
                                                                   {"节", HeadingRank::kSection}};
  for (const auto& [unit, rank] : kUnits) {
    if (!line.substr(at).starts_with(unit)) continue;
    HeadingLabel label{rank, numeral->value, 0, at + unit.size()};
    const size_t behind = SkipBlanks(line, label.size);
    if (line.substr(behind).starts_with("之")) {
      const auto suffix = ConsumeNumeral(line.substr(behind + 3));
      if (suffix && suffix->value <= kMaxNumber) {
        label.suffix = suffix->value;
        label.size = behind + 3 + suffix->size;
      }
    }
    return label;
  }
  return std::nullopt;
}

bool CanBeHeading(string_view rest) {
  rest = StripBlanks(rest);
  if (rest.size() > kMaxHeadingChars * 4 || CountChars(rest) > kMaxHeadingChars) return false;
  for (const string_view end : {"。", "；", "：", "，", "、", ";", ":", ",", "."}) {
    if (rest.ends_with(end)) return false;
  }
  for (const string_view start : {"规定", "所", "的", "、", "和", "与", "以", "及", "至", "到",
                                  "中", "第", "，", "。", "；", ",", "of ", "and ", "or "}) {
    if (rest.starts_with(start)) return false;
  }
  return true;
}

std::optional<ItemLabel> ReadItemLabel(string_view line) {
  const bool wide = line.starts_with("（");
  if (wide || line.starts_with('(')) {
    const size_t start = wide ? 3 : 1;
    size_t end = 0;
    ItemLabel label;
    if (const auto numeral = ConsumeNumeral(line.substr(start));
        numeral && numeral->value <= kMaxNumber) {
      const auto first = static_cast<unsigned char>(line[start]);
      const bool arabic =
          (first >= '0' && first <= '9') || line.substr(start).starts_with("\xEF\xBC");
      label.style = arabic ? ItemStyle::kArabicBracket : ItemStyle::kChineseBracket;
      label.number = numeral->value;
      end = start + numeral->size;
    } else if (start < line.size() && line[start] >= 'a' && line[start] <= 'z') {
      label.style = ItemStyle::kLatinBracket;
      label.number = line[start] - 'a' + 1;
      end = start + 1;
    } else {
      return std::nullopt;
    }
    if (line.substr(end).starts_with("）")) {
      label.size = end + 3;
    } else if (line.substr(end).starts_with(')')) {
      label.size = end + 1;
    } else {
      return std::nullopt;
    }
    return label;
  }
  if (line.empty()) return std::nullopt;
  const DecodedChar first = DecodeChar(line, 0);
  if (first.code >= 0x3220 && first.code <= 0x3229) {
    return ItemLabel{ItemStyle::kChineseBracket, static_cast<int64_t>(first.code - 0x321F), 3};
  }
  if (first.code >= 0x2460 && first.code <= 0x2473) {
    return ItemLabel{ItemStyle::kCircled, static_cast<int64_t>(first.code - 0x245F), 3};
  }
  const bool digit =
      (first.code >= '0' && first.code <= '9') || (first.code >= 0xFF10 && first.code <= 0xFF19);
  if (!digit) return std::nullopt;
  const auto numeral = ConsumeNumeral(line);
  if (!numeral || numeral->value > 999) return std::nullopt;
  const string_view rest = line.substr(numeral->size);
  for (const string_view mark : {"、", "．", "."}) {
    if (!rest.starts_with(mark)) continue;
    const size_t size = numeral->size + mark.size();
    if (size < line.size() && line[size] >= '0' && line[size] <= '9') return std::nullopt;
    return ItemLabel{ItemStyle::kArabicDot, numeral->value, size};
  }
  return std::nullopt;
}

std::optional<TopicLabel> ReadTopicLabel(string_view line) {
  const auto numeral = ConsumeNumeral(line);
  if (!numeral || numeral->value < 1 || numeral->value > 999) return std::nullopt;
  if (static_cast<unsigned char>(line[0]) < 0x80) return std::nullopt;
  const size_t at = SkipBlanks(line, numeral->size);
  if (!line.substr(at).starts_with("、")) return std::nullopt;
  // "yi, er, san deng jiang": an enumeration of numbers.
  if (const auto next = ConsumeNumeral(line.substr(at + 3));
      next && line.substr(at + 3 + next->size).starts_with("、")) {
    return std::nullopt;
  }
  return TopicLabel{numeral->value, at + 3};
}

std::optional<AnnexLabel> ReadAnnexLabel(string_view line) {
  if (line.size() > 200) return std::nullopt;
  for (const string_view word :
       {"附件", "附录", "附表", "附", "Annex", "ANNEX", "Appendix", "APPENDIX", "Schedule"}) {
    if (!line.starts_with(word)) continue;
    size_t at = SkipBlanks(line, word.size());
    const bool separated = at > word.size();
    const bool english = word[0] >= 'A' && word[0] <= 'Z';
    AnnexLabel label;
    const auto numeral =
        english ? ConsumeEnglishNumeral(line.substr(at)) : ConsumeNumeral(line.substr(at));
    if (numeral && (!english || separated) && numeral->value <= kMaxNumber) {
      label.number = numeral->value;
      at += numeral->size;
    }
    label.size = at;
    const string_view rest = line.substr(at);
    if (word == "附" && (numeral || !(rest.starts_with("：") || rest.starts_with(":")))) continue;
    if (rest.ends_with("。") || rest.ends_with("；")) return std::nullopt;
    if (rest.empty()) return label;
    for (const string_view mark : {"：", ":", "."}) {
      if (!rest.starts_with(mark)) continue;
      label.size += mark.size();
      return label;
    }
    const bool blank = LeadingBlank(rest) > 0;
    const bool fits =
        english ? label.number > 0 && blank : blank || (numeral && rest.starts_with("《"));
    if (!fits) return std::nullopt;
    return label;
  }
  return std::nullopt;
}

size_t SkipContents(string_view text, const std::vector<TextLine>& lines, size_t at) {
  std::set<std::string> seen;
  for (++at; at < lines.size(); ++at) {
    const string_view line = Slice(text, lines[at].span);
    const std::string compact = WithoutBlanks(line.substr(0, 200));
    const auto label = ReadHeadingLabel(line);
    if (!(label && CanBeHeading(line.substr(label->size))) && compact != "附则" &&
        compact != "总则")
      break;
    if (!seen.insert(compact).second) break;
  }
  return at;
}

}  // namespace policykb
