// Tools and resources of the Model Context Protocol: which there are, what they ask of the servers,
// and what an agent is told of the response.
//
// Texts are JSON, so that nothing else knows the library behind. Not for the messages around them
// (mcp_protocol.h). Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_MCP_TOOLS_H_
#define POLICYKB_GENERATOR_GATEWAY_MCP_TOOLS_H_

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "generator/gateway/upstream.h"

namespace policykb {

// One call of a server, and what its response becomes.
struct McpCall {
  UpstreamServer server = UpstreamServer::kRetriever;
  std::string_view method;  // "policykb.v1.RetrieverService/Search"
  std::unique_ptr<google::protobuf::Message> request;
  std::unique_ptr<google::protobuf::Message> response;  // empty
  // The result of the agent's request, a JSON object.
  std::function<std::string(const google::protobuf::Message& response)> result;
};

// The tools, a JSON array.
std::string McpToolsJson();
// Errors: NotFound (no such tool), InvalidArgument (arguments that its schema does not allow).
absl::StatusOr<McpCall> McpToolCall(const std::string& tool, const std::string& arguments_json,
                                    const std::string& console_url);

// A page of the documents. Errors: none of ours, the server's own for a cursor that is none.
McpCall McpResourceList(const std::string& cursor);
// Templates of the resources' names, a JSON array.
std::string McpTemplatesJson();
// The text behind "policykb://documents/{document}" or ".../provisions/{address}". Errors:
// InvalidArgument (another form).
absl::StatusOr<McpCall> McpResourceRead(const std::string& uri);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_MCP_TOOLS_H_
