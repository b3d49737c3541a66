// CrossEncoder: how well a passage answers a query, by a model that reads both together.
//
// Models of the BERT and XLM-R families with a head of one output (bge-reranker-base, ms-marco-
// MiniLM). Computes in the calling thread and gives up at a deadline. Const after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_CROSS_ENCODER_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_CROSS_ENCODER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/embedding/transformer/transformer_model.h"

namespace policykb {

class CrossEncoder {
 public:
  // Prefixes are not used. Errors: as TransformerModel::Open; NotFound and DataLoss for the head,
  // FailedPrecondition (a head with several outputs).
  static absl::StatusOr<std::unique_ptr<const CrossEncoder>> Open(
      const std::string& folder, const TransformerOptions& options);

  // A score for each passage in their order, higher is better; long passages are cut. Errors:
  // DeadlineExceeded (says how many passages were read), ResourceExhausted, Internal.
  absl::StatusOr<std::vector<double>> Score(std::string_view query,
                                            std::span<const std::string_view> passages,
                                            absl::Time deadline) const;

 private:
  // Of the head; small enough to be multiplied as it stands.
  struct Head {
    std::vector<float> hidden_weight;  // hidden*hidden
    std::vector<float> hidden_bias;
    std::vector<float> output_weight;  // hidden
    float output_bias = 0;
  };

  CrossEncoder() = default;
  double ScoreState(std::span<const float> state) const;

  std::unique_ptr<const TransformerModel> model_;
  Head head_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_CROSS_ENCODER_H_
