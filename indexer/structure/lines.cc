#include "indexer/structure/lines.h"

#include <algorithm>
#include <utility>

#include "core/text/document_number.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/structure/labels.h"
#include "indexer/structure/text_dates.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxHeaderLineBytes = 1500;
// Where no comment closes the header it is looked for in this many lines.
constexpr size_t kMaxHeaderLines = 40;
constexpr size_t kMaxTitleBytes = 300;

bool SaysWhenMade(string_view line) {
  if (line.size() > kMaxHeaderLineBytes) return false;
  const bool bracketed = line.starts_with("（") || line.starts_with("(");
  const bool dated = ConsumeDate(line).has_value();
  if (!bracketed && !dated && !line.starts_with("根据") && !line.starts_with("自")) return false;
  if (!dated && FindDates(line).empty()) return false;
  for (const string_view word : {"通过", "公布", "发布", "颁布", "修正", "修订", "修改", "施行",
                                 "实施", "批准", "印发", "生效", "会议"}) {
    if (line.find(word) != string_view::npos) {
      return bracketed || dated || line.ends_with("修正") || line.ends_with("修订");
    }
  }
  return dated && ConsumeDate(line)->span.end == line.size();
}

bool IsFieldLine(string_view line) { return ReadHeaderField(line).field != HeaderField::kNone; }

bool IsDocumentNumberLine(string_view line) {
  if (line.size() > 120) return false;
  const auto numbers = FindDocumentNumbers(line);
  if (numbers.empty()) return false;
  const string_view before = line.substr(0, numbers.front().span.start);
  const string_view after = line.substr(numbers.front().span.end);
  return before.size() <= 3 && after.size() <= 3;
}

bool IsContentsLine(string_view line) { return line.size() <= 20 && WithoutBlanks(line) == "目录"; }

bool SaysWhatItIs(string_view line) {
  return SaysWhenMade(line) || IsDocumentNumberLine(line) || IsFieldLine(line);
}

// Short words without punctuation: a line of a title page, when such a line with a date or number
// follows.
bool MayBeTitlePage(const TextLine& line, string_view words) {
  if (line.kind != BlockKind::kParagraph || words.size() > 150) return false;
  for (const string_view mark : {"。", "；", "：", "，", ".", ";", ":", ",", "？", "?"}) {
    if (words.find(mark) != string_view::npos) return false;
  }
  return !ConsumeArticleLabel(words) && !ReadHeadingLabel(words) && !ReadTopicLabel(words) &&
         !ReadItemLabel(words) && !ReadAnnexLabel(words);
}

// `at`, or behind the title page that goes on there: the title once more, organs, number and day,
// then contents.
size_t BehindTitlePage(string_view text, const std::vector<TextLine>& lines, size_t at) {
  constexpr size_t kMaxLines = 8;
  const std::string title = lines.empty() || lines[0].span.size() > kMaxTitleBytes
                                ? std::string()
                                : WithoutBlanks(Slice(text, lines[0].span));
  size_t behind = at;
  for (size_t i = at; i < lines.size() && i < at + kMaxLines; ++i) {
    const string_view words = Slice(text, lines[i].span);
    if (lines[i].kind == BlockKind::kHeading || IsContentsLine(words) ||
        !(SaysWhatItIs(words) || MayBeTitlePage(lines[i], words)))
      break;
    const bool in_title =
        words.size() > 12 && i > 0 && title.find(WithoutBlanks(words)) != std::string::npos;
    if (SaysWhatItIs(words) || in_title) behind = i + 1;
  }
  if (behind >= lines.size() || !IsContentsLine(Slice(text, lines[behind].span))) return behind;
  return SkipContents(text, lines, behind);
}

}  // namespace

std::vector<TextLine> SplitLines(const CanonicalText& source) {
  std::vector<TextLine> lines;
  const string_view text = source.text;
  for (const Block& block : source.blocks) {
    uint32_t number = block.line;
    for (size_t at = block.span.start; at < block.span.end; ++number) {
      const size_t end = std::min<size_t>(text.find('\n', at), block.span.end);
      if (end > at) {
        lines.push_back({{static_cast<uint32_t>(at), static_cast<uint32_t>(end)},
                         block.kind,
                         block.level,
                         block.table_header,
                         number});
      }
      at = end + 1;
    }
  }
  return lines;
}

