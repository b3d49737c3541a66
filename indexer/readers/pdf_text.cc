#include "indexer/readers/pdf_text.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/numerals.h"
#include "core/text/provision_reference.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/pdf_pages.h"
#include "indexer/readers/table_header.h"
#include "indexer/readers/text_builder.h"

namespace policykb {
namespace {

using std::string_view;

// Columns. pdftotext shows an indent of two Chinese characters as one to four of them. A line that
// ends by the slack before the margin is still full, since a character that may not begin a line
// takes its neighbour along.
constexpr size_t kIndent = 1;
constexpr size_t kSlack = 5;
// Words on a line of their own that end a title: "ban fa", "ruo gan gui ding".
constexpr size_t kMaxTitleEnd = 6;
// Where no line is longer, no line is broken by the page's width.
constexpr size_t kMinWidth = 20;
// Lines at the beginning in which a title may go over several.
constexpr size_t kTitleLines = 6;

bool EndsWithAny(string_view text, std::initializer_list<string_view> ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [text](string_view end) { return text.ends_with(end); });
}

bool EndsSentence(string_view text) {
  return EndsWithAny(text, {"。", "；", "：", "！", "？", "”", "）", ".", ";", ":", "!", "?"});
}

bool EndsInside(string_view text) { return EndsWithAny(text, {"，", "、", "（", "《", ","}); }

size_t WithBlank(string_view text, size_t size) {
  return size < text.size() && LeadingBlank(text.substr(size)) > 0 ? size : 0;
}

// Bytes of "1. ", "12) ", a bullet or a dash at the beginning; 0 without one.
size_t ListMarkSize(string_view text) {
  for (const string_view bullet : {"•", "●", "■", "◆", "▪", "-", "\xEF\x82\xB7"}) {
    if (text.starts_with(bullet)) return WithBlank(text, bullet.size());
  }
  size_t digits = 0;
  while (digits < text.size() && digits < 4 && text[digits] >= '0' && text[digits] <= '9') ++digits;
  if (digits == 0 || digits == text.size()) return 0;
  return text[digits] == '.' || text[digits] == ')' ? WithBlank(text, digits + 1) : 0;
}

// "(yi)", "1.", "yi,", "di yi zhang", "di yi tiao", "Chapter 1": what begins a block of its own.
bool BeginsWithLabel(string_view text) {
  if (ConsumeArticleLabel(text) || ListMarkSize(text) > 0) return true;
  for (const string_view word : {"Chapter ", "CHAPTER ", "Part ", "PART "}) {
    if (text.starts_with(word)) return true;
  }
  for (const string_view open : {"（", "(", "第"}) {
    if (!text.starts_with(open)) continue;
    const auto number = ConsumeNumeral(text.substr(open.size()));
    if (!number) return false;
    const string_view rest = text.substr(open.size() + number->size);
    for (const string_view close : {"）", ")", "编", "章", "节", "分编", "部分", "号"}) {
      if (rest.starts_with(close)) return true;
    }
    return false;
  }
  const auto number = ConsumeNumeral(text);
  if (!number) return false;
  const string_view rest = text.substr(number->size);
  return rest.starts_with("、") || rest.starts_with("．");
}

// Columns that the first word, or the first Chinese character, of a line takes.
size_t FirstWordColumns(string_view text) {
  const size_t ascii = static_cast<size_t>(
      std::find_if(text.begin(), text.end(), [](char c) { return c <= ' ' || c > '~'; }) -
      text.begin());
  return std::max<size_t>(ascii, 2);
}

// What all pages have in common.
struct Layout {
  size_t width = 0;      // columns of a full line
  bool indents = false;  // paragraphs begin with an indent
  bool spaced = false;   // blank lines stand between all lines and say nothing
  bool gaps = false;     // paragraphs are set apart by blank lines
};

Layout MeasureLayout(const std::vector<PdfLine>& lines) {
  Layout layout;
  std::vector<size_t> ends;
  size_t sentences = 0;
  size_t indented = 0;
  size_t gaps = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].cells.empty()) ends.push_back(lines[i].end);
    if (i > 0 && lines[i].gap_before && lines[i].page == lines[i - 1].page) ++gaps;
    if (i == 0 || !EndsSentence(lines[i - 1].text)) continue;
    ++sentences;
    if (lines[i].indent >= kIndent) ++indented;
  }
  if (!ends.empty()) {
    // The widest, but for one in a hundred that sticks out.
    const auto nth = ends.begin() + static_cast<ptrdiff_t>((ends.size() - 1) * 99 / 100);
    std::nth_element(ends.begin(), nth, ends.end());
    layout.width = *nth;
  }
  layout.indents = indented * 2 > sentences;
  layout.spaced = lines.size() > 4 && gaps * 3 > lines.size() * 2;
  layout.gaps = !layout.spaced && gaps * 5 >= lines.size();
  return layout;
}

class PdfBlocks {
 public:
  explicit PdfBlocks(std::vector<PdfLine> lines)
      : lines_(std::move(lines)), layout_(MeasureLayout(lines_)) {}

