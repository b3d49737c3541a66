#include "core/embedding/transformer/cross_encoder.h"

#include <cmath>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/transformer_embedder.h"

namespace policykb {

namespace {

// Tokens between two looks at the clock: some milliseconds of a small model.
constexpr size_t kBatchTokens = 256;

}  // namespace

absl::StatusOr<std::unique_ptr<const CrossEncoder>> CrossEncoder::Open(
    const std::string& folder, const TransformerOptions& options) {
  auto encoder = std::unique_ptr<CrossEncoder>(new CrossEncoder);
  ASSIGN_OR_RETURN(encoder->model_, TransformerModel::Open(folder, options, Pooling::kCls));
  const TransformerModel& model = *encoder->model_;
  ASSIGN_OR_RETURN(const ScoringWeights weights,
                   FindScoringWeights(model.file(), model.config().encoder));
  encoder->head_ = {.hidden_weight = ReadFloats(weights.hidden.weight),
                    .hidden_bias = weights.hidden.bias,
                    .output_weight = ReadFloats(weights.output.weight),
                    .output_bias = weights.output.bias[0]};
  return std::unique_ptr<const CrossEncoder>(std::move(encoder));
}

double CrossEncoder::ScoreState(std::span<const float> state) const {
  double score = static_cast<double>(head_.output_bias);
  for (size_t output = 0; output < state.size(); ++output) {
    const float* row = head_.hidden_weight.data() + output * state.size();
    float sum = head_.hidden_bias[output];
    for (size_t i = 0; i < state.size(); ++i) sum += row[i] * state[i];
    score += static_cast<double>(head_.output_weight[output] * std::tanh(sum));
  }
  return score;
}

absl::StatusOr<std::vector<double>> CrossEncoder::Score(std::string_view query,
                                                        std::span<const std::string_view> passages,
                                                        absl::Time deadline) const {
  const std::vector<int32_t> query_tokens = model_->tokenizer().Encode(query);
  std::vector<TokenSequence> pairs;
  std::vector<size_t> lengths;
  for (const std::string_view passage : passages) {
    pairs.push_back(model_->Pair(query_tokens, passage));
    lengths.push_back(pairs.back().tokens.size());
  }
  EncoderScratch scratch;
  std::vector<double> scores;
  const size_t hidden = model_->config().encoder.hidden;
  for (const Batch& batch : MakeBatches(lengths, kBatchTokens)) {
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(
          Cat("out of time after ", scores.size(), " of ", passages.size(), " passages"));
    }
    ASSIGN_OR_RETURN(const std::vector<float> states,
                     model_->encoder().Encode({pairs.data() + batch.first, batch.count}, scratch));
    for (size_t i = 0; i < batch.count; ++i)
      scores.push_back(ScoreState({states.data() + i * hidden, hidden}));
  }
  return scores;
}

}  // namespace policykb
