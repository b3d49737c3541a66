// GatewayMetrics: what a gateway counts, for Prometheus.
//
// Any thread.

#ifndef POLICYKB_GENERATOR_GATEWAY_GATEWAY_METRICS_H_
#define POLICYKB_GENERATOR_GATEWAY_GATEWAY_METRICS_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/rpc/metrics.h"
#include "core/rpc/metrics_server.h"
#include "generator/gateway/gateway_call.h"

namespace policykb {

class GatewayMetrics {
 public:
  // All that there are, for the operators' page.
  static std::span<const MetricSpec> Specs();

  // `listen` as MetricsServer::Serve; empty: Prometheus is told nothing. Errors: as there.
  static absl::StatusOr<GatewayMetrics> Serve(const std::string& listen);

  // host:port that is served; empty where nothing is.
  std::string address() const { return server_ ? server_->address() : std::string(); }
  // Valid as long as this object, also when it is moved.
  const Metrics& all() const { return *metrics_; }

  // What is watched may go from now on.
  void StopServing() { server_.reset(); }

  void RequestEnded(const RequestRecord& record) const;
  // A request that never became one: malformed, too large, too slow, one connection too many.
  void Refused(int code) const;
  // What AccessWatch tells.
  void AccessRead(const absl::Status& status) const;
  // Both are asked as long as this object lives.
  void Watch(std::function<double()> connections, std::function<double()> requests) const;

 private:
  GatewayMetrics();

  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<MetricsServer> server_;  // null: not served
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GATEWAY_GATEWAY_METRICS_H_