size_t CountHeaderLines(const CanonicalText& source, const std::vector<TextLine>& lines) {
  const string_view text = source.text;
  if (source.header_blocks) {
    if (*source.header_blocks >= source.blocks.size()) return lines.size();
    const uint32_t start = source.blocks[*source.header_blocks].span.start;
    const auto after = std::find_if(lines.begin(), lines.end(), [start](const TextLine& line) {
      return line.span.start >= start;
    });
    return BehindTitlePage(text, lines, static_cast<size_t>(after - lines.begin()));
  }
  size_t count = 0;
  bool titled = false;
  const bool has_title_heading = !lines.empty() && lines[0].kind == BlockKind::kHeading;
  const bool named_elsewhere = std::any_of(source.front_matter.begin(), source.front_matter.end(),
                                           [](const auto& entry) { return entry.key == "title"; });
  while (count < lines.size() && count < kMaxHeaderLines) {
    const TextLine& line = lines[count];
    const string_view words = Slice(text, line.span);
    if (line.kind == BlockKind::kHeading) {
      if (line.level != 1 || ReadHeadingLabel(words) || IsContentsLine(words)) break;
      titled = true;
    } else if (line.kind != BlockKind::kParagraph) {
      break;
    } else if (IsContentsLine(words)) {
      break;
    } else if (!SaysWhatItIs(words)) {
      // The title of a text without Markdown headings.
      const bool title = !titled && count < 3 && !has_title_heading && !named_elsewhere &&
                         words.size() <= kMaxTitleBytes && !words.ends_with("。") &&
                         !words.ends_with("：") && !words.ends_with(".") &&
                         !ConsumeArticleLabel(words) && !ReadHeadingLabel(words);
      if (!title) break;
      titled = true;
    }
    ++count;
  }
  const size_t behind = BehindTitlePage(text, lines, count);
  // A text of nothing but such lines is its own content.
  return behind == lines.size() && !has_title_heading ? 0 : behind;
}

HeaderFieldLine ReadHeaderField(string_view line) {
  static constexpr std::pair<string_view, HeaderField> kNames[] = {
      {"发文机关", HeaderField::kIssuer},      {"发布机关", HeaderField::kIssuer},
      {"制定机关", HeaderField::kIssuer},      {"印发机关", HeaderField::kIssuer},
      {"发文单位", HeaderField::kIssuer},      {"发布单位", HeaderField::kIssuer},
      {"发布日期", HeaderField::kPromulgated}, {"公布日期", HeaderField::kPromulgated},
      {"成文日期", HeaderField::kWritten},     {"印发日期", HeaderField::kPromulgated},
      {"发文日期", HeaderField::kPromulgated}, {"施行日期", HeaderField::kEffective},
      {"生效日期", HeaderField::kEffective},   {"实施日期", HeaderField::kEffective},
      {"文号", HeaderField::kNumber},          {"发文字号", HeaderField::kNumber},
      {"发文机构", HeaderField::kIssuer},      {"发布机构", HeaderField::kIssuer},
      {"制发机关", HeaderField::kIssuer},      {"标题", HeaderField::kTitle},
      {"文件名称", HeaderField::kTitle},       {"信息名称", HeaderField::kTitle},
      {"索引号", HeaderField::kOther},         {"主题分类", HeaderField::kOther},
      {"主题词", HeaderField::kOther},         {"信息分类", HeaderField::kOther},
      {"体裁分类", HeaderField::kOther},       {"组配分类", HeaderField::kOther},
      {"有效性", HeaderField::kOther},         {"公文时效", HeaderField::kOther}};
  if (line.size() > kMaxTitleBytes) return {};
  for (const auto& [name, field] : kNames) {
    if (!line.starts_with(name)) continue;
    const string_view rest = StripBlanks(line.substr(name.size()));
    for (const string_view colon : {"：", ":"}) {
      if (rest.starts_with(colon)) return {field, StripBlanks(rest.substr(colon.size()))};
    }
  }
  return {};
}

std::string WithoutBlanks(string_view text) {
  std::string out;
  while (!text.empty()) {
    if (const size_t blank = LeadingBlank(text)) {
      text.remove_prefix(blank);
      continue;
    }
    const size_t size = DecodeChar(text, 0).size;
    out += text.substr(0, size);
    text.remove_prefix(size);
  }
  return out;
}

std::string CleanHeading(string_view text) {
  std::string out;
  bool blank = false;
  char32_t last = 0;
  while (!text.empty()) {
    if (const size_t size = LeadingBlank(text)) {
      blank = true;
      text.remove_prefix(size);
      continue;
    }
    const DecodedChar c = DecodeChar(text, 0);
    if (blank && !out.empty() && !(IsHan(last) && IsHan(c.code))) out += ' ';
    blank = false;
    out += text.substr(0, c.size);
    last = c.code;
    text.remove_prefix(c.size);
  }
  return out;
}

}  // namespace policykb
