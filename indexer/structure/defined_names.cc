#include "indexer/structure/defined_names.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "core/base/strings.h"
#include "core/text/document_title.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

using std::string_view;

constexpr size_t kFewestChars = 3;
constexpr size_t kMostNameBytes = 120;
// How far before a bracket the title may begin.
constexpr size_t kMostTitleBytes = 400;
constexpr size_t kShortestAcronym = 3;
constexpr size_t kLongestAcronym = 12;

// With a word for a legal text behind them they name a kind of text, not a text.
constexpr string_view kGeneralWords[] = {"本",   "该",   "实施", "管理", "暂行", "试行", "工作",
                                         "有关", "若干", "具体", "前述", "上述", "以上", "相关",
                                         "这个", "原",   "新",   "此",   "监督", "处理", "修正"};

constexpr string_view kQuotes[] = {"“", "”", "「", "」", "《", "》", "\"", "‘", "’", "'"};

string_view StripQuotes(string_view text) {
  for (bool again = true; again;) {
    again = false;
    text = StripAsciiSpace(text);
    for (const string_view quote : kQuotes) {
      if (text.starts_with(quote)) {
        text.remove_prefix(quote.size());
        again = true;
      }
      if (text.ends_with(quote)) {
        text.remove_suffix(quote.size());
        again = true;
      }
    }
  }
  return text;
}

bool IsAcronym(string_view text) {
  return text.size() >= kShortestAcronym && text.size() <= kLongestAcronym &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; });
}

// True for a name that tells its text from others wherever it is used.
bool IsTelling(string_view name) {
  if (name.size() > kMostNameBytes) return false;
  if (static_cast<unsigned char>(name.empty() ? 'a' : name.front()) < 0x80)
    return IsAcronym(name) || name.find(' ') != string_view::npos;
  if (CountChars(name) < kFewestChars) return false;
  for (const string_view mark : {"、", "，", "。", "；", "（", "(", "和", "或者", "以及"}) {
    if (name.find(mark) != string_view::npos) return false;
  }
  const string_view word = LegalWordAtEnd(name);
  if (word.empty()) return false;
  const string_view body = name.substr(0, name.size() - word.size());
  return !body.empty() &&
         std::find(std::begin(kGeneralWords), std::end(kGeneralWords), body) ==
             std::end(kGeneralWords) &&
         !body.starts_with("本") && !body.starts_with("该");
}

class Finder {
 public:
  explicit Finder(const Document& document)
      : text_(document.text), title_(ComparableTitle(document.title)) {
    if (title_.empty()) return;
    ReadTitle(document.title);
    ReadChinese();
    ReadCitedAs();
    ReadBracketsBehindTitle(document.title);
  }

  std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }

 private:
  void Add(string_view name) {
    name = StripQuotes(name);
    if (IsTelling(name) && ComparableTitle(name) != title_) names_.emplace(name);
  }

  // "Personal Information Protection Law (PIPL)" as the title.
  void ReadTitle(string_view title) {
    const size_t open = title.rfind('(');
    if (open == string_view::npos || !title.ends_with(")")) return;
    const string_view inside = title.substr(open + 1, title.size() - open - 2);
    if (IsAcronym(inside)) Add(inside);
  }

  // True when the text before `end` is the document's title, in book marks or at the end of a line.
  bool IsTitleBefore(size_t end) const {
    const size_t floor =
        end > kMostTitleBytes ? FloorToChar(text_, end - kMostTitleBytes) : size_t{0};
    string_view before = StripAsciiSpace(text_.substr(floor, end - floor));
    before = before.substr(before.rfind('\n') + 1);
    if (before.ends_with("》")) {
      const size_t open = before.rfind("《");
      return open != string_view::npos && ComparableTitle(before.substr(open)) == title_;
    }
    return ComparableTitle(before) == title_;
  }

  void ReadChinese() {
    constexpr string_view kMarker = "以下简称";
    for (size_t at = text_.find(kMarker); at != string_view::npos;
         at = text_.find(kMarker, at + kMarker.size())) {
      size_t open = at;
      if (text_.substr(0, at).ends_with("（")) {
        open -= 3;
      } else if (text_.substr(0, at).ends_with("(")) {
        open -= 1;
      } else {
        continue;
      }
      const size_t begin = at + kMarker.size();
      const size_t close =
          std::min(text_.find("）", begin), std::min(text_.find(')', begin), text_.size()));
      if (close - begin > kMostNameBytes || !IsTitleBefore(open)) continue;
      string_view name = text_.substr(begin, close - begin);
      for (const string_view link : {"为", "：", ":"}) {
        if (name.starts_with(link)) name.remove_prefix(link.size());
      }
      Add(name);
    }
  }

  void ReadCitedAs() {
    constexpr string_view kMarker = " may be cited as ";
    for (size_t at = text_.find(kMarker); at != string_view::npos;
         at = text_.find(kMarker, at + kMarker.size())) {
      const string_view before = text_.substr(0, at);
      const size_t line = before.rfind('\n') + 1;
      const size_t stop = before.rfind(". ");
      const size_t begin = stop == string_view::npos ? line : std::max(line, stop + 2);
      const string_view subject = before.substr(begin);
      if (!subject.starts_with("This ") && !subject.starts_with("These ")) continue;
      string_view name = text_.substr(at + kMarker.size());
      name = name.substr(0, name.find_first_of(".,;\n"));
      if (name.starts_with("the ")) name.remove_prefix(4);
      Add(name);
    }
  }

  // The title with a bracket behind it that holds an acronym, or a name in quotation marks.
  void ReadBracketsBehindTitle(string_view title) {
    title = title.substr(0, title.find(" ("));
    for (size_t at = text_.find(title); at != string_view::npos;
         at = text_.find(title, at + title.size())) {
      string_view behind = text_.substr(at + title.size());
      if (!behind.starts_with(" (")) continue;
      behind.remove_prefix(2);
      const size_t close = behind.find(')');
      if (close == string_view::npos || close > kMostNameBytes) continue;
      const string_view inside = behind.substr(0, close);
      const size_t open = std::min(inside.find('"'), inside.find("“"));
      if (IsAcronym(inside)) {
        Add(inside);
      } else if (open != string_view::npos && static_cast<unsigned char>(inside[0]) < 0x80) {
        string_view name = StripQuotes(inside.substr(open));
        if (name.starts_with("the ")) name.remove_prefix(4);
        Add(name);
      }
    }
  }

  string_view text_;
  std::string title_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<std::string> DefinedNames(const Document& document) { return Finder(document).names(); }

}  // namespace policykb
