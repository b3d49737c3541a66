#include "core/embedding/tokenizer/wordpiece.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/one_line.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

absl::StatusOr<std::unique_ptr<Tokenizer>> WordPiece::Create(const std::vector<Piece>& vocabulary,
                                                             const WordPieceOptions& options,
                                                             const SpecialTokens& special,
                                                             std::vector<TextStep> steps) {
  if (special.unknown < 0) return absl::InvalidArgumentError("vocabulary without unknown token");
  auto tokenizer = std::unique_ptr<WordPiece>(new WordPiece);
  std::vector<Piece> beginnings;
  std::vector<Piece> continuations;
  for (const Piece& piece : vocabulary) {
    if (piece.id < 0 || piece.id == std::numeric_limits<int32_t>::max()) {
      return absl::InvalidArgumentError(Cat("piece ", OneLine(piece.text), " has id ", piece.id));
    }
    tokenizer->vocabulary_ = std::max(tokenizer->vocabulary_, piece.id + 1);
    const bool continues = piece.text.starts_with(options.continuation);
    if (continues) {
      continuations.push_back(
          {.text = piece.text.substr(options.continuation.size()), .id = piece.id});
    }
    // "##" at the start of a text is two words, so a piece that says it never begins one.
    if (!continues || options.continuation.empty()) beginnings.push_back(piece);
  }
  tokenizer->options_ = options;
  tokenizer->special_ = special;
  tokenizer->steps_ = std::move(steps);
  tokenizer->beginnings_ = PieceTable(std::move(beginnings));
  tokenizer->continuations_ = PieceTable(std::move(continuations));
  return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

std::vector<int32_t> WordPiece::Encode(std::string_view text) const {
  std::string treated(text);
  for (const TextStep& step : steps_) treated = step(treated);
  std::vector<int32_t> ids;
  for (const std::string_view word : SplitWordsAndPunctuation(treated)) EncodeWord(word, ids);
  return ids;
}

void WordPiece::EncodeWord(std::string_view word, std::vector<int32_t>& ids) const {
  const size_t before = ids.size();
  if (word.size() <= options_.most_word_characters ||
      CountChars(word) <= options_.most_word_characters) {
    PieceTable::Match match = beginnings_.Longest(word);
    while (match.size > 0) {
      ids.push_back(match.id);
      word.remove_prefix(match.size);
      if (word.empty()) return;
      match = continuations_.Longest(word);
    }
  }
  ids.resize(before);
  ids.push_back(special_.unknown);
}

}  // namespace policykb
