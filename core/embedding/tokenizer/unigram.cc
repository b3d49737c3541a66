#include "core/embedding/tokenizer/unigram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/one_line.h"
#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

// How much worse than the worst piece an unknown character is; SentencePiece's kUnkPenalty.
constexpr double kUnknownPenalty = 10;

}  // namespace

absl::StatusOr<std::unique_ptr<Tokenizer>> Unigram::Create(std::vector<ScoredPiece> vocabulary,
                                                           const UnigramOptions& options,
                                                           const SpecialTokens& special,
                                                           std::vector<TextStep> steps) {
  if (vocabulary.empty() || vocabulary.size() > std::numeric_limits<int32_t>::max() / 2) {
    return absl::InvalidArgumentError(Cat("vocabulary of ", vocabulary.size(), " pieces"));
  }
  if (special.unknown < 0 || static_cast<size_t>(special.unknown) >= vocabulary.size()) {
    return absl::InvalidArgumentError(
        Cat("unknown token ", special.unknown, " of ", vocabulary.size(), " pieces"));
  }
  auto tokenizer = std::unique_ptr<Unigram>(new Unigram);
  std::vector<Piece> pieces;
  double lowest = std::numeric_limits<double>::infinity();
  for (ScoredPiece& piece : vocabulary) {
    const auto id = static_cast<int32_t>(pieces.size());
    if (!std::isfinite(piece.score)) {
      return absl::InvalidArgumentError(
          Cat("piece ", OneLine(piece.text), " has the score ", piece.score));
    }
    tokenizer->scores_.push_back(piece.score);
    lowest = std::min(lowest, piece.score);
    // Special tokens are no text, and what stands for the unknown is not written by name.
    const bool is_special = id == special.first || id == special.separator ||
                            id == special.unknown || id == special.padding;
    pieces.push_back({.text = is_special ? std::string() : std::move(piece.text), .id = id});
  }
  tokenizer->unknown_score_ = lowest - kUnknownPenalty;
  tokenizer->options_ = options;
  tokenizer->special_ = special;
  tokenizer->steps_ = std::move(steps);
  tokenizer->pieces_ = PieceTable(std::move(pieces));
  return std::unique_ptr<Tokenizer>(std::move(tokenizer));
}

std::string Unigram::Mark(std::string_view text) const {
  std::string marked = ReplaceAll(text, " ", options_.word_mark);
  if (options_.prepend == PrependMark::kAlways && !marked.empty() &&
      !marked.starts_with(options_.word_mark)) {
    marked.insert(0, options_.word_mark);
  }
  return marked;
}

std::vector<int32_t> Unigram::Encode(std::string_view text) const {
  std::string treated(text);
  for (const TextStep& step : steps_) treated = step(treated);
  std::vector<int32_t> ids;
  const std::vector<std::string_view> parts = options_.split_at_white_space
                                                  ? SplitAtWhiteSpace(treated)
                                                  : std::vector<std::string_view>{treated};
  for (const std::string_view part : parts) {
    const std::string marked = Mark(part);
    size_t begin = 0;
    while (begin < marked.size()) {
      const size_t next = options_.split_at_marks
                              ? std::min(marked.find(options_.word_mark, begin + 1), marked.size())
                              : marked.size();
      EncodePart(std::string_view(marked).substr(begin, next - begin), ids);
      begin = next;
    }
  }
  return ids;
}

void Unigram::EncodePart(std::string_view part, std::vector<int32_t>& ids) const {
  struct Node {
    double score = -std::numeric_limits<double>::infinity();
    size_t from = 0;
    int32_t id = -1;
  };
  // Best way to each byte; those inside characters stay unreached.
  std::vector<Node> nodes(part.size() + 1);
  nodes[0].score = 0;
  for (size_t at = 0; at < part.size();) {
    const size_t char_size = DecodeChar(part, at).size;
    const auto reach = [&](size_t size, int32_t id, double score) {
      Node& node = nodes[at + size];
      if (nodes[at].score + score > node.score) {
        node = {.score = nodes[at].score + score, .from = at, .id = id};
      }
    };
    bool has_char = false;
    pieces_.VisitPrefixes(part.substr(at), [&](size_t size, int32_t id) {
      has_char |= size == char_size;
      reach(size, id, scores_[static_cast<size_t>(id)]);
    });
    if (!has_char) reach(char_size, special_.unknown, unknown_score_);
    at += char_size;
  }
  const size_t before = ids.size();
  for (size_t at = part.size(); at > 0; at = nodes[at].from) {
    const bool joins_unknown =
        nodes[at].id == special_.unknown && ids.size() > before && ids.back() == special_.unknown;
    if (!joins_unknown) ids.push_back(nodes[at].id);
  }
  std::reverse(ids.begin() + static_cast<std::ptrdiff_t>(before), ids.end());
}

}  // namespace policykb
