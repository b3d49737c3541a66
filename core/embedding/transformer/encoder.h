// Encoder: sequences of tokens -> one vector each, fast.
//
// The same function as reference_encoder.h on packed matrices and vector kernels. The tokens of all
// sequences of a call stand one behind the other, so that nothing is padded and no sequence is seen
// by another; only the layers that pooling reads are computed to the end. Weights are packed once
// and shared. Const after Create, any thread; an EncoderScratch is used by one thread at a time.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_ENCODER_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_ENCODER_H_

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/tokenizer/tokenizer.h"
#include "core/embedding/transformer/attention.h"
#include "core/embedding/transformer/encoder_weights.h"
#include "core/embedding/transformer/model_config.h"
#include "core/embedding/transformer/packed_matrix.h"
#include "core/embedding/transformer/row_kernels.h"

namespace policykb {

// Working memory of one thread: about 40 bytes for each token and component of the wide layer.
struct EncoderScratch {
  std::vector<float> states;   // rows*hidden
  std::vector<float> context;  // rows*hidden
  std::vector<float> wide;     // a row
  // Of kProductRows rows at a time, or of all rows for query, key and value.
  std::vector<float> product;
  std::vector<char> activations;
  std::vector<RowScale> scales;  // by row of the activations
  AttentionScratch attention;
  MatrixScratch matrix;
};

class Encoder {
 public:
  // `weights` and the file they view outlive the encoder, which reads the tables of tokens and
  // positions from there. Errors: FailedPrecondition (hidden, intermediate or head size not a
  // multiple of 16), InvalidArgument (weights that are not finite), ResourceExhausted, Internal.
  static absl::StatusOr<std::unique_ptr<const Encoder>> Create(const EncoderConfig& config,
                                                               const EncoderWeights& weights,
                                                               Pooling pooling,
                                                               Precision precision);

  const EncoderConfig& config() const { return config_; }
  Precision precision() const { return precision_; }
  // Bytes of the packed matrices.
  size_t packed_bytes() const;

  // Pooled states, sequences*hidden, row-major, of any length. REQUIRES: as ReferenceStates for
  // each sequence. Errors: ResourceExhausted, Internal.
  absl::StatusOr<std::vector<float>> Encode(std::span<const TokenSequence> sequences,
                                            EncoderScratch& scratch) const;

 private:
  struct Linear {
    PackedMatrix matrix;
    std::vector<float> bias;
  };
  struct Layer {
    Linear query_key_value;
    Linear attention_output;
    Linear intermediate;
    Linear output;
    NormWeights attention_norm;
    NormWeights output_norm;
  };
  class Packer;
  class Run;

  Encoder() = default;

  EncoderConfig config_;
  const EncoderWeights* weights_ = nullptr;
  Pooling pooling_ = Pooling::kMean;
  Precision precision_ = Precision::kF32;
  std::vector<float> types_;  // types*hidden
  std::vector<Layer> layers_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_ENCODER_H_
