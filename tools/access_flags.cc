#include "tools/access_flags.h"

#include <CLI/CLI.hpp>
#include <cstdio>

namespace policykb {

void AddAccessCommand(CLI::App& app, AccessCommand& command) {
  CLI::App& access = *app.add_subcommand("access", "keys for callers, and who may call what");
  access.require_subcommand(1);
  CLI::App& new_key = *access.add_subcommand("new-key", "makes a key and the lines that know it");
  new_key.add_option("name", command.new_key.name, "name of the principal, for logs")->required();
  new_key
      .add_option("--role", command.new_key.roles,
                  "kiosk, staff, data, operator or service; several")
      ->delimiter(',')
      ->required();
  new_key.add_option("--labels", command.new_key.labels, "labels of the text that it may see")
      ->delimiter(',')
      ->required();
  CLI::App& check = *access.add_subcommand("check", "reads an access file and says who may call");
  check.add_option("file", command.file, "access.toml")->required();
  access.add_subcommand("rules", "which role may call what");
}

absl::Status RunAccess(const CLI::App& app, const AccessCommand& command) {
  const CLI::App& access = *app.get_subcommand("access");
  if (access.got_subcommand("new-key")) return RunNewKey(command.new_key);
  if (access.got_subcommand("check")) return RunCheckAccess(command.file);
  std::fputs(MethodRulesTable().c_str(), stdout);
  return absl::OkStatus();
}

}  // namespace policykb
