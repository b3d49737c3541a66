#include "indexer/readers/pdf_pages.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"

namespace policykb {
namespace {

using std::string_view;

using Page = std::vector<PdfLine>;

// Heads and feet are looked for in so many lines at each edge of a page.
constexpr size_t kEdgeLines = 3;
constexpr size_t kMaxEdgeBytes = 300;
constexpr string_view kCellGap = "   ";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Columns that a text takes in a font whose Chinese characters are as wide as two others.
size_t Columns(string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    columns += c.code >= 0x1100 ? 2 : 1;
    at += c.size;
  }
  return columns;
}

// Bytes at the beginning of a line that keep their space to what follows: "Article 3" and
// "di san tiao 2023 ...".
size_t LabelSize(string_view line) {
  const auto label = ConsumeArticleLabel(line);
  return label ? label->size : 0;
}

// Single spaces, and none between a Chinese character and a digit.
std::string TidySpaces(string_view line) {
  const size_t label = LabelSize(line);
  std::string out;
  char32_t last = 0;
  size_t blanks = 0;
  for (size_t at = 0; at < line.size();) {
    if (const size_t size = LeadingBlank(line.substr(at))) {
      ++blanks;
      at += size;
      continue;
    }
    const DecodedChar c = DecodeChar(line, at);
    const bool digit = c.code < 0x80 && IsDigit(static_cast<char>(c.code));
    const bool last_digit = last < 0x80 && IsDigit(static_cast<char>(last));
    const bool typography = blanks == 1 && out.size() > label &&
                            ((IsHan(last) && digit) || (last_digit && IsHan(c.code)));
    if (blanks > 0 && !out.empty() && !typography) out += ' ';
    blanks = 0;
    out += line.substr(at, c.size);
    last = c.code;
    at += c.size;
  }
  return out;
}

std::vector<std::string> SplitCells(string_view line) {
  std::vector<std::string> cells;
  while (!line.empty()) {
    size_t gap = line.find(kCellGap);
    if (gap == string_view::npos) gap = line.size();
    cells.push_back(TidySpaces(line.substr(0, gap)));
    line.remove_prefix(gap);
    line = StripBlanks(line);
  }
  if (cells.size() < 2) cells.clear();
  return cells;
}

absl::StatusOr<Page> SplitPage(string_view bytes, uint32_t number) {
  ASSIGN_OR_RETURN(const std::string clean, CleanText(bytes));
  Page page;
  bool gap = true;
  size_t margin = std::string::npos;
  for (const string_view raw : Split(clean, '\n')) {
    const string_view words = StripBlanks(raw);
    if (words.empty()) {
      gap = true;
      continue;
    }
    PdfLine line;
    line.text = TidySpaces(words);
    line.cells = SplitCells(words);
    line.indent = Columns(raw.substr(0, static_cast<size_t>(words.data() - raw.data())));
    line.end = line.indent + Columns(words);
    line.page = number;
    line.gap_before = std::exchange(gap, false);
    margin = std::min(margin, line.indent);
    page.push_back(std::move(line));
  }
  for (PdfLine& line : page) {
    line.indent -= margin;
    line.end -= margin;
  }
  return page;
}

// The line without blanks, every number as "#": equal for the same head or foot on other pages. A
// long line is none.
std::string Pattern(string_view line) {
  if (line.size() > kMaxEdgeBytes) return std::string(line);
  std::string out;
  for (size_t at = 0; at < line.size();) {
    if (const size_t size = LeadingBlank(line.substr(at))) {
      at += size;
    } else if (const auto number = ConsumeNumeral(line.substr(at))) {
      out += '#';
      at += number->size;
    } else {
      const DecodedChar c = DecodeChar(line, at);
      out += line.substr(at, c.size);
      at += c.size;
    }
  }
  return out;
}

// What a page number looks like wherever it stands: "- 3 -", "3/8", "di 3 ye gong 8 ye", "Page 3 of
// 8". A number alone is one only when it is on many pages.
bool IsPageNumber(string_view pattern) {
  static constexpr string_view kDashes[] = {"-", "—", "–", "－", "―", "─", "·", "•", "~", "|"};
  bool dashed = false;
  for (bool stripped = true; stripped;) {
    stripped = false;
    for (const string_view dash : kDashes) {
      if (pattern.starts_with(dash)) {
        pattern.remove_prefix(dash.size());
        stripped = dashed = true;
      }
      if (pattern.ends_with(dash)) {
        pattern.remove_suffix(dash.size());
        stripped = dashed = true;
      }
    }
  }
  if (pattern == "#") return dashed;
  for (const string_view form : {"#/#", "第#页", "第#页共#页", "第#页，共#页", "第#页/共#页",
                                 "第#页,共#页", "第#页（共#页）", "共#页第#页", "共#页，第#页",
                                 "#/#页", "Page#", "page#", "Page#of#", "page#of#", "#of#"}) {
    if (pattern == form) return true;
  }
  return false;
}

enum class Edge { kTop, kBottom };

PdfLine& AtEdge(Page& page, Edge edge, size_t i) {
  return edge == Edge::kTop ? page[i] : page[page.size() - 1 - i];
}

// No sentence and no article is a head, however often it stands at a page's edge.
bool CanBeHead(string_view text) {
  for (const string_view end : {"。", "；", "：", "，", "、"}) {
    if (text.ends_with(end)) return false;
  }
  return !ConsumeArticleLabel(text);
}

// Patterns that stand at that edge of many pages: of two pages both, else of at least three and of
// a third of all (heads may change from left to right page).
std::map<std::string, size_t> Repeated(std::vector<Page>& pages, Edge edge) {
  std::map<std::string, size_t> counts;
  for (Page& page : pages) {
    std::vector<std::string> seen;
    for (size_t i = 0; i < std::min(kEdgeLines, page.size()); ++i) {
      const string_view text = AtEdge(page, edge, i).text;
      std::string pattern = Pattern(text);
      if (!CanBeHead(text) || std::find(seen.begin(), seen.end(), pattern) != seen.end()) continue;
      ++counts[pattern];
      seen.push_back(std::move(pattern));
    }
  }
  const size_t least = pages.size() < 3 ? 2 : std::max<size_t>(3, (pages.size() + 2) / 3);
  std::erase_if(counts, [least](const auto& entry) { return entry.second < least; });
  return counts;
}

// Takes heads or feet off one page, from the edge inwards, each pattern once.
void DropEdge(Page& page, Edge edge, const std::map<std::string, size_t>& repeated) {
  std::vector<std::string> dropped;
  for (size_t i = 0; i < kEdgeLines && !page.empty(); ++i) {
    const PdfLine& line = AtEdge(page, edge, 0);
    std::string pattern = Pattern(line.text);
    const bool again = std::find(dropped.begin(), dropped.end(), pattern) != dropped.end();
    bool drop =
        IsPageNumber(pattern) || (repeated.contains(pattern) && CanBeHead(line.text) && !again);
    // Where the first page has no head, a line that reads like the others' is the title.
    if (drop && edge == Edge::kTop && line.page == 1 && EndsAsTitle(line.text)) {
      drop = std::count_if(page.begin(), page.end(),
                           [&](const PdfLine& other) { return other.text == line.text; }) > 1;
    }
    if (!drop) break;
    dropped.push_back(std::move(pattern));
    page.erase(edge == Edge::kTop ? page.begin() : page.end() - 1);
  }
}

// Circled digits 1 to 20, as footnotes are marked with.
constexpr size_t kMarks = 20;
constexpr size_t kMarkBytes = 3;

// Which of them `text` begins with.
std::optional<size_t> LeadingMark(string_view text) {
  if (text.empty()) return std::nullopt;
  const char32_t code = DecodeChar(text, 0).code;
  if (code < 0x2460 || code >= 0x2460 + kMarks) return std::nullopt;
  return static_cast<size_t>(code - 0x2460);
}

// The first line that begins with a mark which an earlier one refers to in its words: from there on
// all is notes. Items of a list may be numbered so, too, but nothing refers to them.
size_t FirstNoteLine(const Page& page) {
  std::array<bool, kMarks> referred{};
  for (size_t i = 0; i < page.size(); ++i) {
    const string_view text = page[i].text;
    const auto mark = LeadingMark(text);
    if (mark && referred[*mark]) return i;
    for (size_t at = text.find('\xE2', 1); at != string_view::npos;
         at = text.find('\xE2', at + 1)) {
      if (const auto inside = LeadingMark(text.substr(at))) referred[*inside] = true;
    }
  }
  return page.size();
}

// Moves footnotes, which stand below the body, to the line that refers to them. The mark goes.
void MoveNotes(Page& page) {
  const size_t first = FirstNoteLine(page);
  std::array<std::string, kMarks> notes;
  size_t current = 0;
  for (size_t i = first; i < page.size(); ++i) {
    string_view text = page[i].text;
    const auto mark = LeadingMark(text);
    if (mark && notes[*mark].empty()) {
      current = *mark;
      text = StripBlanks(text.substr(kMarkBytes));
    }
    notes[current] += text;
  }
  page.resize(first);
  for (size_t mark = 0; mark < kMarks; ++mark) {
    if (notes[mark].empty()) continue;
    std::string sign;
    AppendUtf8(sign, static_cast<char32_t>(0x2460 + mark));
    const auto line = std::find_if(page.begin(), page.end(), [&sign](const PdfLine& candidate) {
      return candidate.text.find(sign, 1) != std::string::npos;
    });
    if (line == page.end()) {
      page.back().notes.push_back(std::move(notes[mark]));
      continue;
    }
    line->text.erase(line->text.find(sign, 1), sign.size());
    line->notes.push_back(std::move(notes[mark]));
  }
}

}  // namespace

bool EndsAsTitle(string_view text) {
  for (const string_view end : {"法", "条例", "办法", "规定", "细则", "规则", "决定", "通知",
                                "意见", "方案", "公告", "指南", "标准"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

absl::StatusOr<std::vector<PdfLine>> BodyLines(string_view text) {
  std::vector<Page> pages;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\f'), text.size());
    ASSIGN_OR_RETURN(Page page,
                     SplitPage(text.substr(0, end), static_cast<uint32_t>(pages.size() + 1)));
    pages.push_back(std::move(page));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const std::map<std::string, size_t> heads = Repeated(pages, Edge::kTop);
  const std::map<std::string, size_t> feet = Repeated(pages, Edge::kBottom);
  std::vector<PdfLine> lines;
  for (Page& page : pages) {
    DropEdge(page, Edge::kTop, heads);
    DropEdge(page, Edge::kBottom, feet);
    MoveNotes(page);
    std::move(page.begin(), page.end(), std::back_inserter(lines));
  }
  return lines;
}

}  // namespace policykb
