#include "generator/token_estimate.h"

#include <algorithm>
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

size_t Weight(const DecodedChar& c, const Weights& weights) {
  if (IsCommonHan(c.code)) return weights.han;
  if (c.code >= 0x80) return weights.other_byte * c.size;
  if (c.code >= '0' && c.code <= '9') return weights.digit;
  if ((c.code >= 'a' && c.code <= 'z') || (c.code >= 'A' && c.code <= 'Z')) return weights.letter;
  return c.code <= ' ' ? weights.space : weights.punctuation;
}

size_t Hundredths(std::string_view text, const Weights& weights) {
  size_t sum = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar c = DecodeChar(text, at);
    at += c.size;
    sum += Weight(c, weights);
  }
  return sum;
}

// Null for an unknown family.
const Weights* MostOf(TokenFamily family) {
  switch (family) {
    case TokenFamily::kDeepSeek:
      return &kDeepSeekMost;
    case TokenFamily::kQwen:
      return &kQwenMost;
    case TokenFamily::kLlama:
      return &kLlamaMost;
    case TokenFamily::kUnknown:
      break;
  }
  return nullptr;
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
  const Weights* weights = MostOf(family);
  return weights == nullptr ? text.size() : (Hundredths(text, *weights) + 99) / 100;
}

size_t PrefixOfTokens(std::string_view text, size_t tokens, TokenFamily family) {
  const Weights* weights = MostOf(family);
  if (weights == nullptr) return FloorToChar(text, std::min(tokens, text.size()));
  size_t sum = 0, at = 0;
  while (at < text.size()) {
    const DecodedChar c = DecodeChar(text, at);
    sum += Weight(c, *weights);
    if (sum > tokens * 100) break;
    at += c.size;
  }
  return at;
}

size_t LeastTokens(std::string_view text) { return Hundredths(text, kLeast) / 100; }

}  // namespace policykb
