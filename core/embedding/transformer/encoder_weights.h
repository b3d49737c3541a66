// The weights of an encoder by their part in it, found in a file and checked.
//
// Knows the names that BERT and XLM-R models give their tensors. Matrices stay views into the file,
// which outlives them; vectors are copied. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_ENCODER_WEIGHTS_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_ENCODER_WEIGHTS_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/transformer/model_config.h"
#include "core/embedding/transformer/safetensors.h"

namespace policykb {

// output = weight * input + bias
struct LinearWeights {
  size_t inputs = 0;
  size_t outputs = 0;
  Tensor weight;            // outputs*inputs, row-major
  std::vector<float> bias;  // outputs
};

struct NormWeights {
  std::vector<float> scale;
  std::vector<float> shift;
};

struct LayerWeights {
  LinearWeights query;
  LinearWeights key;
  LinearWeights value;
  LinearWeights attention_output;
  NormWeights attention_norm;
  LinearWeights intermediate;
  LinearWeights output;
  NormWeights output_norm;
};

struct EncoderWeights {
  Tensor words;      // vocabulary*hidden
  Tensor positions;  // positions*hidden
  Tensor types;      // types*hidden
  NormWeights norm;
  std::vector<LayerWeights> layers;
};

// The head of a cross-encoder over the first token's state: score = output(tanh(hidden(state))).
struct ScoringWeights {
  LinearWeights hidden;
  LinearWeights output;  // one output
};

// Errors: NotFound, DataLoss (shape, type), as SafetensorsFile::Find.
absl::StatusOr<EncoderWeights> FindEncoderWeights(const SafetensorsFile& file,
                                                  const EncoderConfig& config);

// Errors: the same; FailedPrecondition (a head with several outputs).
absl::StatusOr<ScoringWeights> FindScoringWeights(const SafetensorsFile& file,
                                                  const EncoderConfig& config);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_ENCODER_WEIGHTS_H_
