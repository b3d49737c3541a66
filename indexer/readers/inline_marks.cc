#include "indexer/readers/inline_marks.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <vector>

#include "core/text/utf8.h"
#include "indexer/readers/characters.h"

namespace policykb {
namespace {

using std::string_view;

// Stands in for a mark that turned out to be one; cleaned text cannot hold it.
constexpr char kDeleted = '\x01';
constexpr size_t kMaxOpenBrackets = 1000;

constexpr std::array<bool, 256> MakeSpecialTable() {
  std::array<bool, 256> special{};
  for (const char c : {'\\', '&', '[', ']', '!', '<', '*', '_', '`', '~'}) {
    special[static_cast<unsigned char>(c)] = true;
  }
  return special;
}
constexpr std::array<bool, 256> kSpecial = MakeSpecialTable();

struct NamedCharacter {
  string_view name;
  char32_t code;
};
constexpr NamedCharacter kNamedCharacters[] = {
    {"amp", '&'},      {"lt", '<'},       {"gt", '>'},        {"quot", '"'},     {"apos", '\''},
    {"nbsp", ' '},     {"ensp", ' '},     {"emsp", ' '},      {"thinsp", ' '},   {"copy", 0xA9},
    {"reg", 0xAE},     {"trade", 0x2122}, {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013},
    {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C},  {"rdquo", 0x201D}, {"middot", 0xB7},
    {"bull", 0x2022},  {"sect", 0xA7},    {"para", 0xB6},     {"deg", 0xB0},     {"times", 0xD7},
    {"divide", 0xF7},  {"plusmn", 0xB1},  {"laquo", 0xAB},    {"raquo", 0xBB},   {"zwnj", 0x200C},
    {"zwj", 0x200D},   {"lrm", 0x200E},   {"rlm", 0x200F},    {"shy", 0xAD},     {"euro", 0x20AC},
    {"pound", 0xA3},   {"yen", 0xA5},     {"cent", 0xA2},     {"larr", 0x2190},  {"rarr", 0x2192},
    {"eacute", 0xE9},  {"frac12", 0xBD},  {"frac14", 0xBC},   {"frac34", 0xBE},  {"iexcl", 0xA1}};

bool IsAsciiPunctuation(char c) { return std::ispunct(static_cast<unsigned char>(c)) != 0; }
bool IsWordByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

class Inline {
 public:
  explicit Inline(string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string Run() {
    while (at_ < text_.size()) {
      size_t plain = at_;
      while (plain < text_.size() && !kSpecial[static_cast<unsigned char>(text_[plain])]) ++plain;
      out_.append(text_.substr(at_, plain - at_));
      at_ = plain;
      if (at_ < text_.size()) Step();
    }
    if (deleted_) std::erase(out_, kDeleted);
    return std::move(out_);
  }

 private:
  void Literal(size_t size) {
    out_.append(text_.substr(at_, size));
    at_ += size;
  }

  void Step() {
    const char c = text_[at_];
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '`') return StepCode();
    if (c == '&') return StepReference();
    if (in_code_) return Literal(1);
    switch (c) {
      case '\\':
        if (IsAsciiPunctuation(next)) ++at_;
        return Literal(1);
      case '!':
        if (next != '[') return Literal(1);
        return OpenBracket(2);
      case '[':
        return OpenBracket(1);
      case ']':
        return CloseBracket();
      case '<':
        return StepAutolink();
      default:
        return StepDelimiter(c);
    }
  }

  void StepCode() {
    const size_t end = std::min(text_.find_first_not_of('`', at_), text_.size());
    in_code_ = !in_code_;
    at_ = end;
  }

  void StepReference() {
    constexpr size_t kMaxName = 10;
    const string_view rest = text_.substr(at_ + 1, kMaxName + 1);
    const size_t semicolon = rest.find(';');
    if (semicolon == string_view::npos || semicolon == 0) return Literal(1);
    const string_view name = rest.substr(0, semicolon);
    char32_t code = 0;
    if (name[0] == '#') {
      const bool hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
      const string_view digits = name.substr(hex ? 2 : 1);
      if (digits.empty() || digits.size() > 7) return Literal(1);
      for (const char d : digits) {
        const auto u = static_cast<unsigned char>(d);
        if (hex ? std::isxdigit(u) == 0 : std::isdigit(u) == 0) return Literal(1);
        const int value = std::isdigit(u) != 0 ? d - '0' : (std::tolower(u) - 'a' + 10);
        code = code * (hex ? 16 : 10) + static_cast<char32_t>(value);
      }
      if (code == '\n' || code == '\t' || code == 0xA0) code = ' ';
      if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
    } else {
      const auto* found = std::find_if(std::begin(kNamedCharacters), std::end(kNamedCharacters),
                                       [name](const NamedCharacter& n) { return n.name == name; });
      if (found == std::end(kNamedCharacters)) return Literal(1);
      code = found->code;
    }
    if (!IsDroppedChar(code)) AppendUtf8(out_, code);
    at_ += semicolon + 2;
  }

