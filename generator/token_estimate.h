// How many tokens a text is to a language model, from above and from below, without its tokenizer.
//
// From above for the budget of a prompt: a prompt that is too long is cut by its server. From below
// for noticing that it was. The weights were set against the tokenizers of DeepSeek-V3, Qwen and
// Llama 3 over pieces of 60 to 1,200 characters of laws, decrees in HTML and English guides;
// policykb calibrate tokens prints the margins over such pieces, counted by tools/count_tokens.sh.
// Of 4,000 counted with DeepSeek-V3's tokenizer none is undercounted from above or overcounted from
// below: the least estimate from above is 1.06 times the tokens, 1.34 times in 1,200 characters,
// the middle one 1.73 times; the highest from below is .92 of them, .80 in 1,200 characters. Rare
// characters and letters that make no words can be more than that, so what callers write is counted
// by bytes, which no byte-level tokenizer exceeds. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_TOKEN_ESTIMATE_H_
#define POLICYKB_GENERATOR_TOKEN_ESTIMATE_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace policykb {

// Whose vocabulary a model uses.
enum class TokenFamily { kUnknown, kDeepSeek, kQwen, kLlama };

// deepseek, qwen, llama or unknown; nullopt for other words.
std::optional<TokenFamily> ParseTokenFamily(std::string_view word);
// From the name of a model; distilled models have the vocabulary of what they were distilled into.
TokenFamily TokenFamilyOfModel(std::string_view model);

// Not fewer tokens than `text` has. For an unknown family its bytes.
size_t MostTokens(std::string_view text, TokenFamily family);
// Bytes of the longest beginning of `text`, whole characters, with MostTokens of at most `tokens`.
size_t PrefixOfTokens(std::string_view text, size_t tokens, TokenFamily family);
// Not more tokens than `text` has, whatever the family.
size_t LeastTokens(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_TOKEN_ESTIMATE_H_
