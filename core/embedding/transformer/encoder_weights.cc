#include "core/embedding/transformer/encoder_weights.h"

#include <string>
#include <string_view>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

class Finder {
 public:
  Finder(const SafetensorsFile& file, const EncoderConfig& config) : file_(file), config_(config) {
    // Models saved with a head on top have the encoder under its own name.
    for (const std::string_view prefix : {"bert.", "roberta."}) {
      if (file.Has(Cat(prefix, kWords))) prefix_ = prefix;
    }
  }

  absl::StatusOr<EncoderWeights> Encoder() const {
    EncoderWeights weights;
    const size_t hidden = config_.hidden;
    ASSIGN_OR_RETURN(weights.words, Find(Cat(prefix_, kWords), {config_.vocabulary, hidden}));
    ASSIGN_OR_RETURN(weights.positions, Find(Cat(prefix_, "embeddings.position_embeddings.weight"),
                                             {config_.positions, hidden}));
    ASSIGN_OR_RETURN(weights.types, Find(Cat(prefix_, "embeddings.token_type_embeddings.weight"),
                                         {config_.types, hidden}));
    ASSIGN_OR_RETURN(weights.norm, Norm(Cat(prefix_, "embeddings.LayerNorm")));
    for (size_t layer = 0; layer < config_.layers; ++layer) {
      ASSIGN_OR_RETURN(LayerWeights found, Layer(Cat(prefix_, "encoder.layer.", layer, ".")));
      weights.layers.push_back(std::move(found));
    }
    return weights;
  }

  absl::StatusOr<ScoringWeights> Scoring() const {
    const bool is_bert = config_.family == ModelFamily::kBert;
    const std::string output = is_bert ? "classifier" : "classifier.out_proj";
    const auto found = file_.tensors().find(Cat(output, ".weight"));
    if (found != file_.tensors().end() && found->second.shape.size() == 2 &&
        found->second.shape[0] != 1) {
      return absl::FailedPreconditionError(Cat(file_.path(), ": tensor ", output,
                                               ".weight: ", found->second.Describe(),
                                               ", a reranker has one output"));
    }
    ScoringWeights weights;
    ASSIGN_OR_RETURN(weights.hidden,
                     Linear(is_bert ? Cat(prefix_, "pooler.dense") : "classifier.dense",
                            config_.hidden, config_.hidden));
    ASSIGN_OR_RETURN(weights.output, Linear(output, 1, config_.hidden));
    return weights;
  }

 private:
  static constexpr std::string_view kWords = "embeddings.word_embeddings.weight";

  absl::StatusOr<LayerWeights> Layer(const std::string& name) const {
    LayerWeights layer;
    const size_t hidden = config_.hidden;
    const size_t wide = config_.intermediate;
    ASSIGN_OR_RETURN(layer.query, Linear(name + "attention.self.query", hidden, hidden));
    ASSIGN_OR_RETURN(layer.key, Linear(name + "attention.self.key", hidden, hidden));
    ASSIGN_OR_RETURN(layer.value, Linear(name + "attention.self.value", hidden, hidden));
    ASSIGN_OR_RETURN(layer.attention_output,
                     Linear(name + "attention.output.dense", hidden, hidden));
    ASSIGN_OR_RETURN(layer.attention_norm, Norm(name + "attention.output.LayerNorm"));
    ASSIGN_OR_RETURN(layer.intermediate, Linear(name + "intermediate.dense", wide, hidden));
    ASSIGN_OR_RETURN(layer.output, Linear(name + "output.dense", hidden, wide));
    ASSIGN_OR_RETURN(layer.output_norm, Norm(name + "output.LayerNorm"));
    return layer;
  }

  absl::StatusOr<LinearWeights> Linear(const std::string& name, size_t outputs,
                                       size_t inputs) const {
    LinearWeights linear = {.inputs = inputs, .outputs = outputs, .weight = {}, .bias = {}};
    ASSIGN_OR_RETURN(linear.weight, Find(name + ".weight", {outputs, inputs}));
    ASSIGN_OR_RETURN(const Tensor bias, Find(name + ".bias", {outputs}));
    linear.bias = ReadFloats(bias);
    return linear;
  }

  absl::StatusOr<NormWeights> Norm(const std::string& name) const {
    // Checkpoints converted from TensorFlow have its names.
    const bool is_old = file_.Has(name + ".gamma");
    NormWeights norm;
    ASSIGN_OR_RETURN(const Tensor scale,
                     Find(name + (is_old ? ".gamma" : ".weight"), {config_.hidden}));
    ASSIGN_OR_RETURN(const Tensor shift,
                     Find(name + (is_old ? ".beta" : ".bias"), {config_.hidden}));
    norm.scale = ReadFloats(scale);
    norm.shift = ReadFloats(shift);
    return norm;
  }

  absl::StatusOr<Tensor> Find(const std::string& name, const std::vector<size_t>& shape) const {
    ASSIGN_OR_RETURN(Tensor tensor, file_.Find(name, shape));
    if (tensor.type != TensorType::kF32 && tensor.type != TensorType::kF16 &&
        tensor.type != TensorType::kBf16) {
      return absl::DataLossError(Cat(file_.path(), ": tensor ", name, ": ", tensor.Describe(),
                                     ", F32, F16 or BF16 expected"));
    }
    return tensor;
  }

  const SafetensorsFile& file_;
  const EncoderConfig& config_;
  std::string prefix_;
};

}  // namespace

absl::StatusOr<EncoderWeights> FindEncoderWeights(const SafetensorsFile& file,
                                                  const EncoderConfig& config) {
  return Finder(file, config).Encoder();
}

absl::StatusOr<ScoringWeights> FindScoringWeights(const SafetensorsFile& file,
                                                  const EncoderConfig& config) {
  return Finder(file, config).Scoring();
}

}  // namespace policykb
