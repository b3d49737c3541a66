#include "generator/gateway/message_reader.h"

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <vector>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;
using Json = nlohmann::json;

// Deeper than any request of ours, and shallow enough for whatever recurses.
constexpr int kMostLevels = 32;

// Errors: InvalidArgument.
absl::StatusOr<Json> Parse(std::string_view text) {
  std::vector<std::set<std::string>> names;  // of the objects that are open
  const char* fault = nullptr;
  const auto look = [&names, &fault](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMostLevels) fault = "is nested too deep";
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end && !names.empty()) names.pop_back();
    if (event == Json::parse_event_t::key && !names.empty() &&
        !names.back().insert(parsed.get<std::string>()).second) {
      fault = "has a name twice in one object";
    }
    // What is wrong is not kept.
    return fault == nullptr;
  };
  Json json = Json::parse(text, look, /*allow_exceptions=*/false);
  if (fault != nullptr) return absl::InvalidArgumentError(Cat("body: ", std::string_view(fault)));
  if (json.is_discarded()) return absl::InvalidArgumentError("body: is no JSON in UTF-8");
  if (!json.is_object()) return absl::InvalidArgumentError("body: expected a JSON object");
  return json;
}

absl::Status Wrong(const std::string& path, std::string_view expected) {
  return absl::InvalidArgumentError(Cat("body: ", path, ": expected ", expected));
}

// A whole number of this type, or one in a string.
template <typename Number>
std::optional<Number> WholeNumber(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<uint64_t>();
    if (value > static_cast<uint64_t>(std::numeric_limits<Number>::max())) return std::nullopt;
    return static_cast<Number>(value);
  }
  if (json.is_number_integer()) {
    const auto value = json.get<int64_t>();
    if (value < std::numeric_limits<Number>::min() || value > std::numeric_limits<Number>::max())
      return std::nullopt;
    return static_cast<Number>(value);
  }
  if (!json.is_string()) return std::nullopt;
  const std::string& text = json.get_ref<const std::string&>();
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

absl::Status ReadObject(const Json& json, const std::string& path, pb::Message& message);

// Sets the field, or adds to it where it is repeated.
absl::Status ReadValue(const Json& json, const std::string& path, const Field& field,
                       pb::Message& message) {
  const pb::Reflection& reflection = *message.GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_STRING: {
      if (!json.is_string()) return Wrong(path, "a string");
      const std::string& value = json.get_ref<const std::string&>();
      add ? reflection.AddString(&message, &field, value)
          : reflection.SetString(&message, &field, value);
      return absl::OkStatus();
    }
    case Field::CPPTYPE_BOOL:
      if (!json.is_boolean()) return Wrong(path, "true or false");
      add ? reflection.AddBool(&message, &field, json.get<bool>())
          : reflection.SetBool(&message, &field, json.get<bool>());
      return absl::OkStatus();
    case Field::CPPTYPE_INT32: {
      const std::optional<int32_t> value = WholeNumber<int32_t>(json);
      if (!value) return Wrong(path, "a whole number of 32 bits");
      add ? reflection.AddInt32(&message, &field, *value)
          : reflection.SetInt32(&message, &field, *value);
      return absl::OkStatus();
    }
    case Field::CPPTYPE_INT64: {
      const std::optional<int64_t> value = WholeNumber<int64_t>(json);
      if (!value) return Wrong(path, "a whole number of 64 bits");
      add ? reflection.AddInt64(&message, &field, *value)
          : reflection.SetInt64(&message, &field, *value);
      return absl::OkStatus();
    }
    case Field::CPPTYPE_DOUBLE:
      if (!json.is_number()) return Wrong(path, "a number");
      add ? reflection.AddDouble(&message, &field, json.get<double>())
          : reflection.SetDouble(&message, &field, json.get<double>());
      return absl::OkStatus();
    case Field::CPPTYPE_ENUM: {
      const pb::EnumValueDescriptor* const value =
          json.is_string() ? field.enum_type()->FindValueByName(json.get<std::string>()) : nullptr;
      if (value == nullptr) return Wrong(path, Cat("a name of ", field.enum_type()->full_name()));
      add ? reflection.AddEnum(&message, &field, value)
          : reflection.SetEnum(&message, &field, value);
      return absl::OkStatus();
    }
    case Field::CPPTYPE_MESSAGE:
      return ReadObject(json, path,
                        add ? *reflection.AddMessage(&message, &field)
                            : *reflection.MutableMessage(&message, &field));
    default:
      return Wrong(path, "nothing, requests cannot have it");
  }
}

const Field* FindField(const pb::Descriptor& type, const std::string& name) {
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->json_name() == name) return type.field(i);
  }
  return type.FindFieldByName(name);
}

absl::Status ReadObject(const Json& json, const std::string& path, pb::Message& message) {
  if (!json.is_object()) return Wrong(path, "an object");
  std::set<const Field*> seen;
  for (const auto& [name, value] : json.items()) {
    const std::string inner = path.empty() ? OneLine(name) : Cat(path, ".", OneLine(name));
    const Field* const field = FindField(*message.GetDescriptor(), name);
    if (field == nullptr) {
      return absl::InvalidArgumentError(
          Cat("body: ", inner, ": is no field of ", message.GetDescriptor()->full_name()));
    }
    // By either of its names.
    if (!seen.insert(field).second) return Wrong(inner, "it once");
    if (value.is_null()) continue;
    if (!field->is_repeated()) {
      RETURN_IF_ERROR(ReadValue(value, inner, *field, message));
      continue;
    }
    if (!value.is_array() || field->is_map()) return Wrong(inner, "an array");
    for (const Json& element : value) RETURN_IF_ERROR(ReadValue(element, inner, *field, message));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadJson(std::string_view json, pb::Message& message) {
  if (StripAsciiSpace(json).empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Json parsed, Parse(json));
  return ReadObject(parsed, "", message);
}

absl::StatusOr<std::string> ReadOnlyString(std::string_view json, std::string_view name) {
  ASSIGN_OR_RETURN(const Json parsed, Parse(json));
  const auto found = parsed.find(std::string(name));
  if (parsed.size() != 1 || found == parsed.end() || !found->is_string())
    return absl::InvalidArgumentError(Cat("body: expected {\"", name, "\":\"...\"}"));
  return found->get<std::string>();
}

}  // namespace policykb
