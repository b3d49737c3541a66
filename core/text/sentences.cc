#include "core/text/sentences.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "core/text/utf8.h"

namespace policykb {

namespace {

using std::string_view;

bool IsLineEnd(char32_t c) {
  return c == U'\n' || c == U'\r' || c == U'\v' || c == U'\f' || c == 0x85 || c == 0x2028 ||
         c == 0x2029;
}

bool IsSpace(char32_t c) {
  return c == U' ' || c == U'\t' || IsLineEnd(c) || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

// U+3002, its half-width form, full-width ! and ?, double and mixed marks.
bool EndsChinese(char32_t c) {
  return c == 0x3002 || c == 0xFF61 || c == 0xFF01 || c == 0xFF1F || c == 0x203C ||
         (c >= 0x2047 && c <= 0x2049);
}

bool EndsAscii(char32_t c) { return c == U'.' || c == U'?' || c == U'!'; }

// Closing quotes and brackets whose direction is certain.
bool IsCloser(char32_t c) {
  switch (c) {
    case U')':
    case U']':
    case U'}':
    case 0x2019:  // single quote
    case 0x201D:  // double quote
    case 0x300B:  // double angle bracket
    case 0x3009:  // angle bracket
    case 0x300D:  // corner bracket
    case 0x300F:  // white corner bracket
    case 0x3011:  // lenticular bracket
    case 0x3015:  // tortoise shell bracket
    case 0xFF09:  // full-width forms
    case 0xFF3D:
    case 0xFF5D:
      return true;
    default:
      return false;
  }
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsLower(c) || IsUpper(c); }

// Lower case, without the last dot, sorted.
constexpr std::array<string_view, 35> kAbbreviations = {
    "approx", "apr", "art",  "arts",  "aug",  "ave", "blvd", "cf",   "cl",  "co",  "corp",   "dec",
    "dept",   "dr",  "eq",   "feb",   "ft",   "gov", "hon",  "inc",  "jan", "ltd", "messrs", "mr",
    "mrs",    "ms",  "para", "paras", "prof", "sec", "secs", "sept", "st",  "v",   "vs"};
// Abbreviations only where a number follows.
constexpr std::array<string_view, 13> kBeforeNumber = {
    "ch", "fig", "figs", "jul", "jun", "mar", "no", "nos", "nov", "oct", "p", "pp", "vol"};
static_assert(std::is_sorted(kAbbreviations.begin(), kAbbreviations.end()));
static_assert(std::is_sorted(kBeforeNumber.begin(), kBeforeNumber.end()));

bool Holds(const auto& sorted, string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

// The longest word that an abbreviation or enumerator may be; longer ones need no look.
constexpr size_t kLongestShortWord = 12;

class Splitter {
 public:
  explicit Splitter(string_view text) : text_(text) {}

  std::vector<Span> Run() {
    size_t at = 0;
    while (at < text_.size()) {
      const DecodedChar decoded = DecodeChar(text_, at);
      const char32_t c = decoded.code;
      const size_t next = at + decoded.size;
      if (IsLineEnd(c)) {
        Close();
      } else if (IsSpace(c)) {
        // Neither begins nor prolongs a sentence until something follows.
      } else {
        if (!open_) Open(at);
        end_ = next;
        if (c == U'"') quotes_ ^= 1;
        if (EndsChinese(c) || (c == 0xFF0E && EndsAfterFullWidthDot(at, next))) {
          end_ = TakeClosers(next);
          at = end_;
          Close();
          continue;
        }
        if (EndsAscii(c)) {
          const size_t closed = TakeClosers(next);
          if (EndsAfterAscii(static_cast<char>(c), at, closed)) {
            end_ = closed;
            at = closed;
            Close();
            continue;
          }
        }
      }
      at = next;
    }
    Close();
    return std::move(spans_);
  }

 private:
  void Open(size_t at) {
    open_ = true;
    start_ = at;
    quotes_ = 0;
  }

  void Close() {
    if (open_) spans_.push_back({static_cast<uint32_t>(start_), static_cast<uint32_t>(end_)});
    open_ = false;
  }

  // Past further end marks and the closing quotes and brackets from `at`. A straight double quote
  // closes when the sentence has opened one.
  size_t TakeClosers(size_t at) const {
    int quotes = quotes_;
    while (at < text_.size()) {
      const DecodedChar decoded = DecodeChar(text_, at);
      if (decoded.code == U'"' && quotes == 1) {
        quotes = 0;
      } else if (!EndsChinese(decoded.code) && !EndsAscii(decoded.code) &&
                 !IsCloser(decoded.code)) {
        break;
      }
      at += decoded.size;
    }
    return at;
  }

  bool EndsAfterFullWidthDot(size_t at, size_t next) const {
    const size_t before = at == 0 ? 0 : FloorToChar(text_, at - 1);
    if (at == 0 || before < start_ || !IsHan(DecodeChar(text_, before).code)) return false;
    return next >= text_.size() || !IsDigit(text_[next]);
  }

  // `mark` stands at `at`; `closed` is behind it and what closes with it.
  bool EndsAfterAscii(char mark, size_t at, size_t closed) const {
    if (closed >= text_.size()) return true;
    const DecodedChar following = DecodeChar(text_, closed);
    if (!IsSpace(following.code)) return mark != '.' && IsHan(following.code);
    if (mark != '.') return true;
    size_t next = closed;
    while (next < text_.size()) {
      const DecodedChar decoded = DecodeChar(text_, next);
      if (IsLineEnd(decoded.code)) return true;
      if (!IsSpace(decoded.code)) break;
      next += decoded.size;
    }
    if (next >= text_.size()) return true;
    if (IsLower(text_[next])) return false;
    return !IsShortForm(at, IsDigit(text_[next]));
  }

  // True when the word before the dot at `dot` is an abbreviation, an initial, or the enumerator
  // that opens the sentence.
  bool IsShortForm(size_t dot, bool number_follows) const {
    size_t begin = dot;
    while (begin > start_ && dot - begin <= kLongestShortWord && IsWordByte(text_[begin - 1]))
      --begin;
    const string_view word = text_.substr(begin, dot - begin);
    if (word.empty() || word.size() > kLongestShortWord) return false;
    if (begin == start_ && IsEnumerator(word)) return true;
    if (begin > start_ && static_cast<unsigned char>(text_[begin - 1]) >= 0x80) return false;
    if (word.size() == 1 && IsUpper(word[0])) return true;
    if (IsDotted(word)) return true;
    std::string lower(word);
    for (char& c : lower) c = IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
    return Holds(kAbbreviations, lower) || (number_follows && Holds(kBeforeNumber, lower));
  }

  static bool IsWordByte(char c) { return IsLetter(c) || IsDigit(c) || c == '.'; }

  // 1, 12, 1.2, a, iv: digits and dots, one letter, or a small Roman numeral.
  static bool IsEnumerator(string_view word) {
    const auto all = [word](auto accept) { return std::all_of(word.begin(), word.end(), accept); };
    if (all([](char c) { return IsDigit(c) || c == '.'; }))
      return word.size() <= 8 && IsDigit(word[0]);
    if (word.size() == 1) return IsLetter(word[0]);
    return word.size() <= 5 &&
           (all([](char c) { return string_view("ivx").find(c) != string_view::npos; }) ||
            all([](char c) { return string_view("IVX").find(c) != string_view::npos; }));
  }

  // Single letters with dots between: U.S, e.g, U.S.C.
  static bool IsDotted(string_view word) {
    for (size_t i = 0; i < word.size(); ++i) {
      if (i % 2 == 0 ? !IsLetter(word[i]) : word[i] != '.') return false;
    }
    return word.size() >= 3 && word.size() % 2 == 1;
  }

  string_view text_;
  std::vector<Span> spans_;
  bool open_ = false;
  size_t start_ = 0;
  size_t end_ = 0;
  int quotes_ = 0;  // straight double quotes in the open sentence, modulo 2
};

}  // namespace

std::vector<Span> SplitSentences(std::string_view text) { return Splitter(text).Run(); }

}  // namespace policykb
