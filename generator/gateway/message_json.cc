#include "generator/gateway/message_json.h"

#include <google/protobuf/util/json_util.h>

#include <charconv>
#include <cmath>
#include <memory>
#include <optional>

#include "absl/strings/cord.h"
#include "core/base/one_line.h"
#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"
#include "generator/gateway/message_writer.h"

namespace policykb {

namespace {

namespace pb = google::protobuf;

struct CodePair {
  absl::StatusCode code;
  int http;
};
// https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto. The first of those
// with one HTTP code is what a client takes it for.
constexpr CodePair kCodes[] = {
    {absl::StatusCode::kOk, 200},
    {absl::StatusCode::kInvalidArgument, 400},
    {absl::StatusCode::kFailedPrecondition, 400},
    {absl::StatusCode::kOutOfRange, 400},
    {absl::StatusCode::kUnauthenticated, 401},
    {absl::StatusCode::kPermissionDenied, 403},
    {absl::StatusCode::kNotFound, 404},
    {absl::StatusCode::kAborted, 409},
    {absl::StatusCode::kAlreadyExists, 409},
    {absl::StatusCode::kResourceExhausted, 429},
    {absl::StatusCode::kCancelled, 499},
    {absl::StatusCode::kInternal, 500},
    {absl::StatusCode::kUnknown, 500},
    {absl::StatusCode::kDataLoss, 500},
    {absl::StatusCode::kUnimplemented, 501},
    {absl::StatusCode::kUnavailable, 503},
    {absl::StatusCode::kDeadlineExceeded, 504},
};

// Payloads of types that this program knows, as `details` has them.
std::string DetailsJson(const absl::Status& status) {
  std::string details;
  status.ForEachPayload([&details](absl::string_view url, const absl::Cord& payload) {
    const std::string name(url.substr(url.rfind('/') + 1));
    const pb::Descriptor* const type =
        pb::DescriptorPool::generated_pool()->FindMessageTypeByName(name);
    if (type == nullptr) return;
    const std::unique_ptr<pb::Message> detail(
        pb::MessageFactory::generated_factory()->GetPrototype(type)->New());
    if (!detail->ParseFromString(std::string(payload))) return;
    // Some of them have durations, whose form is their own.
    std::string fields;
    if (!pb::util::MessageToJsonString(*detail, &fields).ok()) return;
    if (!details.empty()) details += ',';
    details += Cat("{\"@type\":", JsonString({url.data(), url.size()}),
                   fields == "{}" ? "}" : Cat(",", std::string_view(fields).substr(1)));
  });
  return details;
}

template <typename Number>
std::optional<Number> ParseNumber(std::string_view text) {
  Number value{};
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || last != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string MessageToJson(const pb::Message& message) {
  std::string json;
  WriteJson(message, json);
  return json;
}

absl::Status SetParameter(std::string_view name, std::string_view value, pb::Message& message) {
  const pb::FieldDescriptor* field = nullptr;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* const one = message.GetDescriptor()->field(i);
    const bool named = one->is_repeated()
                           ? one->json_name() == Cat(name, "s") || one->json_name() == name
                           : one->json_name() == name;
    if (named) field = one;
  }
  if (field == nullptr || field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE)
    return absl::InvalidArgumentError(
        Cat("parameter ", OneLine(name), ": is none of this request"));
  const pb::Reflection& reflection = *message.GetReflection();
  const bool repeated = field->is_repeated();
  const auto wrong = [&](std::string_view expected) {
    return absl::InvalidArgumentError(
        Cat("parameter ", name, ": ", OneLine(value), ", expected ", expected));
  };
  if (!repeated && field->has_presence() && reflection.HasField(message, field))
    return absl::InvalidArgumentError(Cat("parameter ", name, ": stands twice"));
  switch (field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      if (!repeated && !reflection.GetString(message, field).empty())
        return absl::InvalidArgumentError(Cat("parameter ", name, ": stands twice"));
      if (repeated) {
        reflection.AddString(&message, field, std::string(value));
      } else {
        reflection.SetString(&message, field, std::string(value));
      }
      return absl::OkStatus();
    case pb::FieldDescriptor::CPPTYPE_INT32: {
      const std::optional<int32_t> number = ParseNumber<int32_t>(value);
      if (!number || repeated) return wrong("a whole number");
      reflection.SetInt32(&message, field, *number);
      return absl::OkStatus();
    }
    case pb::FieldDescriptor::CPPTYPE_INT64: {
      const std::optional<int64_t> number = ParseNumber<int64_t>(value);
      if (!number || repeated) return wrong("a whole number");
      reflection.SetInt64(&message, field, *number);
      return absl::OkStatus();
    }
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      if ((value != "true" && value != "false") || repeated) return wrong("true or false");
      reflection.SetBool(&message, field, value == "true");
      return absl::OkStatus();
    default:
      return wrong("a field that can stand in a target");
  }
}

int HttpCodeOf(absl::StatusCode code) {
  for (const CodePair& pair : kCodes) {
    if (pair.code == code) return pair.http;
  }
  return 500;
}

absl::StatusCode StatusCodeOf(int http_code) {
  for (const CodePair& pair : kCodes) {
    if (pair.http == http_code) return pair.code;
  }
  return http_code < 500 ? absl::StatusCode::kInvalidArgument : absl::StatusCode::kInternal;
}

std::string JsonString(std::string_view text) {
  std::string json;
  WriteJsonString(text, json);
  return json;
}

std::string StatusJson(const absl::Status& status) {
  return Cat("{\"code\":", static_cast<int>(status.code()),
             ",\"message\":", JsonString({status.message().data(), status.message().size()}),
             ",\"details\":[", DetailsJson(status), "]}");
}

void AddErrorHeaders(const absl::Status& status, WebResponse& response) {
  if (const std::optional<absl::Duration> wait = RetryAfter(status)) {
    const double seconds = std::ceil(absl::ToDoubleSeconds(*wait));
    response.headers.push_back(
        {"Retry-After", std::to_string(seconds < 1 ? 1 : static_cast<int64_t>(seconds))});
  }
  if (absl::IsUnauthenticated(status))
    response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"policykb\""});
}

WebResponse ErrorResponse(const absl::Status& status) {
  WebResponse response = MakeResponse(HttpCodeOf(status.code()), kJsonType, StatusJson(status));
  AddErrorHeaders(status, response);
  return response;
}

WebResponse RefusalResponse(int http_code, std::string_view message) {
  WebResponse response = ErrorResponse(
      absl::Status(StatusCodeOf(http_code), absl::string_view(message.data(), message.size())));
  response.code = http_code;
  return response;
}

}  // namespace policykb
