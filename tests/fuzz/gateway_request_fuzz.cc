// Requests cut anywhere: the same request comes out as of the whole, and nothing that reads a part
// of it crashes: target, cookies, JSON of messages, OpenAI's and MCP's.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "generator/gateway/http_parser.h"
#include "generator/gateway/http_target.h"
#include "generator/gateway/mcp_protocol.h"
#include "generator/gateway/message_json.h"
#include "generator/gateway/message_reader.h"
#include "generator/gateway/openai_messages.h"
#include "generator/gateway/routes.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {
namespace {

// The first request of `bytes` given in two pieces; nullopt where it is none or not whole.
std::optional<WebRequest> Parse(std::string_view bytes, size_t cut) {
  HttpParser parser(1 << 10, 1 << 12);
  std::string waiting;
  for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    waiting += piece;
    const size_t taken = parser.Feed(waiting);
    if (taken > waiting.size()) std::abort();
    waiting.erase(0, taken);
  }
  if (parser.state() == HttpParser::State::kFailed && parser.error_code() < 400) std::abort();
  if (parser.state() != HttpParser::State::kDone) return std::nullopt;
  return parser.Take();
}

void ReadTarget(std::string_view target) {
  const auto parsed = ParseHttpTarget(target);
  if (!parsed.ok()) return;
  for (const std::string& segment : parsed->segments) {
    if (segment == ".." || segment.find('/') != std::string::npos) std::abort();
    const auto again = DecodeTargetPart(EncodeTargetPart(segment));
    if (!again.ok() || *again != segment) std::abort();
  }
  const RouteMatch match = FindRoute("GET", parsed->segments);
  v1::ListDocumentsRequest message;
  for (const auto& [name, value] : parsed->parameters)
    SetParameter(name, value, message).IgnoreError();
  if (match.route != nullptr) FillIn(match.route->value, match.variables);
}

void ReadBody(std::string_view body) {
  v1::StreamGenerateAnswerRequest message;
  if (ReadJson(body, message).ok()) {
    // What was read is written and read as the same.
    v1::StreamGenerateAnswerRequest again;
    if (!ReadJson(MessageToJson(message), again).ok() ||
        again.SerializeAsString() != message.SerializeAsString()) {
      std::abort();
    }
  }
  ReadOnlyString(body, "apiKey").status().IgnoreError();
  ReadChatRequest(body).status().IgnoreError();
  int replies = 0;
  McpProtocol::Handle(
      body, "http://console",
      [](McpCall call, const McpProtocol::Done& done) {
        done(absl::OkStatus(), std::move(call.response));
      },
      [&replies](McpOutcome, const std::string&) { ++replies; });
  if (replies != 1) std::abort();
}

}  // namespace
}  // namespace policykb

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = policykb::Parse(bytes, 0);
  const auto cut = policykb::Parse(bytes, data[0] % bytes.size());
  if (whole.has_value() != cut.has_value()) std::abort();
  if (whole && (whole->target != cut->target || whole->body != cut->body)) std::abort();
  if (whole) {
    policykb::ReadTarget(whole->target);
    policykb::ReadBody(whole->body);
    policykb::CookieValue(whole->Header("Cookie"), "policykb_session");
  }
  policykb::ReadTarget(bytes);
  policykb::ReadBody(bytes);
  policykb::CookieValue(bytes, "s");
  return 0;
}
