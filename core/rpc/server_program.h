// ServerProgram: what the main functions of all servers do alike, from the command line to the
// stop.
//
// For those only; a server's own options, services and log lines are its own. From the main thread,
// but the Log functions, which any thread may call.

#ifndef POLICYKB_CORE_RPC_SERVER_PROGRAM_H_
#define POLICYKB_CORE_RPC_SERVER_PROGRAM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/rpc/audit_log.h"
#include "core/rpc/faults.h"
#include "core/rpc/flags.h"

namespace policykb {

class ServerProgram {
 public:
  // Keeps the signals that WaitForStopSignal takes: make it first, before any thread is started.
  // `name` is the program's, `purpose` a sentence for --help.
  ServerProgram(std::string name, const std::string& purpose);
  ~ServerProgram();

  // Takes the program's options; has --version, and --config, whose keys must all be options.
  CLI::App& app() { return *app_; }
  // Reads the command line into what the options were added for, and begins the log. The exit code
  // where there is nothing to serve: help was asked for, or something is wrong, which is said.
  std::optional<int> Begin(int argc, char** argv, const ServerFlags& flags);
  // Says why the program ends, in one line; its exit code.
  int Fail(const absl::Status& status) const;
  // Says on stdout where it listens, and logs where its metrics are; none: empty.
  void Listens(const std::string& address, const std::string& metrics) const;
  // Waits for SIGTERM or SIGINT, calls `shut_down`, logs both ends; the exit code. At SIGHUP, the
  // usual sign that log files were renamed, the files at the paths of log and audit log are opened.
  // `audit` may be null.
  int ServeUntilStopped(AuditLog* audit, const std::function<void()>& shut_down) const;

 private:
  void Say(std::string_view message) const;

  const std::string name_;
  const std::unique_ptr<CLI::App> app_;
};

// That `file`, "access_file", was read again, or why what it said before stays in force.
void LogReread(std::string_view file, const absl::Status& status);

// That lines of the audit log are lost, `lost` since the last call, or are no longer: once,
// however long it lasts. As AuditOptions::told.
void LogAudit(const absl::Status& status, int64_t lost, Faults& faults);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_SERVER_PROGRAM_H_
