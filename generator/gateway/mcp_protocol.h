// McpProtocol: the Model Context Protocol, whatever carries it.
//
// One JSON-RPC message in, one or none out; nothing is kept between messages, so that any gateway
// can answer any of them. Speaks the revisions 2025-06-18, 2025-03-26 and 2024-11-05. Not for HTTP
// (mcp_routes.h) nor for standard input (tools/mcp_command.h). Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_MCP_PROTOCOL_H_
#define POLICYKB_GENERATOR_GATEWAY_MCP_PROTOCOL_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "generator/gateway/mcp_tools.h"

namespace policykb {

// Whether a revision of the protocol, as in the header MCP-Protocol-Version, is spoken.
bool IsMcpVersion(std::string_view version);

enum class McpOutcome {
  kReply,      // a response, which may be an error of a method
  kNone,       // nothing is to be said: a notification
  kMalformed,  // a response that says that the message is no JSON-RPC
};

class McpProtocol {
 public:
  using Done = std::function<void(const absl::Status& status,
                                  std::unique_ptr<google::protobuf::Message> response)>;
  // Calls a server; calls `done` once, from any thread.
  using Caller = std::function<void(McpCall call, Done done)>;
  // Is told the reply once.
  using Reply = std::function<void(McpOutcome outcome, std::string json)>;

  // `console_url` as in AnswerText.
  static void Handle(std::string_view message, const std::string& console_url, const Caller& caller,
                     const Reply& reply);
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_MCP_PROTOCOL_H_
