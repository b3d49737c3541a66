#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/front_matter.h"
#include "indexer/readers/html_tags.h"
#include "indexer/readers/inline_marks.h"
#include "indexer/readers/reader.h"
#include "indexer/readers/text_builder.h"

namespace policykb {
namespace {

using std::string_view;

// A line above "---" is a heading only when it is as short as one.
constexpr size_t kMaxUnderlinedBytes = 240;
constexpr int kMaxQuoteDepth = 16;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The character that a line of at least three equal marks is made of (blanks between them allowed),
// else 0.
char RuleCharacter(string_view line) {
  const char mark = line.front();
  if (mark != '-' && mark != '*' && mark != '_' && mark != '=') return '\0';
  size_t count = 0;
  for (const char c : line) {
    if (c == mark) {
      ++count;
    } else if (c != ' ' && c != '\t') {
      return '\0';
    }
  }
  return count >= 3 ? mark : '\0';
}

// Level of an ATX heading, with its words in `words`; 0 when it is none. "##" may touch words that
// are not ASCII.
uint8_t HeadingLevel(string_view line, string_view& words) {
  size_t level = 0;
  while (level < line.size() && line[level] == '#') ++level;
  if (level == 0 || level > 6) return 0;
  words = line.substr(level);
  const bool separated = words.empty() || LeadingBlank(words) > 0;
  const bool joined =
      level >= 2 && !words.empty() && (static_cast<unsigned char>(words[0]) & 0x80) != 0;
  if (!separated && !joined) return 0;
  words = StripBlanks(words);
  size_t end = words.size();
  while (end > 0 && words[end - 1] == '#') --end;
  if (end == 0 || TrailingBlank(words.substr(0, end)) > 0)
    words = StripBlanks(words.substr(0, end));
  return static_cast<uint8_t>(level);
}

struct ListMark {
  std::string mark;  // as it is kept
  size_t size = 0;   // bytes of the line up to the words
  bool may_interrupt = true;
};

std::optional<ListMark> ReadListMark(string_view line) {
  const auto blank_at = [line](size_t at) {
    return at < line.size() && (line[at] == ' ' || line[at] == '\t');
  };
  if ((line[0] == '-' || line[0] == '*' || line[0] == '+') && blank_at(1)) return ListMark{"- ", 2};
  size_t digits = 0;
  while (digits < line.size() && digits < 10 && IsDigit(line[digits])) ++digits;
  if (digits == 0 || digits == 10 || digits >= line.size()) return std::nullopt;
  if ((line[digits] != '.' && line[digits] != ')') || !blank_at(digits + 1)) return std::nullopt;
  std::string mark(line.substr(0, digits + 1));
  const bool is_one = mark == "1." || mark == "1)";
  return ListMark{mark + ' ', digits + 2, is_one};
}

// Cells of a table line.
std::vector<string_view> SplitCells(string_view line) {
  line = StripBlanks(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  std::vector<string_view> cells;
  size_t start = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '|') {
      cells.push_back(line.substr(start, i - start));
      start = i + 1;
    }
  }
  if (start < line.size()) cells.push_back(line.substr(start));
  return cells;
}

bool IsDelimiterRow(string_view line) {
  bool dash = false;
  bool pipe = false;
  for (const char c : line) {
    dash = dash || c == '-';
    pipe = pipe || c == '|';
    if (c != '-' && c != '|' && c != ':' && c != ' ' && c != '\t') return false;
  }
  return dash && pipe;
}

// "[id]: target" names a link and is no text.
bool IsLinkDefinition(string_view line) {
  if (!line.starts_with('[')) return false;
  const size_t close = line.find("]:");
  if (close == string_view::npos || close < 2 || close > 200) return false;
  const string_view target = StripBlanks(line.substr(close + 2));
  for (const string_view start : {"http://", "https://", "/", "#", "<", "./", "../", "mailto:"}) {
    if (target.starts_with(start)) return true;
  }
  return false;
}

class MarkdownReader {
 public:
  MarkdownReader(const MarkedText& marked, uint32_t first_line, CanonicalText start)
      : marked_(marked), first_line_(first_line), builder_(std::move(start)) {}

