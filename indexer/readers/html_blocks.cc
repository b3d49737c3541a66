#include "indexer/readers/html_blocks.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/html_style.h"
#include "indexer/readers/html_table.h"

namespace policykb {
namespace {

using std::string_view;

constexpr int64_t kMaxSpan = 1000;  // of a cell, as browsers limit it
constexpr int64_t kMaxListNumber = 1'000'000;

// Han characters and the punctuation that stands between them without spaces: quotes and dashes
// too, which other scripts set off themselves.
bool IsWide(char32_t code) {
  return IsHan(code) || (code >= 0x3001 && code <= 0x303F) || (code >= 0xFF01 && code <= 0xFF5E) ||
         (code >= 0x2014 && code <= 0x201D) || code == 0x2026;
}

char32_t LastChar(string_view text) {
  const size_t start = FloorToChar(text, text.size() - 1);
  return DecodeChar(text, start).code;
}

// Digits as raised or lowered ones, other words as they are: "10<sup>4</sup>" is not 104.
std::string Shifted(string_view words, bool raised) {
  static constexpr string_view kRaised[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  static constexpr string_view kLowered[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
  std::string out;
  for (const char c : words) {
    if (c < '0' || c > '9') return std::string(words);
    out += (raised ? kRaised : kLowered)[c - '0'];
  }
  return out;
}

// "photo_12.jpg" says nothing to a reader.
bool IsFileName(string_view words) {
  const size_t dot = words.rfind('.');
  return dot != string_view::npos && words.size() - dot <= 5 &&
         words.find(' ') == string_view::npos;
}

enum class Place { kPage, kCell };

class Walker {
 public:
  Walker(const HtmlTree& tree, size_t first, size_t last, Place place)
      : tree_(tree), first_(first), at_(first), last_(last), place_(place) {
    bytes_before_.reserve(last - first + 1);
    size_t bytes = 0;
    for (size_t i = first; i < last; ++i) {
      if (tree[i].name == "table") tables_.push_back(i);
      if (HtmlHeadingLevel(tree[i]) > 0) headings_.push_back(i);
      bytes_before_.push_back(bytes);
      bytes += tree[i].text.size();
    }
    bytes_before_.push_back(bytes);
  }

  std::vector<HtmlBlock> Run() {
    while (at_ < last_) {
      while (!frames_.empty() && frames_.back().end <= at_) Leave();
      const HtmlNode& node = tree_[at_];
      if (node.is_text()) {
        AddWords(node);
        ++at_;
      } else if (IsLeftOut(at_)) {
        at_ = node.end;
      } else {
        Enter(node);
      }
    }
    while (!frames_.empty()) Leave();
    Flush();
    return std::move(blocks_);
  }

 private:
  // An element around the current node.
  struct Frame {
    const HtmlNode* node = nullptr;
    size_t end = 0;
    bool block = false;
    int64_t entries = 0;  // of a list so far
    // What elements inside have from this one, unless they say otherwise.
    bool centred = false, emphasised = false, in_text = false, preformatted = false;
    bool raised = false, lowered = false;
    size_t list = SIZE_MAX;  // index of the list's frame
  };

  const Frame& frame() const {
    static const Frame outside;
    return frames_.empty() ? outside : frames_.back();
  }

  bool IsLeftOut(size_t index) const {
    const HtmlNode& node = tree_[index];
    if (IsHtmlApparatus(node) || IsHiddenHtml(node)) return true;
    if (node.name == "header" || node.name == "footer") {
      // Of the page, not of the text.
      return !frame().in_text && !HoldsMostWords(index);
    }
    // Some servers put the whole page into a form.
    return node.name == "form" && !HoldsMostWords(index);
  }

  bool HoldsMostWords(size_t index) const {
    const size_t bytes = bytes_before_[tree_[index].end - first_] - bytes_before_[index - first_];
    return bytes * 2 > bytes_before_.back();
  }

  void Enter(const HtmlNode& node) {
    if (node.name == "table" && ReadTable()) return;
    const bool block = IsHtmlBlock(node);
    if (block) BeginBlock(node);
    Frame inside = frame();
    inside.node = &node;
    inside.end = node.end;
    inside.block = block;
    inside.entries = 0;
    inside.centred = IsCentred(node).value_or(inside.centred);
    inside.emphasised = IsEmphasised(node).value_or(inside.emphasised);
    inside.in_text |= node.name == "article" || node.name == "main";
    inside.preformatted |= node.name == "pre";
    inside.raised |= node.name == "sup";
    inside.lowered |= node.name == "sub";
    if (node.name == "ol" || node.name == "ul") {
      inside.list = frames_.size();
      inside.entries = HtmlNumber(node, "start", 0, kMaxListNumber, 1) - 1;
    }
    frames_.push_back(inside);
    ++at_;
    if (node.name == "br") EndLine();
    if (node.name == "img") {
      const string_view alt = node.Attribute("alt").value_or("");
      if (!IsFileName(alt)) Append(alt, node.line);
    }
  }

  void Leave() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    if (frame.block) Flush();
    if (frame.node->name == "li") mark_.clear();
  }

  void BeginBlock(const HtmlNode& node) {
    Flush();
    line_ = node.line;
    if (const uint8_t level = HtmlHeadingLevel(node)) level_ = level;
    if (node.name != "li") return;
    if (frame().list == SIZE_MAX) {
      mark_ = ListMark(nullptr, 1);
      return;
    }
    Frame& list = frames_[frame().list];
    list.entries = HtmlNumber(node, "value", 0, kMaxListNumber, list.entries + 1);
    mark_ = ListMark(list.node, list.entries);
  }

  void AddWords(const HtmlNode& node) {
    // The line on which the words begin; the parser names the one on which they end.
    const size_t first = std::min(node.text.find_first_not_of(" \t\n"), node.text.size());
    const auto line_ends =
        std::count(node.text.begin() + static_cast<ptrdiff_t>(first), node.text.end(), '\n');
    const uint32_t line = node.line > line_ends ? node.line - static_cast<uint32_t>(line_ends) : 1;
    if (frame().raised || frame().lowered) {
      Append(Shifted(StripAsciiSpace(node.text), frame().raised), line);
    } else if (frame().preformatted) {
      for (const string_view part : Split(node.text, '\n')) {
        Append(part, line);
        EndLine();
      }
    } else {
      Append(node.text, line);
    }
  }

  void Append(string_view text, uint32_t line) {
    if (StripBlanks(ReplaceAll(text, "\n", " ")).empty()) {
      words_.Append(text);
      return;
    }
    if (line_ == 0) line_ = line;
    titular_ = titular_ && (place_ == Place::kCell || frame().centred) && frame().emphasised;
    words_.Append(text);
  }

  void EndLine() {
    std::string words = words_.Take();
    const string_view stripped = StripBlanks(words);
    // An empty line parts two paragraphs.
    if (stripped.empty()) {
      Flush();
    } else {
      lines_.push_back({std::string(stripped), titular_});
    }
    titular_ = true;
  }

  void Flush() {
    std::string words = words_.Take();
    if (const string_view stripped = StripBlanks(words); !stripped.empty()) {
      lines_.push_back({std::string(stripped), titular_});
    }
    titular_ = true;
    if (lines_.empty()) {
      level_ = 0;
      line_ = 0;
      return;
    }
    HtmlBlock block;
    block.line = line_;
    block.lines = std::move(lines_);
    if (level_ > 0) {
      block.kind = BlockKind::kHeading;
      block.level = level_;
      HtmlWords heading;
      // Source line ends do not part Han characters, and neither do those of a heading.
      for (const HtmlLine& line : block.lines) heading.Append(Cat("\n", line.words));
      block.lines = {{heading.Take(), false}};
    } else if (!mark_.empty()) {
      block.kind = BlockKind::kListEntry;
      block.mark = std::exchange(mark_, "");
    }
    blocks_.push_back(std::move(block));
    lines_.clear();
    level_ = 0;
    line_ = 0;
  }

  // Reads the table at the current node where it holds data; false for a table of the layout.
  bool ReadTable() {
    const HtmlNode& table = tree_[at_];
    const auto holds = [this, &table](const std::vector<size_t>& places) {
      const auto next = std::upper_bound(places.begin(), places.end(), at_);
      return next != places.end() && *next < table.end;
    };
    const auto role = table.Attribute("role");
    if (role == "presentation" || role == "none" || holds(tables_) || holds(headings_))
      return false;
    std::vector<HtmlRow> rows;
    std::vector<HtmlBlock> captions;
    bool in_head = false;
    size_t head_end = 0;
    for (size_t i = at_ + 1; i < table.end;) {
      const HtmlNode& node = tree_[i];
      if (i >= head_end) in_head = false;
      if (node.is_text() || IsHtmlApparatus(node) || IsHiddenHtml(node)) {
        i = node.is_text() ? i + 1 : node.end;
      } else if (node.name == "caption") {
        captions = Walker(tree_, i + 1, node.end, Place::kPage).Run();
        i = node.end;
      } else if (node.name == "thead") {
        in_head = true;
        head_end = node.end;
        ++i;
      } else if (node.name == "tr") {
        rows.push_back({{}, node.line, in_head});
        ++i;
      } else if (node.name == "td" || node.name == "th") {
        if (rows.empty()) rows.push_back({{}, node.line, in_head});
        rows.back().cells.push_back(ReadCell(i));
        i = node.end;
      } else {
        ++i;
      }
    }
    const bool parts_of_page = rows.size() == 1 && long_cell_;
    long_cell_ = false;
    if (parts_of_page || !IsDataTable(rows)) return false;
    Flush();
    std::move(captions.begin(), captions.end(), std::back_inserter(blocks_));
    std::vector<HtmlBlock> blocks = TableBlocks(std::move(rows));
    std::move(blocks.begin(), blocks.end(), std::back_inserter(blocks_));
    at_ = table.end;
    return true;
  }

  HtmlCell ReadCell(size_t index) {
    const HtmlNode& node = tree_[index];
    HtmlCell cell;
    cell.columns = static_cast<uint32_t>(HtmlNumber(node, "colspan", 1, kMaxSpan, 1));
    cell.rows = static_cast<uint32_t>(HtmlNumber(node, "rowspan", 1, kMaxSpan, 1));
    cell.header = node.name == "th";
    // No table is inside, so this is entered once.
    const std::vector<HtmlBlock> blocks = Walker(tree_, index + 1, node.end, Place::kCell).Run();
    cell.emphasised = !blocks.empty();
    for (const HtmlBlock& block : blocks) {
      if (!cell.words.empty()) cell.words += ' ';
      cell.words += block.mark;
      for (size_t i = 0; i < block.lines.size(); ++i) {
        if (i > 0) cell.words += ' ';
        cell.words += block.lines[i].words;
        cell.emphasised = cell.emphasised && block.lines[i].titular;
      }
    }
    long_cell_ = long_cell_ || blocks.size() > 2;
    return cell;
  }

  const HtmlTree& tree_;
  size_t first_, at_, last_;
  Place place_;                            // in a cell words count as set off without being centred
  std::vector<size_t> tables_, headings_;  // where they are, ascending
  std::vector<size_t> bytes_before_;       // of words, by node from first_
  std::vector<HtmlBlock> blocks_;
  std::vector<Frame> frames_;

  // The block that goes on at the current node.
  HtmlWords words_;  // its last line
  bool titular_ = true;
  std::vector<HtmlLine> lines_;
  uint8_t level_ = 0;
  uint32_t line_ = 0;
  std::string mark_;

  bool long_cell_ = false;
};

}  // namespace

void HtmlWords::Append(string_view text) {
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == ' ' || c == '\n' || c == '\t') {
      space_ = true;
      line_end_ = line_end_ || c == '\n';
      ++at;
      continue;
    }
    const DecodedChar next = DecodeChar(text, at);
    if (space_ && !words_.empty()) {
      const char32_t last = LastChar(words_);
      const bool source_only =
          line_end_ && IsWide(next.code) && IsWide(last) && (IsHan(next.code) || IsHan(last));
      if (!source_only) words_ += ' ';
    }
    space_ = line_end_ = false;
    words_ += text.substr(at, next.size);
    at += next.size;
  }
}

std::string HtmlWords::Take() {
  space_ = line_end_ = false;
  return std::exchange(words_, "");
}

std::vector<HtmlBlock> ReadHtmlBlocks(const HtmlTree& tree) {
  return Walker(tree, 0, tree.size(), Place::kPage).Run();
}

}  // namespace policykb
