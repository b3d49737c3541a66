#include "core/embedding/text_features.h"

#include "core/text/normalize.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

// White space, punctuation and symbols of ASCII, Latin-1 and the blocks that NFKC leaves in Chinese
// and English text.
bool IsSeparator(char32_t code) {
  if (code < 0x80) {
    return !((code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') ||
             (code >= 'A' && code <= 'Z'));
  }
  return code < 0xC0 || (code >= 0x2000 && code <= 0x206F) || (code >= 0x2190 && code <= 0x2BFF) ||
         (code >= 0x3000 && code <= 0x303F) || (code >= 0xFE30 && code <= 0xFE4F) ||
         (code >= 0xFFF0 && code <= 0xFFFF);
}

}  // namespace

TextFeatures ExtractFeatures(std::string_view text) {
  const std::string normalized = NormalizeForMatch(text);
  TextFeatures features;
  features.han_keys.reserve(normalized.size() * 2 / 3);
  uint64_t previous = 0;  // the Han character just before, 0 for none
  bool gap = false;       // something stood between the last word and here
  for (size_t at = 0; at < normalized.size();) {
    const DecodedChar decoded = DecodeChar(normalized, at);
    if (IsHan(decoded.code)) {
      if (previous != 0) features.han_keys.push_back(previous << 32 | decoded.code);
      features.han_keys.push_back(decoded.code);
      previous = decoded.code;
      gap = true;
    } else if (IsSeparator(decoded.code)) {
      previous = 0;
      gap = true;
    } else {
      previous = 0;
      if (gap && !features.words.empty()) features.words += ' ';
      gap = false;
      features.words.append(normalized, at, decoded.size);
    }
    at += decoded.size;
  }
  return features;
}

}  // namespace policykb
