#include "generator/gateway/openai_messages.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/gateway/message_json.h"

namespace policykb {

namespace {

using Json = nlohmann::json;

constexpr int kMostLevels = 64;
constexpr int kMostTurns = 20;

absl::StatusOr<Json> Parse(std::string_view text) {
  bool too_deep = false;
  const auto look = [&too_deep](int depth, Json::parse_event_t, Json&) {
    too_deep |= depth > kMostLevels;
    return !too_deep;
  };
  Json json = Json::parse(text, look, /*allow_exceptions=*/false);
  if (too_deep || !json.is_object())
    return absl::InvalidArgumentError("body: expected a JSON object in UTF-8");
  return json;
}

// A string, or parts that are text. Errors: InvalidArgument.
absl::StatusOr<std::string> ContentOf(const Json& message) {
  const auto content = message.find("content");
  if (content == message.end() || content->is_null()) return std::string();
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  if (!content->is_array())
    return absl::InvalidArgumentError("messages: content, expected a string or parts");
  for (const Json& part : *content) {
    const bool is_text =
        part.is_object() && part.contains("text") && part["text"].is_string() &&
        (!part.contains("type") || part["type"] == "text" || part["type"] == "input_text");
    if (!is_text)
      return absl::InvalidArgumentError("messages: a part of content is no text, expected text");
    if (!text.empty()) text += '\n';
    text += part["text"].get<std::string>();
  }
  return text;
}

// Turns in order; the last one has the question. Errors: InvalidArgument.
absl::StatusOr<std::vector<v1::Turn>> ReadTurns(const Json& messages) {
  std::vector<v1::Turn> turns;
  bool answered = true;
  for (const Json& message : messages) {
    if (!message.is_object() || !message.contains("role") || !message["role"].is_string())
      return absl::InvalidArgumentError("messages: expected objects with a role");
    const std::string role = message["role"].get<std::string>();
    if (role != "user" && role != "assistant") continue;
    ASSIGN_OR_RETURN(const std::string content, ContentOf(message));
    if (role == "user") {
      v1::Turn turn;
      turn.set_question(content);
      turns.push_back(std::move(turn));
      answered = false;
    } else if (!turns.empty() && !answered) {
      turns.back().set_answer(std::string(WithoutCitationList(content)));
      answered = true;
    }
  }
  if (turns.empty() || answered)
    return absl::InvalidArgumentError("messages: expected a question of role user at the end");
  return turns;
}

// Errors: InvalidArgument.
absl::StatusOr<bool> ReadFlag(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || found->is_null()) return false;
  if (!found->is_boolean())
    return absl::InvalidArgumentError(Cat(std::string_view(name), ": expected true or false"));
  return found->get<bool>();
}

absl::Status CheckChoices(const Json& json) {
  const auto count = json.find("n");
  if (count != json.end() && !count->is_null() && *count != 1)
    return absl::InvalidArgumentError("n: expected 1, there is one answer to a question");
  const auto choice = json.find("tool_choice");
  if (choice != json.end() && (choice->is_object() || *choice == "required"))
    return absl::InvalidArgumentError("tool_choice: no tool is ever called, expected auto or none");
  return absl::OkStatus();
}

// Text that protobuf has checked to be UTF-8 never fails; other text is mended.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json Head(const CompletionHead& head, const char* object) {
  return {{"id", head.id},
          {"object", object},
          {"created", head.created},
          {"model", std::string(kOpenAiModel)}};
}

Json Annotations(const std::vector<TextCitation>& marks) {
  Json all = Json::array();
  for (const TextCitation& mark : marks) {
    all.push_back({{"type", "url_citation"},
                   {"url_citation",
                    {{"start_index", mark.start},
                     {"end_index", mark.end},
                     {"title", mark.title},
                     {"url", mark.url}}}});
  }
  return all;
}

Json Usage(const v1::GroundedAnswer& answer) {
  const v1::ModelUsage& usage = answer.model_usage();
  return {{"prompt_tokens", usage.prompt_tokens()},
          {"completion_tokens", usage.completion_tokens()},
          {"total_tokens", usage.prompt_tokens() + usage.completion_tokens()},
          {"prompt_tokens_details", {{"cached_tokens", usage.cached_prompt_tokens()}}}};
}

std::string Piece(const CompletionHead& head, Json delta, Json finish) {
  Json piece = Head(head, "chat.completion.chunk");
  piece["choices"] = Json::array({{{"index", 0},
                                   {"delta", std::move(delta)},
                                   {"logprobs", nullptr},
                                   {"finish_reason", std::move(finish)}}});
  return Dump(piece);
}