  CanonicalText Build() {
    for (size_t i = 0; i < lines_.size();) {
      if (const size_t rows = CountTableRows(i); rows > 0) {
        Flush();
        AddRows(i, i + rows);
        i += rows;
        continue;
      }
      if (!text_.empty() && !GoesOn(i)) Flush();
      Append(lines_[i]);
      ++i;
    }
    Flush();
    return std::move(builder_.out());
  }

 private:
  // Lines from `at` on that are rows of one table: at least two with as many cells, on one page.
  size_t CountTableRows(size_t at) const {
    const PdfLine& first = lines_[at];
    size_t rows = 0;
    while (at + rows < lines_.size() && !first.cells.empty() &&
           lines_[at + rows].cells.size() == first.cells.size() &&
           lines_[at + rows].page == first.page) {
      ++rows;
    }
    return rows >= 2 ? rows : 0;
  }

  void AddRows(size_t first, size_t last) {
    const bool header = lines_[first].cells.size() >= 3 && NamesColumns(lines_[first].cells);
    for (size_t i = first; i < last; ++i) {
      builder_.Add(BlockKind::kTableRow, Join(lines_[i].cells, " | "), lines_[i].page, 0,
                   header && i == first);
    }
    for (size_t i = first; i < last; ++i) AddNotes(lines_[i].notes);
  }

  // True when line `i` belongs to the paragraph that line `i - 1` is part of.
  bool GoesOn(size_t i) const {
    const PdfLine& before = lines_[i - 1];
    const PdfLine& line = lines_[i];
    const bool new_page = before.page != line.page;
    if (line.gap_before && !new_page && !layout_.spaced) return false;
    const bool ended = EndsSentence(before.text);
    const bool full = layout_.width >= kMinWidth &&
                      before.end + FirstWordColumns(line.text) + kSlack > layout_.width;
    const bool indented = line.indent >= kIndent;
    if (i < kTitleLines && IsTitleGoingOn(before.text, line.text)) return true;
    if (ended && (indented || !full)) return false;
    if (BeginsWithLabel(line.text)) {
      // A reference that came to stand at the margin goes on; a label is indented there.
      return layout_.indents && !indented && full && !ended;
    }
    if (EndsInside(before.text) && !indented) return true;
    if (!full) return false;
    if (ended) return layout_.indents || layout_.gaps;
    // In the middle of a sentence: a line further in than the one before begins something.
    return line.indent < before.indent + kIndent || !layout_.indents;
  }

  // A title over two lines: "guan yu ... de" and "tong zhi".
  static bool IsTitleGoingOn(string_view title, string_view line) {
    if (EndsSentence(title) || title.find("，") != string_view::npos || EndsSentence(line) ||
        BeginsWithLabel(title) || BeginsWithLabel(line)) {
      return false;
    }
    const size_t open = title.rfind("《");
    const bool in_book_marks =
        open != string_view::npos && title.find("》", open) == string_view::npos;
    const bool ends_it = CountChars(line) <= kMaxTitleEnd && EndsAsTitle(line);
    return in_book_marks || ends_it || line.starts_with("关于") ||
           EndsWithAny(title, {"的", "关于", "和", "与", "及", "、"});
  }

  void Append(const PdfLine& line) {
    string_view words = line.text;
    if (text_.empty()) {
      page_ = line.page;
      if (const size_t mark = ListMarkSize(words)) {
        kind_ = BlockKind::kListEntry;
        const bool number = words[0] >= '0' && words[0] <= '9';
        text_ = number ? Cat(words.substr(0, mark), " ") : "- ";
        words = StripBlanks(words.substr(mark));
      }
    } else if (IsHyphenated(text_, words)) {
      text_.pop_back();
    } else if (static_cast<unsigned char>(text_.back()) < 0x80 &&
               static_cast<unsigned char>(words.front()) < 0x80) {
      text_ += ' ';
    }
    text_ += words;
    notes_.insert(notes_.end(), line.notes.begin(), line.notes.end());
  }

  static bool IsHyphenated(string_view text, string_view next) {
    const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
    return text.size() >= 2 && text.back() == '-' && is_lower(text[text.size() - 2]) &&
           is_lower(next.front());
  }

  void Flush() {
    builder_.Add(kind_, text_, page_);
    text_.clear();
    kind_ = BlockKind::kParagraph;
    AddNotes(std::exchange(notes_, {}));
  }

  void AddNotes(const std::vector<std::string>& notes) {
    for (const std::string& note : notes) {
      builder_.Add(BlockKind::kParagraph, Cat("注", ++note_count_, "：", note), page_);
    }
  }

  std::vector<PdfLine> lines_;
  Layout layout_;
  TextBuilder builder_{CanonicalText()};
  std::string text_;
  BlockKind kind_ = BlockKind::kParagraph;
  uint32_t page_ = 0;
  std::vector<std::string> notes_;
  int note_count_ = 0;
};

}  // namespace

absl::StatusOr<CanonicalText> BlocksOfPages(string_view text) {
  ASSIGN_OR_RETURN(std::vector<PdfLine> lines, BodyLines(text));
  return PdfBlocks(std::move(lines)).Build();
}

}  // namespace policykb
