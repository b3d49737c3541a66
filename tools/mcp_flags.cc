#include "tools/mcp_flags.h"

#include <CLI/CLI.hpp>

#include "core/rpc/flags.h"

namespace policykb {

void AddMcpCommand(CLI::App& app, McpCommand& command) {
  CLI::App& mcp = *app.add_subcommand(
      "mcp", "serves agents over standard input and output, by the Model Context Protocol");
  mcp.add_option("--retriever", command.retriever.address, "host:port of a policykb-retriever")
      ->required();
  AddChannelOptions(mcp, "retriever-", command.retriever);
  mcp.add_option("--generator", command.generator.address, "host:port of a policykb-generator")
      ->required();
  AddChannelOptions(mcp, "generator-", command.generator);
  mcp.add_option("--seconds", command.seconds, "how long a call may take")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  mcp.add_option("--console-url", command.console_url,
                 "address of a policykb-gateway, for links to documents; none: no links");
}

}  // namespace policykb
