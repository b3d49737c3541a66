#include "core/embedding/embeddings_protocol.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/one_line.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

using nlohmann::json;

constexpr size_t kMostReasonBytes = 200;
constexpr size_t kMostDimension = 1 << 16;

absl::Status Wrong(const std::string& what) { return absl::DataLossError(what); }

}  // namespace

std::string EncodeEmbeddingsRequest(std::string_view model, std::span<const std::string> texts) {
  json body;
  body["model"] = std::string(model);
  body["input"] = json::array();
  for (const std::string& text : texts) body["input"].push_back(text);
  body["encoding_format"] = "float";
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

absl::StatusOr<std::vector<float>> DecodeEmbeddings(std::string_view body, size_t count,
                                                    size_t dimension) {
  const json reply = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!reply.is_object()) return Wrong("the reply is not a JSON object");
  const auto data = reply.find("data");
  if (data == reply.end() || !data->is_array()) return Wrong("the reply has no list of data");
  if (data->size() != count) {
    return Wrong(Cat("the reply has ", data->size(), " vectors, ", count, " expected"));
  }
  std::vector<float> vectors;
  std::vector<bool> seen(count);
  for (size_t place = 0; place < count; ++place) {
    const json& entry = (*data)[place];
    if (!entry.is_object()) return Wrong(Cat("entry ", place, " is not an object"));
    const auto embedding = entry.find("embedding");
    if (embedding == entry.end() || !embedding->is_array()) {
      return Wrong(Cat("entry ", place, " has no list of numbers"));
    }
    // Servers that leave the index out answer in the order of the request.
    size_t index = place;
    if (const auto named = entry.find("index"); named != entry.end()) {
      if (!named->is_number_unsigned())
        return Wrong(Cat("entry ", place, " has an index that is no count"));
      index = named->get<size_t>();
    }
    if (index >= count || seen[index]) {
      return Wrong(Cat("index ", index, index >= count ? " is out of range" : " stands twice"));
    }
    seen[index] = true;
    if (dimension == 0 && embedding->size() <= kMostDimension) dimension = embedding->size();
    if (dimension == 0 || embedding->size() != dimension) {
      return Wrong(Cat("a vector of ", embedding->size(), " components, ", dimension, " expected"));
    }
    vectors.resize(count * dimension);
    const std::span row(vectors.data() + index * dimension, dimension);
    bool is_zero = true;
    for (size_t c = 0; c < dimension; ++c) {
      const json& value = (*embedding)[c];
      row[c] = value.is_number() ? value.get<float>() : std::nanf("");
      if (!std::isfinite(row[c]))
        return Wrong(Cat("vector ", index, " has a component that is no finite number"));
      is_zero &= row[c] == 0;
    }
    if (is_zero) return Wrong(Cat("vector ", index, " is all zero"));
    NormalizeLength(row);
  }
  return vectors;
}

std::string EmbeddingsErrorReason(std::string_view body) {
  const json reply = json::parse(body, nullptr, /*allow_exceptions=*/false);
  std::string reason;
  if (reply.is_object()) {
    for (const char* name : {"error", "message", "detail"}) {
      const auto found = reply.find(name);
      if (found == reply.end() || !reason.empty()) continue;
      if (found->is_string()) reason = found->get<std::string>();
      if (found->is_object() && found->contains("message") && (*found)["message"].is_string())
        reason = (*found)["message"].get<std::string>();
    }
  }
  reason = OneLine(reason);
  reason.resize(FloorToChar(reason, std::min(reason.size(), kMostReasonBytes)));
  return reason;
}

}  // namespace policykb
