// CrossEncoderReranker: a cross-encoder of a model's folder as a Reranker.
//
// Const after Open, any thread.

#ifndef POLICYKB_RETRIEVER_CROSS_ENCODER_RERANKER_H_
#define POLICYKB_RETRIEVER_CROSS_ENCODER_RERANKER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/embedding/transformer/cross_encoder.h"
#include "retriever/reranker.h"

namespace policykb {

class CrossEncoderReranker : public Reranker {
 public:
  // Errors: as CrossEncoder::Open.
  static absl::StatusOr<std::shared_ptr<const CrossEncoderReranker>> Open(
      const std::string& folder, const TransformerOptions& options);

  absl::StatusOr<std::vector<double>> Score(std::string_view query,
                                            std::span<const std::string_view> passages,
                                            absl::Time deadline) const override;

 private:
  explicit CrossEncoderReranker(std::unique_ptr<const CrossEncoder> encoder);

  std::unique_ptr<const CrossEncoder> encoder_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_CROSS_ENCODER_RERANKER_H_
