// Tokenizer: text -> ids of a model's vocabulary, and the sequences that encoders read.
//
// The interface behind which WordPiece and unigram stand. Text never becomes a special token,
// whatever it says ("[SEP]", "</s>"), so that a document cannot cut its own passage.
// Implementations are const after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TOKENIZER_TOKENIZER_H_
#define POLICYKB_CORE_EMBEDDING_TOKENIZER_TOKENIZER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace policykb {

// Ids, or -1 where the vocabulary has no such token.
struct SpecialTokens {
  int32_t first = -1;      // [CLS], <s>
  int32_t separator = -1;  // [SEP], </s>
  int32_t unknown = -1;
  int32_t padding = -1;
  // Separators between the two texts of a pair: one for BERT, two for XLM-R.
  int separators_between = 1;
};

class Tokenizer {
 public:
  virtual ~Tokenizer() = default;

  // Ids of the text's pieces in order, without special tokens around them. Malformed bytes are
  // treated as U+FFFD.
  virtual std::vector<int32_t> Encode(std::string_view text) const = 0;
  // Ids are in [0, vocabulary()).
  virtual int32_t vocabulary() const = 0;
  virtual const SpecialTokens& special() const = 0;
};

// What an encoder reads. `types` has one entry for each token: 0 for the first text, 1 for a
// second.
struct TokenSequence {
  std::vector<int32_t> tokens;
  std::vector<uint8_t> types;
  bool cut = false;  // tokens had to be left out
};

// first text separator, of at most `most_tokens`. REQUIRES: most_tokens >= 3, first and separator
// tokens are there.
TokenSequence MakeSequence(const Tokenizer& tokenizer, std::string_view text, size_t most_tokens);

// first query separators passage separator. Tokens are left out of the passage first, and of the
// query where it alone is longer than half of `most_tokens`. REQUIRES: most_tokens >= 8, first and
// separator tokens are there.
TokenSequence MakePair(const Tokenizer& tokenizer, const std::vector<int32_t>& query,
                       std::string_view passage, size_t most_tokens);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TOKENIZER_TOKENIZER_H_
