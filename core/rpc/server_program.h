// What the main functions of all servers do alike.
//
// For those only; from the main thread.

#ifndef POLICYKB_CORE_RPC_SERVER_PROGRAM_H_
#define POLICYKB_CORE_RPC_SERVER_PROGRAM_H_

#include "core/rpc/audit_log.h"

namespace policykb {

// Waits for SIGTERM or SIGINT. At SIGHUP, the usual sign that log files were renamed, the files at
// the paths of log and audit log are opened, and the log says so. `audit` may be null.
void AwaitStop(AuditLog* audit);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_SERVER_PROGRAM_H_
