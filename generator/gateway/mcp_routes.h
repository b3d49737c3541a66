// The route of the Model Context Protocol: streamable HTTP, each request answered at once.
//
// Without sessions and without a stream of the server's own, as the specification allows: GET and
// DELETE are not methods of the route. Pure translation of mcp_protocol.h. Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_MCP_ROUTES_H_
#define POLICYKB_GENERATOR_GATEWAY_MCP_ROUTES_H_

#include <memory>
#include <string>

#include "generator/gateway/gateway_call.h"
#include "generator/gateway/http_message.h"
#include "generator/gateway/upstream.h"

namespace policykb {

// Replies to a route of kind kMcp. `console_url` as in AnswerText.
void HandleMcp(const std::shared_ptr<GatewayCall>& call, const WebRequest& request,
               const std::string& console_url, Upstream& upstream);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_MCP_ROUTES_H_
