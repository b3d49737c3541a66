#include "core/text/analyzer.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "core/text/english_stem.h"
#include "core/text/normalize.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kLongestTerm = 64;

enum class CharClass : uint8_t {
  kSeparator,
  kCjk,
  kLetter,
  kMark,  // belongs to the letter before it
  kDigit,
};

constexpr std::array<CharClass, 128> kAsciiClasses = [] {
  std::array<CharClass, 128> classes{};
  for (char c = 'a'; c <= 'z'; ++c) classes[static_cast<size_t>(c)] = CharClass::kLetter;
  for (char c = '0'; c <= '9'; ++c) classes[static_cast<size_t>(c)] = CharClass::kDigit;
  return classes;
}();

CharClass ClassifyByProperties(char32_t code) {
  if (IsHan(code) || code == 0x3005 || code == 0x30FC)
    return CharClass::kCjk;  // iteration mark, prolonged sound
  const auto c = static_cast<UChar32>(code);
  const uint32_t category = U_GET_GC_MASK(c);
  if (category & U_GC_ND_MASK) return CharClass::kDigit;
  if (category & (U_GC_MN_MASK | U_GC_MC_MASK)) return CharClass::kMark;
  if (!(category & (U_GC_L_MASK | U_GC_NL_MASK))) return CharClass::kSeparator;
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(c, &error)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
      return CharClass::kCjk;
    default:
      return CharClass::kLetter;
  }
}

CharClass Classify(char32_t code) {
  if (code < 0x80) return kAsciiClasses[code];
  if (code >= 0x4E00 && code <= 0x9FFF) return CharClass::kCjk;
  if (code >= 0x2010 && code <= 0x2070) return CharClass::kSeparator;  // dashes, quotes, spaces
  if (code >= 0x3008 && code <= 0x3020) return CharClass::kSeparator;  // brackets
  if (code >= 0x3001 && code <= 0x3003) return CharClass::kSeparator;  // comma, full stop
  return ClassifyByProperties(code);
}

constexpr size_t kCjkBytes = 4;  // of one character in UTF-8, at the most

// How many bytes it has in UTF-8, which go to `out`. REQUIRES: a character of kCjk, of which none
// is below U+0800.
size_t EncodeCjk(char32_t code, char* out) {
  const auto tail = [code](int shift) {
    return static_cast<char>(0x80 | ((code >> shift) & 0x3F));
  };
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code >> 12));
    out[1] = tail(6);
    out[2] = tail(0);
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code >> 18));
  out[1] = tail(12);
  out[2] = tail(6);
  out[3] = tail(0);
  return 4;
}

bool IsApostrophe(char32_t code) { return code == U'\'' || code == 0x2019; }

// One per thread: making one costs far more than a break. Null when ICU's data lack the rules.
icu::BreakIterator* WordBreaker() {
  thread_local const std::unique_ptr<icu::BreakIterator> breaker = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    if (U_FAILURE(error)) made.reset();
    return made;
  }();
  return breaker.get();
}

class Analysis {
 public:
  Analysis(std::vector<NormalizedChar> chars, absl::FunctionRef<void(const TermView&)> visit)
      : chars_(std::move(chars)), visit_(visit) {}

  void Run() {
    for (size_t at = 0; at < chars_.size();) {
      switch (ClassAt(at)) {
        case CharClass::kCjk:
          at = CjkRun(at);
          break;
        case CharClass::kDigit:
          at = NumberRun(at);
          break;
        case CharClass::kLetter:
          at = WordRun(at);
          break;
        case CharClass::kSeparator:
        case CharClass::kMark:
          ++at;
          break;
      }
    }
  }

 private:
  CharClass ClassAt(size_t at) const {
    return at < chars_.size() ? Classify(chars_[at].code) : CharClass::kSeparator;
  }
  bool IsLetterAt(size_t at) const {
    const CharClass c = ClassAt(at);
    return c == CharClass::kLetter || c == CharClass::kMark;
  }
  bool IsDigitAt(size_t at) const { return ClassAt(at) == CharClass::kDigit; }
  bool IsAsciiLetterAt(size_t at) const {
    return at < chars_.size() && chars_[at].code < 0x80 && IsLetterAt(at);
  }

  void Emit(std::string_view text, TermKind kind, size_t begin, size_t end) const {
    if (text.size() > kLongestTerm) text = text.substr(0, FloorToChar(text, kLongestTerm));
    visit_({.text = text,
            .kind = kind,
            .span = {chars_[begin].source.start, chars_[end - 1].source.end}});
  }

  // Each of these reads from `at` and returns where it stopped, > at.

  size_t CjkRun(size_t at) const {
    char text[2 * kCjkBytes] = {};  // of this character, and of the next one behind it
    size_t size = EncodeCjk(chars_[at].code, text);
    while (true) {
      Emit({text, size}, TermKind::kUnigram, at, at + 1);
      if (ClassAt(at + 1) != CharClass::kCjk) return at + 1;
      const size_t next = EncodeCjk(chars_[at + 1].code, text + size);
      Emit({text, size + next}, TermKind::kBigram, at, at + 2);
      std::memmove(text, text + size, kCjkBytes);
      size = next;
      ++at;
    }
  }

