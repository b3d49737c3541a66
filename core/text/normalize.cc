#include "core/text/normalize.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <cstdint>
#include <cstdlib>

#include "core/text/utf8.h"

namespace policykb {

namespace {

// The instances are singletons of the library; they can fail only when ICU's own tables are missing
// from the installation.
const icu::Normalizer2& Instance(const icu::Normalizer2* (*get)(UErrorCode&)) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = get(error);
  if (U_FAILURE(error) || normalizer == nullptr) std::abort();
  return *normalizer;
}

const icu::Normalizer2& NfkcCasefold() {
  static const icu::Normalizer2& normalizer = Instance(icu::Normalizer2::getNFKCCasefoldInstance);
  return normalizer;
}

const icu::Normalizer2& Nfd() {
  static const icu::Normalizer2& normalizer = Instance(icu::Normalizer2::getNFDInstance);
  return normalizer;
}

bool IsAscii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

char32_t FoldAscii(char32_t code) { return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code; }

// Characters that NFKC_Casefold maps one to one (or not at all) whatever stands beside them, for
// the purposes of terms. Returns 0 for all others. A mark behind a letter handled here is met on
// its own and dropped.
char32_t FoldSimple(char32_t code) {
  if (code < 0x80) return FoldAscii(code);
  if (code >= 0x3400 && code <= 0x9FFF) return code;  // unified Han, extension A, hexagrams
  if (code >= 0x3001 && code <= 0x301B) return code;  // punctuation, iteration mark, zero
  if (code >= 0xFF01 && code <= 0xFF5E) return FoldAscii(code - 0xFF01 + 0x21);  // full-width ASCII
  if (code == 0x2014 || (code >= 0x2018 && code <= 0x201D)) return code;         // dash, quotes
  return code == 0x3000 ? U' ' : 0;
}

bool IsLatin(char32_t code) {
  if (code < 0x80) return (code >= 'a' && code <= 'z');
  UErrorCode error = U_ZERO_ERROR;
  return uscript_getScript(static_cast<UChar32>(code), &error) == USCRIPT_LATIN;
}

bool IsMark(char32_t code) {
  return (U_GET_GC_MASK(static_cast<UChar32>(code)) & U_GC_MN_MASK) != 0;
}

// Length after which a sequence of interacting characters is cut, so that a text of combining marks
// costs linear time (the stream-safe text format of UAX #15 allows 30 marks).
constexpr int32_t kLongestSegment = 32;

// REQUIRES: well-formed text below 2^31 bytes.
void AppendNormalized(std::string& out, std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  std::string folded;
  icu::StringByteSink<std::string> sink(&folded, static_cast<int32_t>(text.size()));
  const icu::StringPiece piece(text.data(), static_cast<int32_t>(text.size()));
  NfkcCasefold().normalizeUTF8(0, piece, sink, nullptr, error);
  out += U_FAILURE(error) ? text : folded;
}

class CharNormalizer {
 public:
  explicit CharNormalizer(std::string_view text) : text_(text) {
    out_.reserve(text.size() / 3 + 8);
  }

  std::vector<NormalizedChar> Run() {
    size_t at = 0;
    while (at < text_.size()) {
      const DecodedChar decoded = DecodeChar(text_, at);
      if (const char32_t folded = FoldSimple(decoded.code); folded != 0) {
        Push(folded, at, at + decoded.size);
        at += decoded.size;
      } else {
        at = Segment(at, decoded);
      }
    }
    return std::move(out_);
  }

 private:
  void Push(char32_t code, size_t start, size_t end) {
    out_.push_back({code, {static_cast<uint32_t>(start), static_cast<uint32_t>(end)}});
  }

  // Normalises the characters from `at` to the next one that interacts with none before it; returns
  // where that is.
  size_t Segment(size_t at, DecodedChar first) {
    if (first.code == 0 || first.code == 0x200B) {
      Push(' ', at, at + first.size);
      return at + first.size;
    }
    icu::UnicodeString source(static_cast<UChar32>(first.code));
    size_t end = at + first.size;
    while (end < text_.size() && source.length() < kLongestSegment) {
      const DecodedChar next = DecodeChar(text_, end);
      if (NfkcCasefold().hasBoundaryBefore(static_cast<UChar32>(next.code))) break;
      source.append(static_cast<UChar32>(next.code));
      end += next.size;
    }
    UErrorCode error = U_ZERO_ERROR;
    icu::UnicodeString folded = NfkcCasefold().normalize(source, error);
    if (U_FAILURE(error)) folded = source;
    const bool framed = u_charType(static_cast<UChar32>(first.code)) == U_OTHER_NUMBER;
    if (framed) Push(' ', at, at);
    AppendFolded(folded, at, end);
    if (framed) Push(' ', end, end);
    return end;
  }

  void AppendFolded(const icu::UnicodeString& folded, size_t start, size_t end) {
    if (folded.isEmpty())
      return ExtendLast(start, end);  // ignorable: soft hyphen, variation selector, joiner
    for (int32_t i = 0; i < folded.length();) {
      const UChar32 code = folded.char32At(i);
      i += U16_LENGTH(code);
      if (static_cast<char32_t>(code) >= 0x80 && IsLatin(static_cast<char32_t>(code))) {
        UErrorCode error = U_ZERO_ERROR;
        const icu::UnicodeString parts = Nfd().normalize(icu::UnicodeString(code), error);
        Push(static_cast<char32_t>(U_FAILURE(error) ? code : parts.char32At(0)), start, end);
      } else if (IsMark(static_cast<char32_t>(code)) && !out_.empty() &&
                 IsLatin(out_.back().code)) {
        ExtendLast(start, end);
      } else {
        Push(static_cast<char32_t>(code), start, end);
      }
    }
  }

  // The character before `start` takes the bytes up to `end` as its own.
  void ExtendLast(size_t start, size_t end) {
    if (!out_.empty() && out_.back().source.end == start)
      out_.back().source.end = static_cast<uint32_t>(end);
  }

  std::string_view text_;
  std::vector<NormalizedChar> out_;
};

}  // namespace

std::string NormalizeForMatch(std::string_view text) {
  std::string folded;
  if (IsAscii(text)) {
    folded.reserve(text.size());
    for (const char c : text) folded += static_cast<char>(FoldAscii(static_cast<unsigned char>(c)));
    return folded;
  }
  std::string repaired;
  if (FirstInvalidUtf8(text) != std::string_view::npos) {
    for (size_t at = 0; at < text.size();) {
      const DecodedChar decoded = DecodeChar(text, at);
      AppendUtf8(repaired, decoded.code);
      at += decoded.size;
    }
    text = repaired;
  }
  size_t begin = 0;
  int32_t run = 0;  // characters that may interact with what stands before them
  for (size_t at = 0; at < text.size();) {
    const DecodedChar decoded = DecodeChar(text, at);
    const bool boundary = FoldSimple(decoded.code) != 0 ||
                          NfkcCasefold().hasBoundaryBefore(static_cast<UChar32>(decoded.code));
    run = boundary ? 0 : run + 1;
    if (run == kLongestSegment) {
      AppendNormalized(folded, text.substr(begin, at - begin));
      begin = at;
      run = 0;
    }
    at += decoded.size;
  }
  AppendNormalized(folded, text.substr(begin));
  return folded;
}

std::vector<NormalizedChar> NormalizeChars(std::string_view text) {
  return CharNormalizer(text).Run();
}

}  // namespace policykb
