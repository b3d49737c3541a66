#include "indexer/readers/html_tags.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "core/base/strings.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kMaxListDepth = 64;
constexpr string_view kDroppedElements[] = {"script", "style", "nav", "svg"};
constexpr string_view kBlockElements[] = {
    "p",      "div",   "section",    "article", "header",  "footer", "main",       "aside",
    "table",  "thead", "tbody",      "tfoot",   "caption", "form",   "hr",         "fieldset",
    "legend", "pre",   "blockquote", "details", "summary", "figure", "figcaption", "dl",
    "dt",     "dd",    "address",    "option",  "select",  "body",   "html",       "head"};

template <size_t N>
bool IsOneOf(const string_view (&names)[N], string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

struct Tag {
  std::string name;  // lower case
  bool closing = false;
  size_t end = 0;  // behind ">", 0 when it is no tag
};

bool IsNameByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-'; }

Tag ReadTag(string_view text, size_t at) {
  Tag tag;
  size_t i = at + 1;
  if (i < text.size() && text[i] == '/') {
    tag.closing = true;
    ++i;
  }
  if (i >= text.size() || std::isalpha(static_cast<unsigned char>(text[i])) == 0) return tag;
  const size_t name = i;
  while (i < text.size() && IsNameByte(text[i])) ++i;
  if (i - name > 40 || i >= text.size()) return tag;
  for (size_t c = name; c < i; ++c) {
    tag.name += static_cast<char>(std::tolower(static_cast<unsigned char>(text[c])));
  }
  if (string_view(" \t\n/>").find(text[i]) == string_view::npos) return tag;
  bool quoted = false;
  for (; i < text.size() && text[i] != '<'; ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == '>' && !quoted) {
      tag.end = i + 1;
      break;
    }
  }
  return tag;
}

class Stripper {
 public:
  explicit Stripper(string_view text) : text_(text) { out_.text.reserve(text.size()); }

  MarkedText Run() {
    out_.lines.push_back(0);
    size_t at = 0;
    while (at < text_.size()) {
      const size_t tag = text_.find('<', at);
      Emit(text_.substr(at, (tag == string_view::npos ? text_.size() : tag) - at));
      if (tag == string_view::npos) break;
      at = tag > 0 && text_[tag - 1] == '\\' ? Literal(tag) : Handle(tag);
    }
    return std::move(out_);
  }

 private:
  size_t Literal(size_t at) {
    Emit(text_.substr(at, 1));
    return at + 1;
  }

  void Put(char c) {
    out_.text += c;
    if (c == '\n') out_.lines.push_back(line_);
  }

  void Emit(string_view words) {
    if (!swallow_ && !flatten()) {
      size_t at = 0;
      for (size_t end; (end = words.find('\n', at)) != string_view::npos; at = end + 1) {
        out_.text.append(words.substr(at, end - at));
        ++line_;
        Put('\n');
      }
      out_.text.append(words.substr(at));
      return;
    }
    for (const char c : words) {
      const bool line_end = c == '\n';
      if (line_end) ++line_;
      if (swallow_ && (c == ' ' || c == '\t' || line_end)) continue;
      swallow_ = false;
      if (line_end && in_heading_ && !in_row_ && blank_line_) EndHeading();
      blank_line_ = line_end || (blank_line_ && (c == ' ' || c == '\t'));
      Put(line_end && flatten() ? ' ' : c);
    }
  }

  bool flatten() const { return in_row_ || in_heading_; }

  void BreakParagraph() {
    if (flatten()) {
      if (!swallow_) Put(' ');
      return;
    }
    if (swallow_) return;
    Put('\n');
    Put('\n');
  }

  void EndHeading() {
    in_heading_ = false;
    swallow_ = false;
    BreakParagraph();
  }

  void EndRow() {
    if (!in_row_) return;
    if (header_cells_ > 0 && data_cells_ == 0) out_.text[row_at_] = kHeaderRowMark;
    in_row_ = false;
    swallow_ = false;
    BreakParagraph();
  }

  // Consumes what begins with "<" at `at`; returns where to go on.
  size_t Handle(size_t at) {
    if (text_.substr(at, 4) == "<!--") return HandleComment(at);
    if (text_.substr(at, 2) == "<!" || text_.substr(at, 2) == "<?") {
      const size_t end = text_.find_first_of("<>", at + 1);
      if (end == string_view::npos || text_[end] == '<') return Literal(at);
      return Skip(at, end + 1);
    }
    const Tag tag = ReadTag(text_, at);
    if (tag.end == 0 && tag.closing && IsOneOf(kBlockElements, tag.name)) return SkipBroken(at);
    if (tag.end == 0) return Literal(at);
    const bool self_closing = text_[tag.end - 2] == '/';
    if (!tag.closing && !self_closing && IsOneOf(kDroppedElements, tag.name)) {
      const size_t end = FindClosing(tag.name, tag.end);
      if (end != string_view::npos) return Skip(at, end);
    }
    Skip(at, tag.end);
    Apply(tag);
    return tag.end;
  }

  // "</p." in place of "</p>": up to the next tag or blank.
  size_t SkipBroken(size_t at) {
    const size_t end = std::min(text_.find_first_of("< \t\n", at + 1), text_.size());
    BreakParagraph();
    return Skip(at, end);
  }

