#include "core/embedding/transformer/transformer_embedder.h"

#include <algorithm>
#include <numeric>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "core/embedding/transformer/workers.h"

namespace policykb {

namespace {

// Tokens of a batch: enough that reading the weights is no cost, few enough that what a layer
// passes on to the next stays in the cache.
constexpr size_t kBatchTokens = 256;

// Texts that a worker turns into tokens at a time.
constexpr size_t kTextsOfAPiece = 16;

}  // namespace

std::vector<Batch> MakeBatches(std::span<const size_t> lengths, size_t tokens) {
  std::vector<Batch> batches;
  size_t sum = 0;
  for (size_t i = 0; i < lengths.size(); ++i) {
    if (batches.empty() || sum + lengths[i] > tokens) {
      batches.push_back({.first = i, .count = 0});
      sum = 0;
    }
    ++batches.back().count;
    sum += lengths[i];
  }
  return batches;
}

absl::StatusOr<std::unique_ptr<TransformerEmbedder>> TransformerEmbedder::Open(
    const std::string& folder, const TransformerOptions& options, std::optional<Pooling> pooling) {
  ASSIGN_OR_RETURN(std::unique_ptr<const TransformerModel> model,
                   TransformerModel::Open(folder, options, pooling));
  const size_t workers = options.workers > 0 ? options.workers : WorkersOfThisMachine();
  return std::unique_ptr<TransformerEmbedder>(new TransformerEmbedder(std::move(model), workers));
}

TokenSequence TransformerEmbedder::Sequence(std::string_view prefix, std::string_view text) const {
  const size_t most = model_->config().most_tokens;
  if (prefix.empty()) return MakeSequence(model_->tokenizer(), text, most);
  return MakeSequence(model_->tokenizer(), Cat(prefix, text), most);
}

std::unique_ptr<EncoderScratch> TransformerEmbedder::TakeScratch() const {
  const absl::MutexLock lock(&mutex_);
  if (idle_.empty()) return std::make_unique<EncoderScratch>();
  std::unique_ptr<EncoderScratch> scratch = std::move(idle_.back());
  idle_.pop_back();
  return scratch;
}

void TransformerEmbedder::GiveBack(std::unique_ptr<EncoderScratch> scratch) const {
  const absl::MutexLock lock(&mutex_);
  if (idle_.size() < workers_) idle_.push_back(std::move(scratch));
}

absl::StatusOr<std::vector<float>> TransformerEmbedder::EmbedPassages(
    std::span<const std::string_view> texts) const {
  const size_t hidden = model_->config().encoder.hidden;
  std::vector<TokenSequence> sequences(texts.size());
  const size_t pieces = (texts.size() + kTextsOfAPiece - 1) / kTextsOfAPiece;
  RETURN_IF_ERROR(RunWithWorkers(pieces, workers_, [&](size_t piece, size_t) {
    const size_t end = std::min(texts.size(), (piece + 1) * kTextsOfAPiece);
    for (size_t i = piece * kTextsOfAPiece; i < end; ++i)
      sequences[i] = Sequence(model_->config().passage_prefix, texts[i]);
    return absl::OkStatus();
  }));
  // The longest first, so that workers end together.
  std::vector<size_t> order(texts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return sequences[a].tokens.size() > sequences[b].tokens.size();
  });
  std::vector<TokenSequence> sorted;
  std::vector<size_t> lengths;
  for (const size_t i : order) {
    texts_cut_ += sequences[i].cut ? 1 : 0;
    lengths.push_back(sequences[i].tokens.size());
    sorted.push_back(std::move(sequences[i]));
  }
  const std::vector<Batch> batches = MakeBatches(lengths, kBatchTokens);
  std::vector<float> vectors(texts.size() * hidden);
  RETURN_IF_ERROR(
      RunWithWorkers(batches.size(), workers_, [&](size_t piece, size_t) -> absl::Status {
        const Batch& batch = batches[piece];
        std::unique_ptr<EncoderScratch> scratch = TakeScratch();
        ASSIGN_OR_RETURN(
            const std::vector<float> made,
            model_->encoder().Encode({sorted.data() + batch.first, batch.count}, *scratch));
        GiveBack(std::move(scratch));
        for (size_t i = 0; i < batch.count; ++i) {
          float* to = vectors.data() + order[batch.first + i] * hidden;
          std::copy_n(made.data() + i * hidden, hidden, to);
          NormalizeLength({to, hidden});
        }
        return absl::OkStatus();
      }));
  return vectors;
}

absl::StatusOr<std::vector<float>> TransformerEmbedder::EmbedQuery(std::string_view text) const {
  const TokenSequence sequence = Sequence(model_->config().query_prefix, text);
  EncoderScratch scratch;
  ASSIGN_OR_RETURN(std::vector<float> vector, model_->encoder().Encode({&sequence, 1}, scratch));
  NormalizeLength(vector);
  return vector;
}

}  // namespace policykb
