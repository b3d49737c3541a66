#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/document_number.h"
#include "core/text/encoding.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/html_blocks.h"
#include "indexer/readers/html_tree.h"
#include "indexer/readers/reader.h"
#include "indexer/readers/text_builder.h"

namespace policykb {
namespace {

using std::string_view;

// Pages with pictures in them are the largest; libxml2 counts bytes in an int.
constexpr size_t kMaxPageBytes = size_t{32} << 20;
constexpr size_t kMaxTitleBytes = 300;
// What stands before a site's name in <title> is a title when it has this many bytes.
constexpr size_t kMinTitleBytes = 6;
// Words of the page around a text, each a block of its own.
constexpr std::array<string_view, 12> kPageWords = {"扫一扫在手机打开当前页",
                                                    "打印",
                                                    "打印本页",
                                                    "关闭",
                                                    "关闭窗口",
                                                    "关闭本页",
                                                    "返回顶部",
                                                    "分享到：",
                                                    "分享到",
                                                    "【打印】",
                                                    "【关闭】",
                                                    "字体：大 中 小"};

bool IsPageWords(const HtmlBlock& block) {
  return block.kind == BlockKind::kParagraph && block.lines.size() == 1 &&
         std::find(kPageWords.begin(), kPageWords.end(), block.lines[0].words) != kPageWords.end();
}

// "A notice_a section_a site" -> "A notice".
std::string WithoutSite(string_view title) {
  size_t end = title.size();
  for (const string_view mark : {"_", " - ", " | ", "--", "－", " – "}) {
    const size_t at = title.find(mark);
    if (at != string_view::npos && at >= kMinTitleBytes) end = std::min(end, at);
  }
  return std::string(StripBlanks(title.substr(0, end)));
}

// The words of <title>, one line.
std::string TitleElement(const HtmlTree& tree) {
  for (size_t i = 0; i < tree.size(); ++i) {
    if (tree[i].name == "body") break;
    if (tree[i].name != "title") continue;
    HtmlWords words;
    for (size_t inside = i + 1; inside < tree[i].end; ++inside) words.Append(tree[inside].text);
    return WithoutSite(words.Take());
  }
  return "";
}

HtmlBlock HeadingOf(std::string words, uint32_t line) {
  HtmlBlock heading;
  heading.kind = BlockKind::kHeading;
  heading.level = 1;
  heading.line = line;
  heading.lines.push_back({std::move(words), false});
  return heading;
}

// Makes the centred bold lines that a text begins with its heading: they are its title, set over
// lines and paragraphs as the paper had it. False when it begins otherwise.
bool PromoteTitle(std::vector<HtmlBlock>& blocks, size_t first) {
  HtmlWords title;
  size_t block = first, line = 0;
  for (; block < blocks.size() && blocks[block].kind == BlockKind::kParagraph; ++block) {
    const std::vector<HtmlLine>& lines = blocks[block].lines;
    for (line = 0; line < lines.size(); ++line) {
      const bool goes_on = lines[line].titular && FindDocumentNumbers(lines[line].words).empty() &&
                           title.words().size() + lines[line].words.size() <= kMaxTitleBytes;
      if (!goes_on) break;
      title.Append(Cat("\n", lines[line].words));
    }
    if (line < lines.size()) break;
    line = 0;
  }
  if (title.empty()) return false;
  const uint32_t at = blocks[first].line;
  if (line > 0) {
    auto& lines = blocks[block].lines;
    lines.erase(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(line));
  }
  const auto begin = blocks.begin() + static_cast<ptrdiff_t>(first);
  blocks.erase(begin, blocks.begin() + static_cast<ptrdiff_t>(block));
  blocks.insert(blocks.begin() + static_cast<ptrdiff_t>(first), HeadingOf(title.Take(), at));
  return true;
}

// Sees to it that a page which has a title begins with it as a heading.
void FindTitle(const HtmlTree& tree, std::vector<HtmlBlock>& blocks) {
  const auto first = std::find_if(blocks.begin(), blocks.end(), [](const HtmlBlock& block) {
    return block.kind != BlockKind::kTableRow;
  });
  const auto is_title = [](const HtmlBlock& block) {
    return block.kind == BlockKind::kHeading && block.level == 1;
  };
  if (first != blocks.end() && first->kind == BlockKind::kHeading) return;
  if (std::any_of(blocks.begin(), blocks.end(), is_title)) return;
  if (PromoteTitle(blocks, static_cast<size_t>(first - blocks.begin()))) return;
  std::string title = TitleElement(tree);
  if (title.empty() || blocks.empty() || title.size() > kMaxTitleBytes) return;
  if (first != blocks.end() && first->lines.size() == 1 && first->lines[0].words == title) {
    first->kind = BlockKind::kHeading;
    first->level = 1;
    return;
  }
  blocks.insert(blocks.begin(), HeadingOf(std::move(title), 1));
}

}  // namespace

absl::StatusOr<CanonicalText> ReadHtml(string_view bytes) {
  if (bytes.size() > kMaxPageBytes) {
    return absl::InvalidArgumentError(
        Cat("HTML page of ", bytes.size(), " bytes, at most ", kMaxPageBytes));
  }
  ASSIGN_OR_RETURN(const std::string clean, CleanText(bytes, DeclaredEncoding(bytes)));
  ASSIGN_OR_RETURN(const HtmlTree tree, ParseHtml(clean));
  std::vector<HtmlBlock> blocks = ReadHtmlBlocks(tree);
  std::erase_if(blocks, IsPageWords);
  FindTitle(tree, blocks);
  TextBuilder builder{CanonicalText()};
  for (const HtmlBlock& block : blocks) {
    std::string words = block.mark;
    for (size_t i = 0; i < block.lines.size(); ++i) {
      if (i > 0) words += '\n';
      words += block.lines[i].words;
    }
    builder.Add(block.kind, words, block.line, block.level, block.table_header);
  }
  return std::move(builder.out());
}

}  // namespace policykb
