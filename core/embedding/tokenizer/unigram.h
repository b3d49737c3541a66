// Unigram: cuts a text into the pieces whose scores have the highest sum.
//
// The model of SentencePiece (Kudo 2018) as tokenizer.json stores it, searched by Viterbi. Const
// after Create, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_UNIGRAM_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_UNIGRAM_H_

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

struct ScoredPiece {
  std::string text;
  double score = 0;  // logarithm of a probability
};

enum class PrependMark : uint8_t { kAlways, kNever };

struct UnigramOptions {
  std::string word_mark = "\xE2\x96\x81";  // stands for a space
  PrependMark prepend = PrependMark::kAlways;
  bool split_at_white_space = false;  // before anything else; every part is a text of its own
  bool split_at_marks = true;         // no piece reaches over a space
};

class Unigram : public Tokenizer {
 public:
  // Ids are places in `vocabulary`. `steps` are done first. Errors: InvalidArgument (no pieces, a
  // score that is not finite, `special.unknown` outside the vocabulary).
  static absl::StatusOr<std::unique_ptr<Tokenizer>> Create(std::vector<ScoredPiece> vocabulary,
                                                           const UnigramOptions& options,
                                                           const SpecialTokens& special,
                                                           std::vector<TextStep> steps);

  // Neighbouring unknown characters are one unknown token.
  std::vector<int32_t> Encode(std::string_view text) const override;
  int32_t vocabulary() const override { return static_cast<int32_t>(scores_.size()); }
  const SpecialTokens& special() const override { return special_; }

 private:
  Unigram() = default;
  std::string Mark(std::string_view text) const;
  void EncodePart(std::string_view part, std::vector<int32_t>& ids) const;

  UnigramOptions options_;
  SpecialTokens special_;
  std::vector<TextStep> steps_;
  PieceTable pieces_;
  std::vector<double> scores_;  // by id
  double unknown_score_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_UNIGRAM_H_
