// policykb status: asks servers how they do.
//
// One way for all that is shown: AdminService, over the same connection, keys and roles as every
// other call, so that it works from another machine, where metrics are not served; and the standard
// health check. For the command line. One thread.

#ifndef POLICYKB_TOOLS_STATUS_COMMAND_H_
#define POLICYKB_TOOLS_STATUS_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/channel.h"
#include "tools/commands.h"
#include "tools/status_report.h"

namespace policykb {

struct StatusCommand {
  std::vector<std::string> servers;  // host:port each
  ChannelOptions channel = {};       // how they are reached; its address does not count
};

// Prints how each does, also of those that do not answer; true when all is well. Errors: as
// RpcChannel::Open, InvalidArgument (no server named).
absl::StatusOr<bool> RunStatus(const StatusCommand& command, OutputForm form, absl::Time now);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_STATUS_COMMAND_H_
