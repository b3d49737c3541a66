#include "core/embedding/tokenizer/tokenizer.h"

#include <algorithm>

namespace policykb {

namespace {

void Append(TokenSequence& sequence, const std::vector<int32_t>& ids, size_t most, uint8_t type) {
  const size_t count = std::min(ids.size(), most);
  sequence.cut |= count < ids.size();
  sequence.tokens.insert(sequence.tokens.end(), ids.begin(),
                         ids.begin() + static_cast<std::ptrdiff_t>(count));
  sequence.types.resize(sequence.tokens.size(), type);
}

void Append(TokenSequence& sequence, int32_t token, uint8_t type) {
  sequence.tokens.push_back(token);
  sequence.types.push_back(type);
}

}  // namespace

TokenSequence MakeSequence(const Tokenizer& tokenizer, std::string_view text, size_t most_tokens) {
  TokenSequence sequence;
  Append(sequence, tokenizer.special().first, 0);
  Append(sequence, tokenizer.Encode(text), most_tokens - 2, 0);
  Append(sequence, tokenizer.special().separator, 0);
  return sequence;
}

TokenSequence MakePair(const Tokenizer& tokenizer, const std::vector<int32_t>& query,
                       std::string_view passage, size_t most_tokens) {
  const SpecialTokens& special = tokenizer.special();
  const size_t between = static_cast<size_t>(special.separators_between);
  // Token types tell BERT the texts apart; XLM-R has one type only.
  const uint8_t second = between == 1 ? 1 : 0;
  TokenSequence sequence;
  Append(sequence, special.first, 0);
  Append(sequence, query, most_tokens / 2 - 1 - between, 0);
  for (size_t i = 0; i < between; ++i) Append(sequence, special.separator, 0);
  Append(sequence, tokenizer.Encode(passage), most_tokens - sequence.tokens.size() - 1, second);
  Append(sequence, special.separator, second);
  return sequence;
}

}  // namespace policykb