  // Digits with inner . - / and commas between thousands. A connector of another width than the
  // digit before it is the punctuation of the sentence (a full-width comma after ASCII digits).
  // Digits that letters follow are a word (2nd).
  size_t NumberRun(size_t begin) {
    std::string text;
    size_t at = begin;
    bool thousands = true;  // nothing but digits and commas so far
    bool commas = false;
    bool connected = false;
    while (true) {
      const size_t group = at;
      for (; IsDigitAt(at); ++at) AppendDigit(text, chars_[at].code);
      if (!IsDigitAt(at + 1) || chars_[at].source.size() != chars_[at - 1].source.size()) break;
      const char32_t connector = chars_[at].code;
      if (connector == U',') {
        const bool grouped = thousands && (commas ? at - group == 3 : at - group <= 3);
        if (!grouped || !IsDigitAt(at + 2) || !IsDigitAt(at + 3) || IsDigitAt(at + 4)) break;
        commas = true;
      } else if (connector == U'.' || connector == U'-' || connector == U'/') {
        text += static_cast<char>(connector);
        thousands = false;
      } else {
        break;
      }
      connected = true;
      ++at;
    }
    if (!connected && IsLetterAt(at)) return WordRun(begin);
    Emit(text, TermKind::kWord, begin, at);
    return at;
  }

  static void AppendDigit(std::string& text, char32_t code) {
    const int value =
        code < 0x80 ? static_cast<int>(code - U'0') : u_charDigitValue(static_cast<UChar32>(code));
    text += static_cast<char>('0' + value);
  }

  size_t WordRun(size_t begin) {
    if (const size_t end = AcronymEnd(begin); end != begin) {
      EmitWord(begin, end);
      return end;
    }
    size_t end = begin;
    char32_t all = 0;
    while (IsLetterAt(end) || IsDigitAt(end) ||
           (end > begin && end < chars_.size() && IsApostrophe(chars_[end].code) &&
            IsLetterAt(end - 1) && IsLetterAt(end + 1))) {
      if (!IsApostrophe(chars_[end].code)) all |= chars_[end].code;
      ++end;
    }
    if (all < 0x80) {
      EmitWord(begin, end);
    } else {
      DivideWords(begin, end);
    }
    return end;
  }

  // End of single ASCII letters with dots between them (u.s.c), without a last dot; `begin` when
  // there is none.
  size_t AcronymEnd(size_t begin) const {
    size_t end = begin;
    for (size_t at = begin; IsAsciiLetterAt(at); at += 2) {
      if (IsLetterAt(at + 1) || IsDigitAt(at + 1)) return begin;
      end = at + 1;
      if (end >= chars_.size() || chars_[end].code != U'.') break;
    }
    return end - begin >= 3 ? end : begin;
  }

  void DivideWords(size_t begin, size_t end) {
    icu::BreakIterator* breaker = WordBreaker();
    if (breaker == nullptr) return EmitWord(begin, end);
    icu::UnicodeString run;
    for (size_t at = begin; at < end; ++at) run.append(static_cast<UChar32>(chars_[at].code));
    breaker->setText(run);
    size_t at = begin;
    int32_t units = 0;
    for (int32_t edge = breaker->next(); edge != icu::BreakIterator::DONE; edge = breaker->next()) {
      const size_t start = at;
      bool word = false;
      for (; units < edge && at < end; ++at) {
        units += U16_LENGTH(static_cast<UChar32>(chars_[at].code));
        const CharClass c = ClassAt(at);
        word |= c == CharClass::kLetter || c == CharClass::kDigit;
      }
      if (word) EmitWord(start, at);
    }
  }

  void EmitWord(size_t begin, size_t end) {
    std::string text;
    bool ascii = true;
    for (size_t at = begin; at < end; ++at) {
      const char32_t code = chars_[at].code;
      if (IsDigitAt(at)) {
        AppendDigit(text, code);
      } else if (IsApostrophe(code)) {
        text += '\'';
      } else if (code != U'.') {
        ascii &= code < 0x80;
        AppendUtf8(text, code);
      }
    }
    if (ascii) {
      const EnglishStem stem = StemEnglish(text);
      text = std::string(stem.prefix) += stem.ending;
    }
    Emit(text, TermKind::kWord, begin, end);
  }

  const std::vector<NormalizedChar> chars_;
  const absl::FunctionRef<void(const TermView&)> visit_;
};

}  // namespace

void ForEachTerm(std::string_view text, absl::FunctionRef<void(const TermView&)> visit) {
  Analysis(NormalizeChars(text), visit).Run();
}

std::vector<Term> Analyze(std::string_view text) {
  std::vector<NormalizedChar> chars = NormalizeChars(text);
  std::vector<Term> terms;
  terms.reserve(2 * chars.size());
  Analysis(std::move(chars), [&terms](const TermView& term) {
    terms.push_back({std::string(term.text), term.kind, term.span});
  }).Run();
  return terms;
}

std::string_view AnalyzerFingerprint() {
  return "terms-1/icu-" U_ICU_VERSION "/unicode-" U_UNICODE_VERSION;
}

}  // namespace policykb
