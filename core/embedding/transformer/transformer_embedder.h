// TransformerEmbedder: an encoder of a published model as an Embedder, computed in process.
//
// Texts get the model's prefixes, are cut at its limit, pooled and scaled to unit length. Passages
// are spread over workers with one thread each; a query is computed in the calling thread. Const
// after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_TRANSFORMER_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_TRANSFORMER_EMBEDDER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/embedding/embedder.h"
#include "core/embedding/transformer/transformer_model.h"

namespace policykb {

class TransformerEmbedder : public Embedder {
 public:
  // `pooling`: nothing for what the model's files say. Errors: as TransformerModel::Open.
  static absl::StatusOr<std::unique_ptr<TransformerEmbedder>> Open(
      const std::string& folder, const TransformerOptions& options,
      std::optional<Pooling> pooling = std::nullopt);

  int dimension() const override { return static_cast<int>(model_->config().encoder.hidden); }
  const std::string& fingerprint() const override { return model_->fingerprint(); }
  // Errors: ResourceExhausted, Internal.
  absl::StatusOr<std::vector<float>> EmbedPassages(
      std::span<const std::string_view> texts) const override;
  absl::StatusOr<std::vector<float>> EmbedQuery(std::string_view text) const override;
  uint64_t texts_cut() const override { return texts_cut_; }

  const TransformerModel& model() const { return *model_; }

 private:
  explicit TransformerEmbedder(std::unique_ptr<const TransformerModel> model, size_t workers)
      : model_(std::move(model)), workers_(workers) {}
  TokenSequence Sequence(std::string_view prefix, std::string_view text) const;
  std::unique_ptr<EncoderScratch> TakeScratch() const;
  void GiveBack(std::unique_ptr<EncoderScratch> scratch) const;

  std::unique_ptr<const TransformerModel> model_;
  size_t workers_;
  mutable std::atomic<uint64_t> texts_cut_ = 0;
  // Working memory between calls; passages come in many small ones.
  mutable absl::Mutex mutex_;
  mutable std::vector<std::unique_ptr<EncoderScratch>> idle_ ABSL_GUARDED_BY(mutex_);
};

// Groups of neighbours in `lengths` of about `tokens` together: first place and count of each.
struct Batch {
  size_t first = 0;
  size_t count = 0;
};
std::vector<Batch> MakeBatches(std::span<const size_t> lengths, size_t tokens);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_TRANSFORMER_EMBEDDER_H_
