#include "core/rpc/server_program.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/log/logger.h"
#include "core/rpc/call_record.h"
#include "core/rpc/server.h"

namespace policykb {

namespace {

constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

void ReopenLogs(AuditLog* audit) {
  const absl::Status reopened = ReopenLog();
  if (audit != nullptr) audit->Reopen();
  if (reopened.ok()) {
    Log(LogSeverity::kInfo, LogLine("log_files_reopened"));
  } else {
    LogReread("log_file", reopened);
  }
}

}  // namespace

ServerProgram::ServerProgram(std::string name, const std::string& purpose)
    : name_(std::move(name)), app_(std::make_unique<CLI::App>(purpose, name_)) {
  RpcServer::BlockSignals();
  app_->set_version_flag("--version", VersionLine(name_));
  app_->set_config("--config", "", "INI or TOML file with these options");
  app_->allow_config_extras(CLI::config_extras_mode::error);
}

ServerProgram::~ServerProgram() = default;

std::optional<int> ServerProgram::Begin(int argc, char** argv, const ServerFlags& flags) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app_->exit(success);
  } catch (const CLI::Error& error) {
    // Some of CLI11's messages have several lines.
    const std::string_view message = error.what();
    Say(Cat(message.substr(0, message.find('\n')), " (--help lists the options)"));
    return kExitUsage;
  }
  if (absl::Status started = StartLog(flags.log_format, flags.log_file); !started.ok())
    return Fail(started);
  return std::nullopt;
}

void ServerProgram::Say(std::string_view message) const {
  std::fprintf(stderr, "%s: %.*s\n", name_.c_str(), static_cast<int>(message.size()),
               message.data());
}

int ServerProgram::Fail(const absl::Status& status) const {
  Say({status.message().data(), status.message().size()});
  return kExitFailed;
}

void ServerProgram::Listens(const std::string& address, const std::string& metrics) const {
  if (!metrics.empty()) Log(LogSeverity::kInfo, LogLine("metrics").Add("address", metrics));
  std::printf("%s listening on %s\n", name_.c_str(), address.c_str());
  std::fflush(stdout);
}

int ServerProgram::ServeUntilStopped(AuditLog* audit,
                                     const std::function<void()>& shut_down) const {
  RpcServer::WaitForStopSignal([audit] { ReopenLogs(audit); });
  Log(LogSeverity::kInfo, LogLine("draining"));
  shut_down();
  Log(LogSeverity::kInfo, LogLine("stopped"));
  return 0;
}

void LogReread(std::string_view file, const absl::Status& status) {
  if (status.ok()) {
    Log(LogSeverity::kInfo, LogLine(Cat(file, "_read")));
  } else {
    Log(LogSeverity::kError, LogLine(Cat(file, "_refused"))
                                 .Add("in_force", "as before")
                                 .AddMessage("reason", std::string(status.message())));
  }
}

void LogAudit(const absl::Status& status, int64_t lost, Faults& faults) {
  if (!faults.Note("audit", status, absl::Now())) return;
  Log(status.ok() ? LogSeverity::kInfo : LogSeverity::kError, AuditLine(status, lost));
}

}  // namespace policykb