struct ErrorWords {
  absl::StatusCode code;
  const char* type;
  const char* name;  // null: none
};
// As OpenAI's own server says it of the HTTP code.
constexpr ErrorWords kErrors[] = {
    {absl::StatusCode::kUnauthenticated, "authentication_error", "invalid_api_key"},
    {absl::StatusCode::kPermissionDenied, "permission_error", nullptr},
    {absl::StatusCode::kNotFound, "invalid_request_error", "model_not_found"},
    {absl::StatusCode::kResourceExhausted, "rate_limit_error", "rate_limit_exceeded"},
};

}  // namespace

absl::StatusOr<OpenAiRequest> ReadChatRequest(std::string_view json) {
  ASSIGN_OR_RETURN(const Json body, Parse(json));
  const auto model = body.find("model");
  if (model == body.end() || !model->is_string())
    return absl::InvalidArgumentError(Cat("model: expected ", kOpenAiModel));
  if (*model != std::string(kOpenAiModel))
    return absl::NotFoundError(Cat("model: there is none but ", kOpenAiModel));
  RETURN_IF_ERROR(CheckChoices(body));
  OpenAiRequest request;
  ASSIGN_OR_RETURN(request.stream, ReadFlag(body, "stream"));
  const auto options = body.find("stream_options");
  if (options != body.end() && options->is_object()) {
    ASSIGN_OR_RETURN(request.include_usage, ReadFlag(*options, "include_usage"));
  }
  const auto messages = body.find("messages");
  if (messages == body.end() || !messages->is_array())
    return absl::InvalidArgumentError("messages: expected an array");
  ASSIGN_OR_RETURN(std::vector<v1::Turn> turns, ReadTurns(*messages));
  request.spec.set_question(turns.back().question());
  turns.pop_back();
  const size_t first = turns.size() > kMostTurns ? turns.size() - kMostTurns : 0;
  for (size_t i = first; i < turns.size(); ++i) *request.spec.add_history() = std::move(turns[i]);
  return request;
}

std::string CompletionJson(const CompletionHead& head, std::string_view text,
                           const std::vector<TextCitation>& marks,
                           const v1::GroundedAnswer& answer) {
  Json message = {{"role", "assistant"}, {"content", std::string(text)}, {"refusal", nullptr}};
  if (!marks.empty()) message["annotations"] = Annotations(marks);
  Json completion = Head(head, "chat.completion");
  completion["choices"] = Json::array({{{"index", 0},
                                        {"message", std::move(message)},
                                        {"logprobs", nullptr},
                                        {"finish_reason", "stop"}}});
  completion["usage"] = Usage(answer);
  return Dump(completion);
}

std::string FirstPieceJson(const CompletionHead& head) {
  return Piece(head, {{"role", "assistant"}, {"content", ""}}, nullptr);
}

std::string TextPieceJson(const CompletionHead& head, std::string_view text) {
  return Piece(head, {{"content", std::string(text)}}, nullptr);
}

std::string MarksPieceJson(const CompletionHead& head, const std::vector<TextCitation>& marks) {
  return Piece(head, {{"annotations", Annotations(marks)}}, nullptr);
}

std::string LastPieceJson(const CompletionHead& head) {
  return Piece(head, Json::object(), "stop");
}

std::string UsagePieceJson(const CompletionHead& head, const v1::GroundedAnswer& answer) {
  Json piece = Head(head, "chat.completion.chunk");
  piece["choices"] = Json::array();
  piece["usage"] = Usage(answer);
  return Dump(piece);
}

std::string ModelsJson() {
  return Dump({{"object", "list"},
               {"data", Json::array({{{"id", std::string(kOpenAiModel)},
                                      {"object", "model"},
                                      {"created", 0},
                                      {"owned_by", "policykb"}}})}});
}

std::string OpenAiErrorJson(const absl::Status& status) {
  ErrorWords words{
      .code = status.code(),
      .type = HttpCodeOf(status.code()) < 500 ? "invalid_request_error" : "server_error",
      .name = nullptr};
  for (const ErrorWords& known : kErrors) {
    if (known.code == status.code()) words = known;
  }
  return Dump({{"error",
                {{"message", std::string(status.message())},
                 {"type", words.type},
                 {"param", nullptr},
                 {"code", words.name == nullptr ? Json(nullptr) : Json(words.name)}}}});
}

WebResponse OpenAiErrorResponse(const absl::Status& status) {
  WebResponse response =
      MakeResponse(HttpCodeOf(status.code()), kJsonType, OpenAiErrorJson(status));
  AddErrorHeaders(status, response);
  return response;
}

}  // namespace policykb
