// policykb mcp: the Model Context Protocol over standard input and output, for agents that start
// their servers themselves.
//
// One JSON-RPC message on each line; the protocol is the gateway's own
// (generator/gateway/mcp_protocol.h). Nothing else is written to standard output. One call at a
// time.

#ifndef POLICYKB_TOOLS_MCP_COMMAND_H_
#define POLICYKB_TOOLS_MCP_COMMAND_H_

#include <iosfwd>
#include <string>

#include "absl/status/status.h"
#include "core/rpc/channel.h"

namespace policykb {

struct McpCommand {
  ChannelOptions retriever;
  ChannelOptions generator;
  double seconds = 180;     // that a call may take
  std::string console_url;  // for links to documents; empty: none
};

// Answers until `in` ends, then waits for what is under way. Errors: as Upstream::Open; Unavailable
// when `out` takes no more.
absl::Status RunMcp(const McpCommand& command, std::istream& in, std::ostream& out);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_MCP_COMMAND_H_
