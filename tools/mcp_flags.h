// The command mcp of the command line, with its options.
//
// One thread.

#ifndef POLICYKB_TOOLS_MCP_FLAGS_H_
#define POLICYKB_TOOLS_MCP_FLAGS_H_

#include "tools/mcp_command.h"

namespace CLI {
class App;
}  // namespace CLI

namespace policykb {

// `command` outlives the parsing.
void AddMcpCommand(CLI::App& app, McpCommand& command);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_MCP_FLAGS_H_