  size_t HandleComment(size_t at) {
    const size_t close = no_comment_end_ ? string_view::npos : text_.find("-->", at + 4);
    if (close == string_view::npos) {
      no_comment_end_ = true;
      return Literal(at);
    }
    const bool header_end = StripAsciiSpace(text_.substr(at + 4, close - at - 4)) == "INFO END";
    Skip(at, close + 3);
    if (header_end && !flatten()) {
      swallow_ = false;
      Put('\n');
      Put(kHeaderEndMark);
      Put('\n');
    }
    return close + 3;
  }

  size_t Skip(size_t from, size_t to) {
    line_ += static_cast<uint32_t>(std::count(text_.begin() + static_cast<ptrdiff_t>(from),
                                              text_.begin() + static_cast<ptrdiff_t>(to), '\n'));
    return to;
  }

  // Offset behind the closing tag of a dropped element or of a table, npos when there is none.
  size_t FindClosing(string_view name, size_t from) {
    if (std::find(unclosed_.begin(), unclosed_.end(), name) != unclosed_.end()) {
      return string_view::npos;
    }
    for (size_t at = text_.find("</", from); at != string_view::npos;
         at = text_.find("</", at + 2)) {
      size_t i = 0;
      while (i < name.size() && at + 2 + i < text_.size() &&
             std::tolower(static_cast<unsigned char>(text_[at + 2 + i])) == name[i]) {
        ++i;
      }
      if (i < name.size()) continue;
      const size_t end = text_.find('>', at + 2 + i);
      return end == string_view::npos ? text_.size() : end + 1;
    }
    unclosed_.emplace_back(name);
    return string_view::npos;
  }

  void Apply(const Tag& tag) {
    const string_view name = tag.name;
    if (name == "br") {
      if (flatten() || swallow_) {
        Emit(" ");
      } else {
        Put(kBreakMark);
        Put('\n');
      }
    } else if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
      ApplyHeading(tag);
    } else if (name == "ul" || name == "ol") {
      ApplyList(tag);
    } else if (name == "li") {
      ApplyListEntry(tag);
    } else if (name == "tr" || name == "td" || name == "th" || name == "table") {
      ApplyTable(tag);
    } else if (IsOneOf(kBlockElements, name)) {
      if (in_heading_ && !swallow_ && !tag.closing) EndHeading();
      BreakParagraph();
    }
  }

  void ApplyHeading(const Tag& tag) {
    if (in_row_) return BreakParagraph();
    if (in_heading_) EndHeading();
    if (tag.closing) return;
    swallow_ = false;
    BreakParagraph();
    Put(kHeadingMark);
    Put(tag.name[1]);
    in_heading_ = true;
    swallow_ = true;
    blank_line_ = false;
  }

  void ApplyList(const Tag& tag) {
    if (in_heading_ && !swallow_) EndHeading();
    BreakParagraph();
    if (tag.closing) {
      if (!lists_.empty()) lists_.pop_back();
    } else if (lists_.size() < kMaxListDepth) {
      lists_.push_back(tag.name == "ol" ? 0 : -1);
    }
  }

  void ApplyListEntry(const Tag& tag) {
    if (in_heading_ && !swallow_) EndHeading();
    swallow_ = false;
    BreakParagraph();
    if (tag.closing || flatten()) return;
    if (!lists_.empty() && lists_.back() >= 0) {
      out_.text += Cat(++lists_.back(), ". ");
    } else {
      out_.text += "- ";
    }
    swallow_ = true;
  }

  void ApplyTable(const Tag& tag) {
    const bool is_table = tag.name == "table";
    if (is_table && !tag.closing) {
      if (IsClosedTable(tag.end)) ++table_depth_;
      BreakParagraph();
    } else if (table_depth_ == 0) {
      BreakParagraph();
    } else if (is_table) {
      if (--table_depth_ == 0) EndRow();
    } else if (tag.name == "tr" && table_depth_ == 1) {
      EndRow();
      if (tag.closing) return;
      if (in_heading_) EndHeading();
      swallow_ = false;
      BreakParagraph();
      row_at_ = out_.text.size();
      Put(kRowMark);
      in_row_ = true;
      swallow_ = true;
      header_cells_ = data_cells_ = 0;
    } else if (in_row_ && !tag.closing) {
      if (header_cells_ + data_cells_ > 0) Put(kCellMark);
      (tag.name == "th" ? header_cells_ : data_cells_) += 1;
      swallow_ = true;
    }
  }

  // True when a table whose tag ends at `at` is closed somewhere: an unclosed row must not swallow
  // the rest of the text.
  bool IsClosedTable(size_t at) {
    if (!last_table_end_) last_table_end_ = text_.rfind("</table");
    return *last_table_end_ != string_view::npos && *last_table_end_ >= at;
  }

  string_view text_;
  MarkedText out_;
  uint32_t line_ = 0;
  bool swallow_ = false;     // white space and line ends are left out until the next word
  bool in_heading_ = false;  // line ends become spaces
  bool in_row_ = false;
  bool blank_line_ = false;  // nothing but blanks since the last line end
  bool no_comment_end_ = false;
  std::vector<std::string> unclosed_;
  std::vector<int> lists_;  // entries so far of the ordered lists around, -1 for others
  int table_depth_ = 0;
  size_t row_at_ = 0;
  int header_cells_ = 0, data_cells_ = 0;
  std::optional<size_t> last_table_end_;
};

}  // namespace

MarkedText HtmlToMarks(string_view text) { return Stripper(text).Run(); }

}  // namespace policykb
