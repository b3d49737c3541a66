// The command access of the command line, with its options.
//
// One thread.

#ifndef POLICYKB_TOOLS_ACCESS_FLAGS_H_
#define POLICYKB_TOOLS_ACCESS_FLAGS_H_

#include <string>

#include "absl/status/status.h"
#include "tools/access_command.h"

namespace CLI {
class App;
}  // namespace CLI

namespace policykb {

struct AccessCommand {
  NewKeyCommand new_key;
  std::string file;  // to be checked
};

void AddAccessCommand(CLI::App& app, AccessCommand& command);
// Does what was asked for. REQUIRES: `app` was parsed, and has the command. Errors: as RunNewKey
// and RunCheckAccess.
absl::Status RunAccess(const CLI::App& app, const AccessCommand& command);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_ACCESS_FLAGS_H_
