#include "generator/token_estimate.h"

#include <string>

#include "core/text/utf8.h"

namespace policykb {
namespace {

// Hundredths of a token for each character; of characters in no class, for each byte.
struct Weights {
  size_t han, letter, digit, punctuation, space, other_byte;
};

constexpr Weights kDeepSeekMost = {85, 40, 100, 100, 100, 40};
constexpr Weights kQwenMost = {90, 40, 100, 100, 100, 40};
constexpr Weights kLlamaMost = {115, 40, 100, 100, 100, 40};
constexpr Weights kLeast = {38, 14, 28, 14, 7, 7};

// The block of characters in everyday use; those of later blocks are several tokens each.
bool IsCommonHan(char32_t code) { return code >= 0x4E00 && code < 0xA000; }

size_t Hundredths(std::string_view text, const Weights& weights) {
  size_t sum = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    if (IsCommonHan(c.code)) {
      sum += weights.han;
    } else if (c.code >= 0x80) {
      sum += weights.other_byte * c.size;
    } else if (c.code >= '0' && c.code <= '9') {
      sum += weights.digit;
    } else if ((c.code >= 'a' && c.code <= 'z') || (c.code >= 'A' && c.code <= 'Z')) {
      sum += weights.letter;
    } else if (c.code <= ' ') {
      sum += weights.space;
    } else {
      sum += weights.punctuation;
    }
  }
  return sum;
}

}  // namespace

std::optional<TokenFamily> ParseTokenFamily(std::string_view word) {
  if (word == "deepseek") return TokenFamily::kDeepSeek;
  if (word == "qwen") return TokenFamily::kQwen;
  if (word == "llama") return TokenFamily::kLlama;
  if (word == "unknown") return TokenFamily::kUnknown;
  return std::nullopt;
}

TokenFamily TokenFamilyOfModel(std::string_view model) {
  std::string name(model);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const auto has = [&](std::string_view word) { return name.find(word) != std::string::npos; };
  if (has("qwen") || has("qwq")) return TokenFamily::kQwen;
  // The second generation of Llama has another vocabulary.
  if (has("llama-3") || has("llama3") || has("llama-4") || has("llama4"))
    return TokenFamily::kLlama;
  const bool other = has("distill") || has("llama");
  return has("deepseek") && !other ? TokenFamily::kDeepSeek : TokenFamily::kUnknown;
}

size_t MostTokens(std::string_view text, TokenFamily family) {
  switch (family) {
    case TokenFamily::kDeepSeek:
      return (Hundredths(text, kDeepSeekMost) + 99) / 100;
    case TokenFamily::kQwen:
      return (Hundredths(text, kQwenMost) + 99) / 100;
    case TokenFamily::kLlama:
      return (Hundredths(text, kLlamaMost) + 99) / 100;
    case TokenFamily::kUnknown:
      break;
  }
  return text.size();
}

size_t LeastTokens(std::string_view text) { return Hundredths(text, kLeast) / 100; }

}  // namespace policykb
