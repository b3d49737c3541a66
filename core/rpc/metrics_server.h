// MetricsServer: serves metrics for Prometheus over HTTP.
//
// On loopback only; whoever collects from elsewhere asks through an agent on this machine. Any
// thread.

#ifndef POLICYKB_CORE_RPC_METRICS_SERVER_H_
#define POLICYKB_CORE_RPC_METRICS_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "core/rpc/metrics.h"

namespace policykb {

class MetricsServer {
 public:
  // Serves `metrics`, which must outlive the object, at http://LISTEN/metrics; host:port of a
  // loopback address, port 0 takes a free one. Errors: InvalidArgument (no host:port),
  // FailedPrecondition (not loopback), Unavailable (the address cannot be bound).
  static absl::StatusOr<std::unique_ptr<MetricsServer>> Serve(const Metrics* metrics,
                                                              const std::string& listen);
  ~MetricsServer();

  // host:port that is served.
  const std::string& address() const;

 private:
  struct State;

  explicit MetricsServer(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_METRICS_SERVER_H_
