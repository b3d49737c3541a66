// WordPiece: the tokenizer of the BERT family.
//
// Text is cut into words and punctuation, each word into the longest pieces from its start (Wu et
// al. 2016; Devlin et al. 2018). Const after Create, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_WORDPIECE_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_WORDPIECE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/tokenizer/piece_table.h"
#include "core/embedding/tokenizer/text_steps.h"
#include "core/embedding/tokenizer/tokenizer.h"

namespace policykb {

struct WordPieceOptions {
  std::string continuation = "##";    // before pieces inside words
  size_t most_word_characters = 100;  // longer words are unknown
};

class WordPiece : public Tokenizer {
 public:
  // `steps` are done first, in their order. Errors: InvalidArgument (no id for `special.unknown`,
  // an id that is negative).
  static absl::StatusOr<std::unique_ptr<Tokenizer>> Create(const std::vector<Piece>& vocabulary,
                                                           const WordPieceOptions& options,
                                                           const SpecialTokens& special,
                                                           std::vector<TextStep> steps);

  std::vector<int32_t> Encode(std::string_view text) const override;
  int32_t vocabulary() const override { return vocabulary_; }
  const SpecialTokens& special() const override { return special_; }

 private:
  WordPiece() = default;
  void EncodeWord(std::string_view word, std::vector<int32_t>& ids) const;

  WordPieceOptions options_;
  SpecialTokens special_;
  std::vector<TextStep> steps_;
  PieceTable beginnings_;
  PieceTable continuations_;
  int32_t vocabulary_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_WORDPIECE_H_
