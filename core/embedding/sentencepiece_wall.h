// The one place that knows SentencePiece: training a piece model from text and cutting text into
// piece ids.
//
// Plain std types only, because SentencePiece's headers and abseil's cannot share a translation
// unit; failures are strings that the caller turns into a Status. Text is normalised by the model
// itself (rule nmt_nfkc_cf: NFKC, case folded, white space collapsed), so passages and queries are
// treated equally. TrainPieceModel is used by one thread at a time (SentencePiece has global state
// while training); a PieceModel is const after Parse, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_SENTENCEPIECE_WALL_H_
#define POLICYKB_CORE_EMBEDDING_SENTENCEPIECE_WALL_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct PieceTrainingOptions {
  int vocabulary = 24000;     // pieces at the most; fewer when the text does not carry that many
  int piece_characters = 16;  // longest piece
  int seed_pieces = 120000;   // candidates the unigram model starts from
  double coverage = 0.99995;  // share of the text's characters that become pieces
  int threads = 2;  // part of the model's identity: the sum order of the E step follows it
};

// The serialized model, or why there is none: exactly one of the two is empty.
struct TrainedPieceModel {
  std::string model;
  std::string error;
};

// Trains a unigram model on `sentences` (UTF-8 without line breaks). Falls back to a character
// model when the text is too small for a unigram model. Same sentences and options: same bytes.
TrainedPieceModel TrainPieceModel(std::span<const std::string> sentences,
                                  const PieceTrainingOptions& options);

class PieceModel {
 public:
  struct Parsed {
    std::unique_ptr<PieceModel> model;  // null on failure
    std::string error;
  };
  // REQUIRES: bytes that TrainPieceModel returned, unchanged (SentencePiece is not proof against
  // forged models).
  static Parsed Parse(std::string_view serialized);
  ~PieceModel();

  // Number of ids; ids are in [0, size).
  int size() const;
  // Ids of the pieces of `text`, in order, without the unknown piece and, where the text has
  // others, without those that say little: a bare word start, single Latin letters inside words.
  // Malformed UTF-8 becomes unknown characters.
  std::vector<int> Encode(std::string_view text) const;

 private:
  struct Rep;
  explicit PieceModel(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_SENTENCEPIECE_WALL_H_
