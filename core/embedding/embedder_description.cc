#include "core/embedding/embedder_description.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <span>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

using nlohmann::json;

constexpr uint64_t kMostTokens = 1 << 20;
constexpr uint64_t kMostDimension = 1 << 16;

std::string_view NameOf(Casing casing) {
  switch (casing) {
    case Casing::kAsModel:
      return "as-model";
    case Casing::kLower:
      return "lower";
    case Casing::kKeep:
      return "keep";
  }
  return "";
}

// Reads the members one after the other; the first failure stays.
class MemberReader {
 public:
  explicit MemberReader(const json& object) : object_(object) {}

  void Text(const char* name, std::string& to) {
    const json* member = Find(name);
    if (member == nullptr) return;
    if (!member->is_string()) return Fail(name, "a string");
    to = member->get<std::string>();
  }

  void Count(const char* name, uint64_t most, uint32_t& to) {
    const json* member = Find(name);
    if (member == nullptr) return;
    if (!member->is_number_unsigned() || member->get<uint64_t>() > most)
      return Fail(name, Cat("a count up to ", most));
    to = member->get<uint32_t>();
  }

  // One of the values by its name.
  template <typename T, size_t kCount>
  void Choice(const char* name, const T (&values)[kCount], T& to) {
    std::string text;
    const json* member = Find(name);
    if (member == nullptr) return;
    Text(name, text);
    for (const T value : values) {
      if (NameOf(value) == text) {
        to = value;
        return;
      }
    }
    Fail(name, "a known value");
  }

  const absl::Status& status() const { return status_; }

 private:
  const json* Find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }

  void Fail(const char* name, const std::string& expected) {
    if (!status_.ok()) return;
    const std::string value = object_[name].dump(-1, ' ', false, json::error_handler_t::replace);
    status_ = absl::DataLossError(Cat(name, ": ", OneLine(value), ", ", expected, " expected"));
  }

  const json& object_;
  absl::Status status_;
};

}  // namespace

std::string_view NameOf(EmbedderKind kind) {
  switch (kind) {
    case EmbedderKind::kCorpus:
      return "corpus";
    case EmbedderKind::kTransformer:
      return "transformer";
    case EmbedderKind::kStatic:
      return "static";
    case EmbedderKind::kHttp:
      return "http";
  }
  return "";
}

std::string EncodeEmbedderDescription(const EmbedderDescription& description) {
  json object = {{"format_version", kEmbedderDescriptionVersion},
                 {"kind", std::string(NameOf(description.kind))}};
  const bool is_http = description.kind == EmbedderKind::kHttp;
  const bool is_transformer = description.kind == EmbedderKind::kTransformer;
  if (!is_http) {
    object["most_tokens"] = description.most_tokens;
    object["casing"] = std::string(NameOf(description.casing));
  }
  if (is_http || is_transformer) {
    object["query_prefix"] = description.query_prefix;
    object["passage_prefix"] = description.passage_prefix;
  }
  if (is_transformer) {
    object["pooling"] = std::string(NameOf(description.pooling));
    object["precision"] = std::string(NameOf(description.precision));
  }
  if (is_http) {
    object["url"] = description.url;
    object["model"] = description.model;
    object["dimension"] = description.dimension;
    object["key_file"] = description.key_file;
  }
  return object.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

absl::StatusOr<EmbedderDescription> DecodeEmbedderDescription(std::string_view text) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return absl::DataLossError("not a JSON object");
  MemberReader reader(object);
  uint32_t version = 0;
  reader.Count("format_version", UINT32_MAX, version);
  RETURN_IF_ERROR(reader.status());
  if (version != kEmbedderDescriptionVersion) {
    return absl::FailedPreconditionError(
        Cat("format_version ", version, ", readable ", kEmbedderDescriptionVersion));
  }
  if (!object.contains("kind")) return absl::DataLossError("kind: missing");
  EmbedderDescription description;
  reader.Choice("kind", {EmbedderKind::kTransformer, EmbedderKind::kStatic, EmbedderKind::kHttp},
                description.kind);
  reader.Count("most_tokens", kMostTokens, description.most_tokens);
  reader.Choice("casing", {Casing::kAsModel, Casing::kLower, Casing::kKeep}, description.casing);
  reader.Text("query_prefix", description.query_prefix);
  reader.Text("passage_prefix", description.passage_prefix);
  reader.Choice("pooling", {Pooling::kCls, Pooling::kMean}, description.pooling);
  reader.Choice("precision", {Precision::kF32, Precision::kBf16, Precision::kInt8},
                description.precision);
  reader.Text("url", description.url);
  reader.Text("model", description.model);
  reader.Count("dimension", kMostDimension, description.dimension);
  reader.Text("key_file", description.key_file);
  RETURN_IF_ERROR(reader.status());
  return description;
}

}  // namespace policykb
