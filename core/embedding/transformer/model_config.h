// What the JSON files beside the weights say of a model: shape of the encoder, pooling, limits,
// prefixes.
//
// Reads a folder as Hugging Face and sentence-transformers lay it out: config.json, modules.json,
// 1_Pooling/config.json, sentence_bert_config.json, config_sentence_transformers.json. Whatever
// would change vectors and is not computed here is refused by name. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_MODEL_CONFIG_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_MODEL_CONFIG_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

inline constexpr std::string_view kModelConfigFile = "config.json";
inline constexpr std::string_view kWeightsFile = "model.safetensors";

enum class ModelFamily : uint8_t { kBert, kXlmRoberta };
enum class Activation : uint8_t { kGelu, kGeluTanh, kRelu };
enum class Pooling : uint8_t { kCls, kMean };

std::string_view NameOf(ModelFamily family);
std::string_view NameOf(Pooling pooling);

// config.json.
struct EncoderConfig {
  ModelFamily family = ModelFamily::kBert;
  size_t hidden = 0;
  size_t layers = 0;
  size_t heads = 0;  // hidden is a multiple
  size_t intermediate = 0;
  size_t vocabulary = 0;
  size_t positions = 0;  // rows of the position table
  size_t types = 0;      // rows of the token type table
  // Row of the first position; XLM-R counts from behind its padding id.
  size_t first_position = 0;
  float epsilon = 0;  // of the layer norms
  Activation activation = Activation::kGelu;
  size_t labels = 0;  // outputs of a classification head, by id2label; 0 where it is not said

  size_t head_size() const { return hidden / heads; }
  // Tokens of the longest sequence, special ones included.
  size_t most_tokens() const { return positions - first_position; }
};

// Errors: InvalidArgument (grammar, missing or contradictory values), FailedPrecondition (a model
// that is not computed here: model_type, hidden_act, position_embedding_type).
absl::StatusOr<EncoderConfig> ParseEncoderConfig(std::string_view json);

struct ModelConfig {
  EncoderConfig encoder;
  Pooling pooling = Pooling::kMean;
  size_t most_tokens = 0;  // special ones included; longer texts are cut
  std::string query_prefix;
  std::string passage_prefix;
};

// Of all files of the folder. Without modules.json pooling is the mean, as sentence-transformers
// has it. Errors: as ParseEncoderConfig with the file's path, NotFound (config.json),
// FailedPrecondition (a module or pooling that is not computed here).
absl::StatusOr<ModelConfig> ReadModelConfig(const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_MODEL_CONFIG_H_
