// RpcServer: runs gRPC services on one address with health, reflection, limits and a graceful stop.
//
// For the main functions of all serving programs. Not for the services' own logic. Start,
// SetServing and Shutdown may be called from any thread; WaitForStopSignal from the main thread
// only.

#ifndef POLICYKB_CORE_RPC_SERVER_H_
#define POLICYKB_CORE_RPC_SERVER_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/rpc/tls.h"

namespace grpc {
class Service;
}

namespace policykb {

struct RpcServerOptions {
  std::string listen = "127.0.0.1:0";  // host:port; port 0 takes a free one
  ServerTls tls = {};                  // none: plain text, on loopback only
  bool allow_plain = false;            // plain text on other addresses as well
  bool reflection = true;
  int max_request_bytes = 1 << 20;  // a larger request is RESOURCE_EXHAUSTED
  absl::Duration drain_limit =
      absl::Seconds(10);  // how long requests in flight may take on Shutdown
};

class RpcServer {
 public:
  // Binds and serves `services`, which must outlive the server. Health is NOT_SERVING until
  // SetServing(true). The first call silences gRPC's own lines on stderr for the process, unless
  // the environment sets GRPC_VERBOSITY. Errors: InvalidArgument (address is no host:port; TLS
  // files that do not fit), FailedPrecondition (plain text elsewhere than on loopback), NotFound
  // and PermissionDenied (TLS files), Unavailable (address in use or not of this machine).
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(const RpcServerOptions& options,
                                                          std::span<grpc::Service* const> services);
  ~RpcServer();

  // The port bound.
  int port() const;
  // "host:port" bound, with the real port.
  const std::string& address() const;
  // Answer of the health service for "" and every service.
  void SetServing(bool serving);
  // Health to NOT_SERVING for good, no new calls, waits up to drain_limit for those in flight,
  // cancels what is left and waits until their handlers have finished. Idempotent; every caller
  // returns when it is done.
  void Shutdown();

  // Keeps SIGTERM, SIGINT and SIGHUP for WaitForStopSignal, which the same thread calls: call it
  // first in main, before any thread is started. Threads that libraries have started before hand
  // them on.
  static void BlockSignals();
  // Returns at SIGTERM or SIGINT; calls `hang_up` at each SIGHUP, which ends no server: it says
  // that log files were renamed.
  static void WaitForStopSignal(const std::function<void()>& hang_up = {});

 private:
  RpcServer();
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_SERVER_H_
