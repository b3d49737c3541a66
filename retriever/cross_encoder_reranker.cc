#include "retriever/cross_encoder_reranker.h"

#include <utility>

#include "core/base/status_macros.h"

namespace policykb {

absl::StatusOr<std::shared_ptr<const CrossEncoderReranker>> CrossEncoderReranker::Open(
    const std::string& folder, const TransformerOptions& options) {
  ASSIGN_OR_RETURN(std::unique_ptr<const CrossEncoder> encoder,
                   CrossEncoder::Open(folder, options));
  return std::shared_ptr<const CrossEncoderReranker>(new CrossEncoderReranker(std::move(encoder)));
}

CrossEncoderReranker::CrossEncoderReranker(std::unique_ptr<const CrossEncoder> encoder)
    : encoder_(std::move(encoder)) {}

absl::StatusOr<std::vector<double>> CrossEncoderReranker::Score(
    std::string_view query, std::span<const std::string_view> passages, absl::Time deadline) const {
  return encoder_->Score(query, passages, deadline);
}

}  // namespace policykb
