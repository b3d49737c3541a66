#include "generator/gateway/mcp_protocol.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/strings.h"
#include "core/base/version.h"

namespace policykb {

namespace {

using Json = nlohmann::json;

// The latest first.
constexpr std::string_view kVersions[] = {"2025-06-18", "2025-03-26", "2024-11-05"};
constexpr int kMostLevels = 64;

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kInternalError = -32603;
constexpr int kResourceNotFound = -32002;

constexpr char kInstructions[] =
    "Policy text with citations. Use answer_question for questions of people, search_policy and "
    "get_provision to read the text itself. Quote what is cited, name document and article, and "
    "say "
    "when nothing answers; do not answer from memory.";

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ErrorJson(const Json& id, int code, std::string_view message) {
  return Dump({{"jsonrpc", "2.0"},
               {"id", id},
               {"error", {{"code", code}, {"message", std::string(message)}}}});
}

// `result` is JSON already.
std::string ResultJson(const Json& id, std::string_view result) {
  return Cat("{\"jsonrpc\":\"2.0\",\"id\":", Dump(id), ",\"result\":", result, "}");
}

std::string InitializeResult(const Json& params) {
  std::string version(kVersions[0]);
  const auto wanted = params.find("protocolVersion");
  if (wanted != params.end() && wanted->is_string() && IsMcpVersion(wanted->get<std::string>()))
    version = wanted->get<std::string>();
  return Dump({{"protocolVersion", version},
               {"capabilities",
                {{"tools", {{"listChanged", false}}},
                 {"resources", {{"listChanged", false}, {"subscribe", false}}}}},
               {"serverInfo",
                {{"name", "policykb"},
                 {"title", "policykb policy knowledge base"},
                 {"version", std::string(ProgramVersion())}}},
               {"instructions", kInstructions}});
}

std::string StringMember(const Json& params, const char* name) {
  const auto found = params.find(name);
  return found != params.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// A tool that fails says so to the agent, which may mend its arguments.
std::string ToolError(const absl::Status& status) {
  return Dump(
      {{"content", Json::array({{{"type", "text"}, {"text", std::string(status.message())}}})},
       {"isError", true}});
}

void CallTool(const Json& id, const Json& params, const std::string& console_url,
              const McpProtocol::Caller& caller, const McpProtocol::Reply& reply) {
  const auto arguments = params.find("arguments");
  absl::StatusOr<McpCall> call =
      McpToolCall(StringMember(params, "name"), arguments == params.end() ? "{}" : Dump(*arguments),
                  console_url);
  if (!call.ok()) {
    const std::string message(call.status().message());
    return reply(McpOutcome::kReply, absl::IsNotFound(call.status())
                                         ? ErrorJson(id, kInvalidParams, message)
                                         : ResultJson(id, ToolError(call.status())));
  }
  auto result = std::move(call->result);
  caller(*std::move(call), [id, reply, result = std::move(result)](const absl::Status& status,
                                                                   const auto response) {
    reply(McpOutcome::kReply, ResultJson(id, status.ok() ? result(*response) : ToolError(status)));
  });
}

void CallResource(const Json& id, McpCall call, const McpProtocol::Caller& caller,
                  const McpProtocol::Reply& reply) {
  auto result = std::move(call.result);
  caller(std::move(call),
         [id, reply, result = std::move(result)](const absl::Status& status, const auto response) {
           if (status.ok()) return reply(McpOutcome::kReply, ResultJson(id, result(*response)));
           int code = kInternalError;
           if (absl::IsNotFound(status)) code = kResourceNotFound;
           if (absl::IsInvalidArgument(status)) code = kInvalidParams;
           reply(McpOutcome::kReply, ErrorJson(id, code, std::string(status.message())));
         });
}

void HandleRequest(const Json& id, const std::string& method, const Json& params,
                   const std::string& console_url, const McpProtocol::Caller& caller,
                   const McpProtocol::Reply& reply) {
  const auto say = [&id, &reply](std::string_view result) {
    reply(McpOutcome::kReply, ResultJson(id, result));
  };
  if (method == "initialize") return say(InitializeResult(params));
  if (method == "ping") return say("{}");
  if (method == "tools/list") return say(Cat("{\"tools\":", McpToolsJson(), "}"));
  if (method == "tools/call") return CallTool(id, params, console_url, caller, reply);
  if (method == "resources/list")
    return CallResource(id, McpResourceList(StringMember(params, "cursor")), caller, reply);
  if (method == "resources/templates/list")
    return say(Cat("{\"resourceTemplates\":", McpTemplatesJson(), "}"));
  if (method == "resources/read") {
    absl::StatusOr<McpCall> call = McpResourceRead(StringMember(params, "uri"));
    if (call.ok()) return CallResource(id, *std::move(call), caller, reply);
    return reply(McpOutcome::kReply,
                 ErrorJson(id, kInvalidParams, std::string(call.status().message())));
  }
  reply(McpOutcome::kReply, ErrorJson(id, kMethodNotFound, "method: there is none of that name"));
}

}  // namespace

bool IsMcpVersion(std::string_view version) {
  for (const std::string_view known : kVersions) {
    if (version == known) return true;
  }
  return false;
}

void McpProtocol::Handle(std::string_view message, const std::string& console_url,
                         const Caller& caller, const Reply& reply) {
  bool too_deep = false;
  const auto look = [&too_deep](int depth, Json::parse_event_t, Json&) {
    too_deep |= depth > kMostLevels;
    return !too_deep;
  };
  const Json json = Json::parse(message, look, /*allow_exceptions=*/false);
  if (too_deep || json.is_discarded())
    return reply(McpOutcome::kMalformed, ErrorJson(nullptr, kParseError, "message: is no JSON"));
  const bool is_version_2 =
      json.is_object() && json.contains("jsonrpc") && json["jsonrpc"] == "2.0";
  // What a client says of requests of ours, of which there are none.
  if (is_version_2 && !json.contains("method") &&
      (json.contains("result") || json.contains("error"))) {
    return reply(McpOutcome::kNone, "");
  }
  if (!is_version_2 || !json.contains("method") || !json["method"].is_string()) {
    return reply(McpOutcome::kMalformed,
                 ErrorJson(nullptr, kInvalidRequest, "message: expected one JSON-RPC 2.0 request"));
  }
  if (!json.contains("id")) return reply(McpOutcome::kNone, "");
  const Json& id = json["id"];
  if (!id.is_string() && !id.is_number_integer()) {
    return reply(McpOutcome::kMalformed,
                 ErrorJson(nullptr, kInvalidRequest, "id: expected a string or a whole number"));
  }
  const Json params = json.contains("params") ? json["params"] : Json::object();
  if (!params.is_object()) {
    return reply(McpOutcome::kReply, ErrorJson(id, kInvalidParams, "params: expected an object"));
  }
  HandleRequest(id, json["method"].get<std::string>(), params, console_url, caller, reply);
}

}  // namespace policykb
