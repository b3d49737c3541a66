// GeneratorMetrics: what a generator counts, for Prometheus and for policykb status.
//
// Any thread.

#ifndef POLICYKB_GENERATOR_GENERATOR_METRICS_H_
#define POLICYKB_GENERATOR_GENERATOR_METRICS_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/rpc/metrics.h"
#include "core/rpc/metrics_server.h"
#include "generator/answer_service.h"

namespace policykb {

class GeneratorMetrics {
 public:
  // All that there are, for the operators' page.
  static std::span<const MetricSpec> Specs();

  // `listen` as MetricsServer::Serve; empty: Prometheus is told nothing. Errors: as there.
  static absl::StatusOr<GeneratorMetrics> Serve(const std::string& listen);

  // host:port that is served; empty where nothing is.
  std::string address() const { return server_ ? server_->address() : std::string(); }
  // Valid as long as this object, also when it is moved.
  const Metrics& all() const { return *metrics_; }

  // What is watched may go from now on.
  void StopServing() { server_.reset(); }

  void AnswerEnded(const AnswerRecord& record) const;
  // Any other call.
  void CallEnded(const CallRecord& record) const;
  // So many lines of the audit log are lost.
  void AuditLost(int64_t lines) const;
  // What AccessWatch tells.
  void AccessRead(const absl::Status& status) const;
  // `running` says how many answers are under way, `open` whether the model is left alone for now;
  // both are asked as long as this object lives.
  void Watch(std::function<double()> running, std::function<double()> open) const;

 private:
  GeneratorMetrics();

  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<MetricsServer> server_;  // null: not served
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GENERATOR_METRICS_H_
