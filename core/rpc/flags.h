// Options of the command line that say how a server is reached, or how one is served.
//
// Shared by the programs, so that they mean the same everywhere. One thread.

#ifndef POLICYKB_CORE_RPC_FLAGS_H_
#define POLICYKB_CORE_RPC_FLAGS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/log/logger.h"
#include "core/rpc/access.h"
#include "core/rpc/audit_log.h"
#include "core/rpc/channel.h"
#include "core/rpc/server.h"

namespace CLI {
class App;
}  // namespace CLI

namespace policykb {

struct ServerFlags {
  RpcServerOptions server;
  std::string access = {};  // path of access.toml; empty: everybody is the same
  std::vector<std::string> labels = {"public"};  // that everybody holds, without an access file
  double drain_seconds = 10;
  std::string metrics = {};  // as Metrics::Serve; empty: none
  LogFormat log_format = LogFormat::kText;
  std::string log_file = {};  // empty: stderr
  std::string audit = {};     // file; empty: none
  std::string audit_key_file = {};

  // `server` with everything that was said. REQUIRES: parsed.
  RpcServerOptions Options() const;
  // Errors: as Access::Open.
  absl::StatusOr<std::unique_ptr<Access>> OpenAccess() const;
  // Null where none is asked for; `told` as in AuditOptions. Errors: as AuditLog::Open and
  // QuestionHasher::Open.
  absl::StatusOr<std::unique_ptr<AuditLog>> OpenAudit(
      std::function<void(const absl::Status& status, int64_t lost)> told) const;
};

// --listen, --access and what belongs to them, for a server of any protocol. `flags` outlives the
// parsing.
void AddListenOptions(CLI::App& command, ServerFlags& flags);
// The same with what a gRPC server has besides: --audit, --no-reflection.
void AddServerOptions(CLI::App& command, ServerFlags& flags);
// --labels beside them, for a server that shows text by itself.
void AddLabelsOption(CLI::App& command, ServerFlags& flags);

// --retriever, and what AddChannelOptions adds for it, for a program that asks one.
void AddRetrieverOptions(CLI::App& command, ChannelOptions& options);

// --tls-ca, --tls-cert, --tls-key, --insecure and --api-key-file, with `prefix` behind the dashes:
// "retriever-" gives --retriever-tls-ca. The address is the caller's own option. `options` outlives
// the parsing.
void AddChannelOptions(CLI::App& command, const std::string& prefix, ChannelOptions& options);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_FLAGS_H_