  CanonicalText Read() {
    const string_view text = marked_.text;
    size_t index = 0;
    for (size_t at = 0; at < text.size(); ++index) {
      const size_t end = std::min(text.find('\n', at), text.size());
      line_ = first_line_ +
              (marked_.lines.empty() ? static_cast<uint32_t>(index) : marked_.lines[index]);
      ReadLine(text.substr(at, end - at));
      at = end + 1;
    }
    Flush();
    return std::move(builder_.out());
  }

 private:
  struct Line {
    string_view words;
    bool hard_break = false;
  };

  void ReadLine(string_view line) {
    bool hard_break = line.ends_with("  ");
    line = StripBlanks(line);
    if (line.ends_with(kBreakMark)) {
      hard_break = true;
      line = StripBlanks(line.substr(0, line.size() - 1));
    }
    if (!fence_.empty()) return ReadFenced(line);
    for (int depth = 0; line.starts_with('>') && depth < kMaxQuoteDepth; ++depth) {
      line = StripBlanks(line.substr(1));
    }
    if (line.empty()) {
      Flush();
      in_table_ = false;
      return;
    }
    if (ReadMarked(line) || ReadRule(line) || ReadTable(line)) return;
    string_view words;
    if (const uint8_t level = HeadingLevel(line, words); level > 0) {
      Flush();
      builder_.Add(BlockKind::kHeading, OneLine(words), line_, level);
      return;
    }
    if (line.starts_with("```") || line.starts_with("~~~")) {
      const size_t marks = std::min(line.find_first_not_of(line[0]), line.size());
      if (line[0] == '~' || line.find('`', marks) == string_view::npos) {
        Flush();
        fence_ = line.substr(0, marks);
        return;
      }
    }
    if (paragraph_.empty() && IsLinkDefinition(line)) return;
    if (const auto mark = ReadListMark(line);
        mark && (mark->may_interrupt || paragraph_.empty() || kind_ == BlockKind::kListEntry)) {
      Flush();
      kind_ = BlockKind::kListEntry;
      mark_ = mark->mark;
      line = StripBlanks(line.substr(mark->size));
      for (const string_view box : {"[ ] ", "[x] ", "[X] "}) {
        if (line.starts_with(box)) line.remove_prefix(box.size());
      }
      if (line.empty()) return;
    }
    Append(line, hard_break);
  }

  void Append(string_view line, bool hard_break) {
    if (line.ends_with('\\') && !line.ends_with("\\\\")) {
      line.remove_suffix(1);
      hard_break = true;
    }
    if (paragraph_.empty()) paragraph_line_ = line_;
    paragraph_.push_back({line, hard_break});
  }

  void ReadFenced(string_view line) {
    if (line.starts_with(fence_) && line.find_first_not_of(fence_[0]) == string_view::npos) {
      fence_ = {};
      return;
    }
    builder_.Add(BlockKind::kParagraph, WithoutMarks(line), line_);
  }

  static std::string WithoutMarks(string_view line) {
    std::string words(line);
    std::erase_if(words, [](char c) { return c >= '\x01' && c <= '\x07'; });
    return words;
  }

  // Lines that the HTML pass made.
  bool ReadMarked(string_view line) {
    switch (line.front()) {
      case kHeaderEndMark:
        Flush();
        if (!builder_.out().header_blocks)
          builder_.out().header_blocks = builder_.out().blocks.size();
        return true;
      case kHeadingMark: {
        Flush();
        if (line.size() < 2) return true;
        const auto level = static_cast<uint8_t>(line[1] - '0');
        builder_.Add(BlockKind::kHeading, OneLine(line.substr(2)), line_, level);
        return true;
      }
      case kRowMark:
      case kHeaderRowMark: {
        Flush();
        std::vector<string_view> cells;
        string_view rest = line.substr(1);
        for (size_t end; (end = rest.find(kCellMark)) != string_view::npos;
             rest.remove_prefix(end + 1)) {
          cells.push_back(rest.substr(0, end));
        }
        cells.push_back(rest);
        AddRow(cells, line.front() == kHeaderRowMark, line_);
        return true;
      }
      default:
        return false;
    }
  }

