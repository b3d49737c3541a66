#include "core/text/unicode_properties.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <cstdlib>

#include "core/text/utf8.h"

namespace policykb {

namespace {

uint32_t CategoryMask(char32_t code) { return U_GET_GC_MASK(static_cast<UChar32>(code)); }

// Null only when ICU's own tables are missing from the installation.
const icu::Normalizer2* Find(UnicodeForm form, UErrorCode& error) {
  switch (form) {
    case UnicodeForm::kNfc:
      return icu::Normalizer2::getNFCInstance(error);
    case UnicodeForm::kNfd:
      return icu::Normalizer2::getNFDInstance(error);
    case UnicodeForm::kNfkc:
      return icu::Normalizer2::getNFKCInstance(error);
    case UnicodeForm::kNfkd:
      return icu::Normalizer2::getNFKDInstance(error);
  }
  return nullptr;
}

}  // namespace

bool IsWhiteSpace(char32_t code) {
  if (code < 0x80) return code == ' ' || (code >= 0x09 && code <= 0x0D);
  return u_isUWhiteSpace(static_cast<UChar32>(code)) != 0;
}

bool IsOtherCategory(char32_t code) {
  return (CategoryMask(code) &
          (U_GC_CN_MASK | U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK | U_GC_CS_MASK)) != 0;
}

bool IsPunctuation(char32_t code) { return (CategoryMask(code) & U_GC_P_MASK) != 0; }

bool IsNonspacingMark(char32_t code) { return (CategoryMask(code) & U_GC_MN_MASK) != 0; }

void AppendLower(std::string& out, char32_t code) {
  // The one character whose full lower-case form is longer than its simple one (SpecialCasing.txt).
  if (code == 0x130) {
    out += "i\xCC\x87";
    return;
  }
  AppendUtf8(out, static_cast<char32_t>(u_tolower(static_cast<UChar32>(code))));
}

std::string ToForm(std::string_view text, UnicodeForm form) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = Find(form, error);
  if (U_FAILURE(error) || normalizer == nullptr) std::abort();
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<int32_t>(text.size())),
                            sink, nullptr, error);
  if (U_FAILURE(error)) std::abort();
  return out;
}

}  // namespace policykb
