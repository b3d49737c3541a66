#include "core/embedding/tokenizer/sentencepiece_tokenizer.h"

#include <sentencepiece_processor.h>

#include <exception>
#include <utility>

namespace policykb {

namespace {

// Places of <unk>, <s>, </s> in the model and what the family makes of them.
constexpr int kPieceUnknown = 0;
constexpr SpecialTokens kXlmRoberta = {
    .first = 0, .separator = 2, .unknown = 3, .padding = 1, .separators_between = 2};
constexpr int32_t kOffset = 1;

}  // namespace

struct SentencePieceTokenizer::Rep {
  sentencepiece::SentencePieceProcessor processor;
};

SentencePieceTokenizer::SentencePieceTokenizer(std::unique_ptr<Rep> rep)
    : rep_(std::move(rep)), special_(kXlmRoberta) {}
SentencePieceTokenizer::~SentencePieceTokenizer() = default;

SentencePieceTokenizer::Parsed SentencePieceTokenizer::ParseXlmRoberta(
    std::string_view serialized) {
  auto rep = std::make_unique<Rep>();
  try {
    const sentencepiece::util::Status status =
        rep->processor.LoadFromSerializedProto({serialized.data(), serialized.size()});
    if (!status.ok()) return {nullptr, status.message()};
  } catch (const std::exception& error) {
    return {nullptr, error.what()};
  }
  if (rep->processor.unk_id() != kPieceUnknown || rep->processor.bos_id() != 1 ||
      rep->processor.eos_id() != 2) {
    return {nullptr, "pieces 0, 1, 2 are not <unk>, <s>, </s>, as in models of the XLM-R family"};
  }
  return {std::unique_ptr<Tokenizer>(new SentencePieceTokenizer(std::move(rep))), ""};
}

// The pieces shifted, and <mask> behind them.
int32_t SentencePieceTokenizer::vocabulary() const {
  return static_cast<int32_t>(rep_->processor.GetPieceSize()) + kOffset + 1;
}

std::vector<int32_t> SentencePieceTokenizer::Encode(std::string_view text) const {
  std::vector<int> pieces;
  if (!rep_->processor.Encode({text.data(), text.size()}, &pieces).ok()) return {};
  std::vector<int32_t> ids;
  ids.reserve(pieces.size());
  for (const int piece : pieces) {
    ids.push_back(piece == kPieceUnknown ? special_.unknown : piece + kOffset);
  }
  return ids;
}

}  // namespace policykb
