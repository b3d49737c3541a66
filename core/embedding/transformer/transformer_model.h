// TransformerModel: an opened model folder: settings, tokenizer, weights and encoder.
//
// What the embedder and the cross-encoder share. Const after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_TRANSFORMER_MODEL_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_TRANSFORMER_MODEL_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/checksum.h"
#include "core/embedding/tokenizer/open_tokenizer.h"
#include "core/embedding/transformer/encoder.h"
#include "core/embedding/transformer/encoder_weights.h"
#include "core/embedding/transformer/model_config.h"
#include "core/embedding/transformer/safetensors.h"

namespace policykb {

struct TransformerOptions {
  // Nothing: the fastest of f32 and bf16. A precision that this CPU is not fast in is computed in
  // f32.
  std::optional<Precision> precision;
  Casing casing = Casing::kAsModel;
  // Nothing: as the model's files say.
  std::optional<std::string> query_prefix;
  std::optional<std::string> passage_prefix;
  size_t most_tokens = 0;  // a lower limit than the model's; 0: the model's
  size_t workers = 0;      // threads that embed passages; 0: one for each core
};

class TransformerModel {
 public:
  // Errors: NotFound, DataLoss, InvalidArgument, FailedPrecondition (what is not computed here; a
  // tokenizer that does not fit the weights), each with the file's path.
  static absl::StatusOr<std::unique_ptr<const TransformerModel>> Open(
      const std::string& folder, const TransformerOptions& options,
      std::optional<Pooling> pooling = std::nullopt);

  const ModelConfig& config() const { return config_; }
  const Tokenizer& tokenizer() const { return *tokenizer_; }
  const SafetensorsFile& file() const { return file_; }
  const EncoderWeights& weights() const { return weights_; }
  const Encoder& encoder() const { return *encoder_; }
  // The precision that fingerprints name: the one asked for, also where another computes.
  Precision precision() const { return precision_; }
  // A query with a passage, as a cross-encoder reads them. A model with one token type gets no
  // other.
  TokenSequence Pair(const std::vector<int32_t>& query, std::string_view passage) const;
  // Digest of all that a vector depends on.
  const std::string& fingerprint() const { return fingerprint_; }

 private:
  TransformerModel() = default;
  absl::Status CheckTokenizer(const std::string& folder) const;
  absl::Status ComputeFingerprint(const std::string& folder, const TransformerOptions& options);

  ModelConfig config_;
  std::unique_ptr<const Tokenizer> tokenizer_;
  SafetensorsFile file_;
  EncoderWeights weights_;
  Precision precision_ = Precision::kF32;
  std::unique_ptr<const Encoder> encoder_;
  std::string fingerprint_;
};

// Names of the files that Open reads when all that the others say is given to it: settings, weights
// and tokenizer, without '/'.
std::vector<std::string> TransformerFiles(const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_TRANSFORMER_MODEL_H_
