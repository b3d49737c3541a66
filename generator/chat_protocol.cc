#include "generator/chat_protocol.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxReasonBytes = 200;
constexpr int kMaxJsonDepth = 64;

// Parses without exceptions and without recursion deeper than kMaxJsonDepth.
std::optional<Json> ParseObject(std::string_view text) {
  const auto keep = [](int depth, Json::parse_event_t, Json&) { return depth < kMaxJsonDepth; };
  Json json = Json::parse(text.begin(), text.end(), keep, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

const Json* Find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const std::string* FindString(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

// Text of a content that is a string or a list of typed parts.
void AppendContent(const Json& content, ChatDelta& delta) {
  if (const auto* text = content.get_ptr<const std::string*>()) {
    delta.text += *text;
    return;
  }
  if (!content.is_array()) return;
  for (const Json& part : content) {
    const std::string* type = FindString(part, "type");
    const std::string* text = FindString(part, "text");
    if (type != nullptr && *type == "text" && text != nullptr) {
      delta.text += *text;
    } else if (type != nullptr && *type != "text") {
      delta.has_reasoning = true;
    }
  }
}

bool HasText(const Json& value) {
  if (const auto* text = value.get_ptr<const std::string*>()) return !text->empty();
  return value.is_array() && !value.empty();
}

ChatDelta DecodeChoice(const Json& choice) {
  ChatDelta delta;
  const Json* message = Find(choice, "delta");
  if (message == nullptr) message = Find(choice, "message");
  if (message != nullptr) {
    for (const char* key : {"reasoning_content", "reasoning", "reasoning_details", "thinking"}) {
      const Json* reasoning = Find(*message, key);
      if (reasoning != nullptr && HasText(*reasoning)) delta.has_reasoning = true;
    }
    if (const Json* content = Find(*message, "content")) AppendContent(*content, delta);
  }
  if (const std::string* reason = FindString(choice, "finish_reason")) {
    if (*reason == "length") {
      delta.finish = ChatFinish::kLength;
    } else if (*reason == "content_filter" || *reason == "insufficient_system_resource") {
      delta.finish = ChatFinish::kRefused;
    } else if (!reason->empty()) {
      delta.finish = ChatFinish::kStop;
    }
  }
  return delta;
}

// A count of tokens; 0 where there is none or it cannot be.
int64_t Count(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  if (value == nullptr || !value->is_number_integer()) return 0;
  return std::clamp<int64_t>(value->get<int64_t>(), 0, int64_t{1} << 40);
}

// DeepSeek counts hits of its cache beside prompt_tokens, others in a record of details.
std::optional<ChatUsage> DecodeUsage(const Json& body) {
  const Json* usage = Find(body, "usage");
  if (usage == nullptr || !usage->is_object()) return std::nullopt;
  ChatUsage counts{.prompt_tokens = Count(*usage, "prompt_tokens"),
                   .cached_prompt_tokens = Count(*usage, "prompt_cache_hit_tokens"),
                   .completion_tokens = Count(*usage, "completion_tokens")};
  if (const Json* details = Find(*usage, "prompt_tokens_details");
      details != nullptr && counts.cached_prompt_tokens == 0) {
    counts.cached_prompt_tokens = Count(*details, "cached_tokens");
  }
  return counts;
}

// A number, or a string of digits, that may be an HTTP status.
std::optional<int> AsHttpStatus(const Json* value) {
  if (value == nullptr) return std::nullopt;
  int64_t code = 0;
  if (const auto* text = value->get_ptr<const std::string*>()) {
    if (text->size() != 3) return std::nullopt;
    for (const char c : *text) {
      if (c < '0' || c > '9') return std::nullopt;
      code = code * 10 + (c - '0');
    }
  } else if (value->is_number_integer()) {
    code = value->get<int64_t>();
  }
  if (code < 400 || code > 599) return std::nullopt;
  return static_cast<int>(code);
}

struct ServerWords {
  std::string message;
  std::optional<int> http_status;
};

// What an error body says, or nullopt when it is none.
std::optional<ServerWords> FindServerWords(const Json& body) {
  const Json* error = Find(body, "error");
  const std::string* object = FindString(body, "object");
  const Json* holder = &body;
  ServerWords words;
  if (error != nullptr) {
    if (const auto* text = error->get_ptr<const std::string*>()) words.message = *text;
    if (error->is_object()) holder = error;
  } else if (Find(body, "choices") != nullptr) {
    return std::nullopt;
  } else if (FindString(body, "message") == nullptr && FindString(body, "detail") == nullptr &&
             FindString(body, "error_msg") == nullptr &&
             (object == nullptr || *object != "error")) {
    return std::nullopt;
  }
  for (const char* key : {"message", "detail", "msg", "error_msg"}) {
    const std::string* text = FindString(*holder, key);
    if (words.message.empty() && text != nullptr) words.message = *text;
  }
  for (const Json* place : {holder, &body}) {
    for (const char* key : {"code", "status", "status_code"}) {
      if (!words.http_status) words.http_status = AsHttpStatus(Find(*place, key));
    }
  }
  return words;
}

ChatError MakeError(int http_status, std::string_view words, std::string_view secret) {
  std::string message = Cat("model server: HTTP ", http_status);
  const auto with = [&](std::string_view meaning) {
    Cat(message, " (", meaning, ")").swap(message);
    // A server may repeat parts of the key when it refuses it.
    const bool about_key = http_status == 401 || http_status == 403;
    const std::string reason = about_key ? std::string() : ShortReason(words, secret);
    return reason.empty() ? message : Cat(message, ": ", reason);
  };
  switch (http_status) {
    case 400:
    case 413:
    case 422:
      return {absl::InvalidArgumentError(with("request refused")), false};
    case 401:
      return {absl::UnauthenticatedError(with("key missing or wrong")), false};
    case 402:
      return {absl::ResourceExhaustedError(with("no balance left")), false};
    case 403:
      return {absl::PermissionDeniedError(with("not permitted")), false};
    case 404:
      return {absl::NotFoundError(with("no such path or model")), false};
    case 429:
      return {absl::ResourceExhaustedError(with("too many requests")), true};
    case 500:
    case 503:
      return {absl::UnavailableError(with("server trouble")), true};
    default:
      return {absl::UnavailableError(with("not expected")), false};
  }
}

const char* RoleName(ChatRole role) {
  switch (role) {
    case ChatRole::kSystem:
      return "system";
    case ChatRole::kAssistant:
      return "assistant";
    case ChatRole::kUser:
      break;
  }
  return "user";
}

}  // namespace

std::string EncodeChatRequest(std::string_view model, const std::vector<ChatMessage>& messages,
                              int max_tokens, ChatStreaming streaming) {
  Json list = Json::array();
  for (const ChatMessage& message : messages) {
    list.push_back(Json::object({{"role", RoleName(message.role)}, {"content", message.content}}));
  }
  Json body = Json::object({{"model", std::string(model)},
                            {"messages", std::move(list)},
                            {"stream", streaming != ChatStreaming::kNone},
                            {"temperature", 0},
                            {"max_tokens", max_tokens}});
  if (streaming == ChatStreaming::kWithUsage) body["stream_options"] = {{"include_usage", true}};
  return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::StatusOr<ChatEvent> DecodeChatEvent(std::string_view json, std::string_view secret) {
  const std::optional<Json> body = ParseObject(json);
  if (!body) {
    return absl::UnavailableError(
        Cat("model server: expected a JSON object, got \"", ShortReason(json, secret), "\""));
  }
  ChatEvent event;
  if (const std::optional<ServerWords> words = FindServerWords(*body)) {
    if (words->http_status) {
      event.error = MakeError(*words->http_status, words->message, secret);
    } else {
      event.error = {
          absl::UnavailableError(Cat("model server: ", ShortReason(words->message, secret))),
          false};
    }
    return event;
  }
  const Json* choices = Find(*body, "choices");
  if (choices == nullptr || !choices->is_array()) {
    return absl::UnavailableError("model server: a JSON object without \"choices\" and \"error\"");
  }
  // An event without a choice tells the usage only.
  if (!choices->empty()) event.delta = DecodeChoice((*choices)[0]);
  event.delta.usage = DecodeUsage(*body);
  return event;
}

ChatError DecodeChatError(int http_status, std::string_view body, std::string_view secret) {
  const std::optional<Json> json = ParseObject(body);
  if (!json) {
    const std::string_view start = StripAsciiSpace(body);
    return MakeError(http_status, start.starts_with('<') ? "an HTML page" : start, secret);
  }
  const std::optional<ServerWords> words = FindServerWords(*json);
  return MakeError(http_status, words ? words->message : std::string(), secret);
}

std::string ShortReason(std::string_view text, std::string_view secret) {
  // The secret is struck out before the text is cut, so that no part of it stays.
  std::string struck(text);
  if (!secret.empty()) struck = ReplaceAll(struck, secret, "***");
  std::string line;
  for (size_t at = 0; at < struck.size() && line.size() + 4 <= kMaxReasonBytes;) {
    const DecodedChar c = DecodeChar(struck, at);
    at += c.size;
    if (c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0)) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else {
      AppendUtf8(line, c.code);
    }
  }
  return std::string(StripAsciiSpace(line));
}

}  // namespace policykb