  void OpenBracket(size_t size) {
    if (brackets_.size() < kMaxOpenBrackets) brackets_.push_back({out_.size(), size == 2});
    Literal(size);
  }

  void CloseBracket() {
    if (brackets_.empty()) return Literal(1);
    const Bracket open = brackets_.back();
    brackets_.pop_back();
    const size_t target_end = LinkTargetEnd(at_ + 1);
    if (target_end == 0) return Literal(1);
    if (open.image) {
      out_.resize(open.at);
      for (auto& runs : open_) {
        for (size_t& run : runs) run = run > open.at ? 0 : run;
      }
    } else {
      out_[open.at] = kDeleted;
      deleted_ = true;
    }
    at_ = target_end;
  }

  // Offset behind "(target "title")" at `from`; 0 when that is none. A bracket ends the search,
  // which keeps it linear.
  size_t LinkTargetEnd(size_t from) const {
    if (from >= text_.size() || text_[from] != '(') return 0;
    int depth = 0;
    bool quoted = false;
    bool blank = false;
    for (size_t i = from; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '[' || c == ']') return 0;
      if (c == '"') quoted = !quoted;
      if (quoted) continue;
      if (blank && c != ' ' && c != ')' && c != '\'' && c != '"' && text_[i - 1] != '"') return 0;
      if (c == ' ' || c == '\n') blank = i > from + 1;
      if (c == '(') ++depth;
      if (c == ')' && --depth == 0) return i + 1;
    }
    return 0;
  }

  // "<https://...>" and "<a@b.c>" keep what is between the brackets; any other "<" is text.
  void StepAutolink() {
    size_t i = at_ + 1;
    bool link = false;
    for (; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '>' || c == '<' || c == ' ' || c == '\n' ||
          (static_cast<unsigned char>(c) & 0x80) != 0)
        break;
      link = link || c == ':' || c == '@';
    }
    if (!link || i >= text_.size() || text_[i] != '>') return Literal(1);
    ++at_;
    Literal(i - at_);
    ++at_;
  }

  // Emphasis: a run of marks closes the last open run of the same character and length.
  void StepDelimiter(char c) {
    const size_t end = std::min(text_.find_first_not_of(c, at_), text_.size());
    const size_t size = end - at_;
    if (size > 3 || (c == '~' && size != 2)) return Literal(size);
    const char before = at_ == 0 ? ' ' : text_[at_ - 1];
    const char after = end < text_.size() ? text_[end] : ' ';
    const bool word_bound = c == '_' || (c == '*' && size == 1);
    const bool blank_before = before == ' ' || before == '\n' || before == '\t';
    const bool blank_after = after == ' ' || after == '\n' || after == '\t' || after == '\x06';
    const bool closes = !blank_before && !(word_bound && IsInsideWord(after));
    const bool opens = !blank_after && !(word_bound && IsInsideWord(before));
    size_t& open = open_[c == '*' ? 0 : c == '_' ? 1 : 2][size - 1];
    if (closes && open != 0) {
      std::fill_n(out_.begin() + static_cast<ptrdiff_t>(open - 1), size, kDeleted);
      open = 0;
      deleted_ = true;
      at_ = end;
      return;
    }
    if (opens) open = out_.size() + 1;
    Literal(size);
  }

  // Marks between words are no emphasis: 5*3, snake_case. Full-width punctuation counts as a word
  // here, which keeps the test to one byte; pairs of two marks do not use it.
  static bool IsInsideWord(char c) { return IsWordByte(c); }

  struct Bracket {
    size_t at = 0;  // in out_
    bool image = false;
  };
  string_view text_;
  size_t at_ = 0;
  std::string out_;
  bool in_code_ = false;
  bool deleted_ = false;
  std::vector<Bracket> brackets_;
  size_t open_[3][3] = {};  // offset + 1 in out_ of the last open run, by character and length
};

}  // namespace

std::string StripInlineMarks(string_view text) {
  const bool plain = std::none_of(text.begin(), text.end(),
                                  [](char c) { return kSpecial[static_cast<unsigned char>(c)]; });
  return plain ? std::string(text) : Inline(text).Run();
}

}  // namespace policykb
