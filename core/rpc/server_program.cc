#include "core/rpc/server_program.h"

#include <string>

#include "core/log/logger.h"
#include "core/rpc/server.h"

namespace policykb {

void AwaitStop(AuditLog* audit) {
  RpcServer::WaitForStopSignal([audit] {
    const absl::Status reopened = ReopenLog();
    if (audit != nullptr) audit->Reopen();
    if (reopened.ok()) {
      Log(LogSeverity::kInfo, LogLine("log_files_reopened"));
    } else {
      Log(LogSeverity::kError, LogLine("log_file_refused")
                                   .Add("in_force", "as before")
                                   .AddMessage("reason", std::string(reopened.message())));
    }
  });
}

}  // namespace policykb
