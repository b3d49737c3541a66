// GeneratorMetrics: what a generator tells Prometheus.
//
// Without --metrics every call does nothing. Any thread.

#ifndef POLICYKB_GENERATOR_GENERATOR_METRICS_H_
#define POLICYKB_GENERATOR_GENERATOR_METRICS_H_

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/rpc/metrics.h"
#include "generator/answer_service.h"

namespace policykb {

class GeneratorMetrics {
 public:
  // All that there are, for the operators' page.
  static std::span<const MetricSpec> Specs();

  // `listen` as Metrics::Serve; empty: nothing is told. Errors: as Metrics::Serve.
  static absl::StatusOr<GeneratorMetrics> Serve(const std::string& listen);

  // host:port that is served; empty where nothing is.
  std::string address() const { return metrics_ ? metrics_->address() : std::string(); }

  void AnswerEnded(const AnswerRecord& record) const;
  // What AccessWatch tells.
  void AccessRead(const absl::Status& status) const;
  // `running` says how many answers are under way, `open` whether the model is left alone for now;
  // both are asked as long as this object lives.
  void Watch(std::function<double()> running, std::function<double()> open) const;

 private:
  std::unique_ptr<Metrics> metrics_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GENERATOR_METRICS_H_
