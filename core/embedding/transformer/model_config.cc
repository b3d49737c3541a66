#include "core/embedding/transformer/model_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

using nlohmann::json;

constexpr uint64_t kMostConfigBytes = 16 << 20;
// Sizes above are no model of these families, and products of two of them fit 64 bits.
constexpr size_t kLargestSize = 1 << 24;

absl::StatusOr<json> ParseObject(std::string_view text) {
  json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return absl::InvalidArgumentError("not a JSON object");
  return parsed;
}

// Null where the file is not there.
absl::StatusOr<json> ReadJson(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path, kMostConfigBytes);
  if (absl::IsNotFound(text.status())) return json();
  RETURN_IF_ERROR(text.status());
  json parsed = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded() || parsed.is_null()) {
    return absl::InvalidArgumentError(Cat(path, ": not JSON"));
  }
  return parsed;
}

absl::StatusOr<std::string> StringOf(const json& object, const char* key, std::string fallback) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return fallback;
  if (!found->is_string()) return absl::InvalidArgumentError(Cat(key, ": not a string"));
  return found->get<std::string>();
}

absl::StatusOr<size_t> SizeOf(const json& object, const char* key,
                              std::optional<size_t> fallback = std::nullopt) {
  const auto found = object.find(key);
  if ((found == object.end() || found->is_null()) && fallback) return *fallback;
  if (found == object.end()) return absl::InvalidArgumentError(Cat(key, ": missing"));
  if (!found->is_number_unsigned() || found->get<uint64_t>() == 0 ||
      found->get<uint64_t>() > kLargestSize) {
    return absl::InvalidArgumentError(
        Cat(key, ": ", OneLine(found->dump(-1, ' ', false, json::error_handler_t::replace)),
            ", a count from 1 to ", kLargestSize, " expected"));
  }
  return found->get<size_t>();
}

absl::StatusOr<ModelFamily> FamilyOf(const json& object) {
  ASSIGN_OR_RETURN(const std::string type, StringOf(object, "model_type", ""));
  if (type == "bert") return ModelFamily::kBert;
  if (type == "xlm-roberta" || type == "roberta") return ModelFamily::kXlmRoberta;
  return absl::FailedPreconditionError(
      Cat("model_type ", OneLine(type), ", computed here are bert, xlm-roberta"));
}

absl::StatusOr<Activation> ActivationOf(const json& object) {
  ASSIGN_OR_RETURN(const std::string name, StringOf(object, "hidden_act", "gelu"));
  if (name == "gelu") return Activation::kGelu;
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activation::kGeluTanh;
  if (name == "relu") return Activation::kRelu;
  return absl::FailedPreconditionError(
      Cat("hidden_act ", OneLine(name), ", computed here are gelu, gelu_new, relu"));
}

absl::StatusOr<float> EpsilonOf(const json& object) {
  const auto found = object.find("layer_norm_eps");
  if (found == object.end()) return 1e-12F;
  if (!found->is_number() || !(found->get<double>() > 0) || found->get<double>() > 1) {
    return absl::InvalidArgumentError("layer_norm_eps: a number from 0 to 1 expected");
  }
  return found->get<float>();
}

absl::Status CheckPositions(const json& object) {
  ASSIGN_OR_RETURN(const std::string type, StringOf(object, "position_embedding_type", "absolute"));
  if (type == "absolute") return absl::OkStatus();
  return absl::FailedPreconditionError(
      Cat("position_embedding_type ", OneLine(type), ", computed here is absolute"));
}

absl::StatusOr<EncoderConfig> ReadEncoderConfig(const json& object) {
  EncoderConfig config;
  ASSIGN_OR_RETURN(config.family, FamilyOf(object));
  ASSIGN_OR_RETURN(config.hidden, SizeOf(object, "hidden_size"));
  ASSIGN_OR_RETURN(config.layers, SizeOf(object, "num_hidden_layers"));
  ASSIGN_OR_RETURN(config.heads, SizeOf(object, "num_attention_heads"));
  ASSIGN_OR_RETURN(config.intermediate, SizeOf(object, "intermediate_size"));
  ASSIGN_OR_RETURN(config.vocabulary, SizeOf(object, "vocab_size"));
  ASSIGN_OR_RETURN(config.positions, SizeOf(object, "max_position_embeddings"));
  ASSIGN_OR_RETURN(config.types, SizeOf(object, "type_vocab_size", 2));
  ASSIGN_OR_RETURN(config.activation, ActivationOf(object));
  ASSIGN_OR_RETURN(config.epsilon, EpsilonOf(object));
  RETURN_IF_ERROR(CheckPositions(object));
  if (config.hidden % config.heads != 0) {
    return absl::InvalidArgumentError(Cat(
        "hidden_size ", config.hidden, " is not a multiple of num_attention_heads ", config.heads));
  }
  if (config.layers > 1000) {
    return absl::InvalidArgumentError(Cat("num_hidden_layers ", config.layers, ", at most 1000"));
  }
  // Position ids of the family begin behind the padding id, which is 1 in all its models
  // (fairseq's make_positions).
  if (config.family == ModelFamily::kXlmRoberta) config.first_position = 2;
  if (config.positions < config.first_position + 3) {
    return absl::InvalidArgumentError(
        Cat("max_position_embeddings ", config.positions, " leaves no room for a text"));
  }
  if (const auto labels = object.find("id2label"); labels != object.end() && labels->is_object()) {
    config.labels = labels->size();
  }
  return config;
}