  // Thematic breaks and underlined headings.
  bool ReadRule(string_view line) {
    const char rule = RuleCharacter(line);
    if (rule == '\0') return false;
    const bool underlines = (rule == '=' || rule == '-') && paragraph_.size() == 1 &&
                            kind_ == BlockKind::kParagraph &&
                            line.find_first_of(" \t") == string_view::npos &&
                            paragraph_[0].words.size() <= kMaxUnderlinedBytes;
    if (underlines) {
      const std::string words = OneLine(paragraph_[0].words);
      paragraph_.clear();
      builder_.Add(BlockKind::kHeading, words, paragraph_line_, rule == '=' ? 1 : 2);
    } else {
      Flush();
    }
    in_table_ = false;
    return true;
  }

  bool ReadTable(string_view line) {
    const bool has_pipe = line.find('|') != string_view::npos;
    if (in_table_) {
      if (has_pipe) {
        AddRow(SplitCells(line), false, line_);
        return true;
      }
      in_table_ = false;
      return false;
    }
    if (!has_pipe || paragraph_.empty() || !IsDelimiterRow(line)) return false;
    const string_view header = paragraph_.back().words;
    if (header.find('|') == string_view::npos ||
        SplitCells(header).size() != SplitCells(line).size()) {
      return false;
    }
    paragraph_.pop_back();
    const uint32_t header_line = line_ > 1 ? line_ - 1 : 1;
    Flush();
    AddRow(SplitCells(header), true, header_line);
    in_table_ = true;
    return true;
  }

  void AddRow(const std::vector<string_view>& cells, bool header, uint32_t line) {
    std::string row;
    bool any = false;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) row += " | ";
      const std::string words = OneLine(cells[i]);
      const string_view stripped = StripBlanks(words);
      any = any || !stripped.empty();
      row += stripped;
    }
    if (any) builder_.Add(BlockKind::kTableRow, row, line, 0, header);
  }

  // Words without marks, line breaks as spaces.
  static std::string OneLine(string_view words) {
    std::string out = StripInlineMarks(words);
    std::erase_if(out, [](char c) { return c >= '\x01' && c <= '\x07'; });
    return out;
  }

  void Flush() {
    if (paragraph_.empty()) {
      kind_ = BlockKind::kParagraph;
      mark_.clear();
      return;
    }
    raw_.clear();
    for (const Line& line : paragraph_) {
      if (!raw_.empty()) raw_ += '\n';
      raw_ += line.words;
      if (line.hard_break) raw_ += kBreakMark;
    }
    const std::string words = StripInlineMarks(raw_);
    std::string joined = mark_;
    size_t last_line = joined.size();
    bool hard_break = true;
    const string_view view = words;
    for (size_t at = 0; at <= view.size();) {
      const size_t end = std::min(view.find('\n', at), view.size());
      string_view line = view.substr(at, end - at);
      at = end + 1;
      const bool breaks = line.ends_with(kBreakMark);
      line = StripBlanks(line.substr(0, line.find(kBreakMark)));
      if (!line.empty()) {
        if (joined.size() > last_line) {
          const bool wrapped =
              !hard_break && IsWrapped(string_view(joined).substr(last_line), line);
          joined += wrapped ? ' ' : '\n';
          if (!wrapped) last_line = joined.size();
        }
        joined += line;
      }
      hard_break = breaks;
    }
    if (joined.size() > mark_.size()) builder_.Add(kind_, joined, paragraph_line_);
    paragraph_.clear();
    kind_ = BlockKind::kParagraph;
    mark_.clear();
  }

  const MarkedText& marked_;
  uint32_t first_line_;
  TextBuilder builder_;
  uint32_t line_ = 0;  // in the file
  std::vector<Line> paragraph_;
  uint32_t paragraph_line_ = 0;
  BlockKind kind_ = BlockKind::kParagraph;
  std::string mark_;
  std::string raw_;
  string_view fence_;
  bool in_table_ = false;
};

}  // namespace

absl::StatusOr<CanonicalText> ReadMarkdown(string_view bytes) {
  ASSIGN_OR_RETURN(const std::string clean, CleanText(bytes));
  CanonicalText start;
  ASSIGN_OR_RETURN(FrontMatter front_matter, ReadFrontMatter(clean));
  start.front_matter = std::move(front_matter.entries);
  const MarkedText marked = HtmlToMarks(string_view(clean).substr(front_matter.body));
  return MarkdownReader(marked, front_matter.body_line, std::move(start)).Read();
}

}  // namespace policykb
