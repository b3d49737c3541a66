// SentencePieceTokenizer: a SentencePiece model with the ids of the XLM-R family.
//
// The family counts from the old order of fairseq: id = piece + 1, and <s> 0, <pad> 1, </s> 2,
// <unk> 3. Plain std types only where SentencePiece itself is included (see sentencepiece_wall.h).
// Const after Parse, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_SENTENCEPIECE_TOKENIZER_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_SENTENCEPIECE_TOKENIZER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/embedding/tokenizer/tokenizer.h"

namespace policykb {

class SentencePieceTokenizer : public Tokenizer {
 public:
  struct Parsed {
    std::unique_ptr<Tokenizer> tokenizer;  // null on failure
    std::string error;
  };
  // REQUIRES: a model that SentencePiece wrote; it is not proof against forged ones.
  static Parsed ParseXlmRoberta(std::string_view serialized);
  ~SentencePieceTokenizer() override;

  std::vector<int32_t> Encode(std::string_view text) const override;
  int32_t vocabulary() const override;
  const SpecialTokens& special() const override { return special_; }

 private:
  struct Rep;
  explicit SentencePieceTokenizer(std::unique_ptr<Rep> rep);

  std::unique_ptr<Rep> rep_;
  SpecialTokens special_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_SENTENCEPIECE_TOKENIZER_H_