// The path of the pooling module, empty where there is no list of modules.
absl::StatusOr<std::string> PoolingPath(const json& modules) {
  if (modules.is_null()) return std::string();
  if (!modules.is_array()) return absl::InvalidArgumentError("not a list of modules");
  std::string pooling;
  for (const json& module : modules) {
    if (!module.is_object()) return absl::InvalidArgumentError("a module is not an object");
    ASSIGN_OR_RETURN(const std::string type, StringOf(module, "type", ""));
    const std::string_view kind = std::string_view(type).substr(type.rfind('.') + 1);
    if (kind == "Pooling") {
      ASSIGN_OR_RETURN(pooling, StringOf(module, "path", "1_Pooling"));
    } else if (kind != "Transformer" && kind != "Normalize") {
      return absl::FailedPreconditionError(
          Cat("module ", OneLine(type), ", computed here are Transformer, Pooling, Normalize"));
    }
  }
  if (pooling.find("..") != std::string::npos) {
    return absl::InvalidArgumentError(Cat("path ", OneLine(pooling), " leads out of the folder"));
  }
  return pooling;
}

absl::StatusOr<Pooling> PoolingOf(const json& object, size_t hidden) {
  if (!object.is_object()) return absl::InvalidArgumentError("not a JSON object");
  std::vector<std::string> modes;
  for (const auto& [key, value] : object.items()) {
    if (key.starts_with("pooling_mode_") && value.is_boolean() && value.get<bool>())
      modes.push_back(key);
  }
  ASSIGN_OR_RETURN(const size_t dimension, SizeOf(object, "word_embedding_dimension", hidden));
  if (dimension != hidden) {
    return absl::InvalidArgumentError(
        Cat("word_embedding_dimension ", dimension, ", the encoder has ", hidden));
  }
  if (modes == std::vector<std::string>{"pooling_mode_cls_token"}) return Pooling::kCls;
  if (modes == std::vector<std::string>{"pooling_mode_mean_tokens"}) return Pooling::kMean;
  return absl::FailedPreconditionError(
      Cat("pooling ", OneLine(modes.empty() ? "none" : Join(modes, " and ")),
          ", computed here are pooling_mode_cls_token, pooling_mode_mean_tokens"));
}

absl::Status ReadPooling(const std::string& folder, ModelConfig& config) {
  const std::string modules_path = JoinPath(folder, "modules.json");
  ASSIGN_OR_RETURN(const json modules, ReadJson(modules_path));
  ASSIGN_OR_RETURN_IN(const std::string place, PoolingPath(modules), modules_path);
  if (place.empty()) return absl::OkStatus();
  const std::string path = JoinPath(JoinPath(folder, place), "config.json");
  ASSIGN_OR_RETURN(const json object, ReadJson(path));
  if (object.is_null())
    return absl::NotFoundError(Cat(path, ": not found, named by ", modules_path));
  ASSIGN_OR_RETURN_IN(config.pooling, PoolingOf(object, config.encoder.hidden), path);
  return absl::OkStatus();
}

absl::Status ReadLimit(const std::string& folder, ModelConfig& config) {
  const std::string path = JoinPath(folder, "sentence_bert_config.json");
  ASSIGN_OR_RETURN(const json object, ReadJson(path));
  if (!object.is_object()) return absl::OkStatus();
  ASSIGN_OR_RETURN_IN(const size_t limit, SizeOf(object, "max_seq_length", config.most_tokens),
                      path);
  config.most_tokens = std::min(config.most_tokens, limit);
  if (config.most_tokens < 3) {
    return absl::InvalidArgumentError(
        Cat(path, ": max_seq_length ", limit, ", at least 3 expected"));
  }
  return absl::OkStatus();
}

// Prompts as sentence-transformers stores them, by the names that models give them.
absl::Status ReadPrompts(const std::string& folder, ModelConfig& config) {
  const std::string path = JoinPath(folder, "config_sentence_transformers.json");
  ASSIGN_OR_RETURN(const json object, ReadJson(path));
  const json prompts = object.is_object() ? object.value("prompts", json()) : json();
  if (!prompts.is_object()) return absl::OkStatus();
  ASSIGN_OR_RETURN_IN(config.query_prefix, StringOf(prompts, "query", ""), path);
  for (const char* name : {"passage", "document"}) {
    if (!config.passage_prefix.empty()) break;
    ASSIGN_OR_RETURN_IN(config.passage_prefix, StringOf(prompts, name, ""), path);
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view NameOf(ModelFamily family) {
  return family == ModelFamily::kBert ? "bert" : "xlm-roberta";
}

std::string_view NameOf(Pooling pooling) { return pooling == Pooling::kCls ? "cls" : "mean"; }

absl::StatusOr<EncoderConfig> ParseEncoderConfig(std::string_view text) {
  ASSIGN_OR_RETURN(const json object, ParseObject(text));
  return ReadEncoderConfig(object);
}

absl::StatusOr<ModelConfig> ReadModelConfig(const std::string& folder) {
  const std::string path = JoinPath(folder, kModelConfigFile);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostConfigBytes));
  ModelConfig config;
  ASSIGN_OR_RETURN_IN(config.encoder, ParseEncoderConfig(text), path);
  config.most_tokens = config.encoder.most_tokens();
  RETURN_IF_ERROR(ReadPooling(folder, config));
  RETURN_IF_ERROR(ReadLimit(folder, config));
  RETURN_IF_ERROR(ReadPrompts(folder, config));
  return config;
}

}  // namespace policykb
