// RetrieverMetrics: what a retriever tells Prometheus.
//
// Without --metrics every call does nothing. Any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_METRICS_H_
#define POLICYKB_RETRIEVER_RETRIEVER_METRICS_H_

#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "core/rpc/metrics.h"
#include "retriever/retriever_service.h"

namespace policykb {

class RetrieverMetrics {
 public:
  // All that there are, for the operators' page.
  static std::span<const MetricSpec> Specs();

  // `listen` as Metrics::Serve; empty: nothing is told. Errors: as Metrics::Serve.
  static absl::StatusOr<RetrieverMetrics> Serve(const std::string& listen);

  // host:port that is served; empty where nothing is.
  std::string address() const { return metrics_ ? metrics_->address() : std::string(); }

  void CallEnded(const CallRecord& record) const;
  // The snapshot of that id is searched from now on.
  void SnapshotLive(const std::string& id, absl::Time now) const;
  // CURRENT names one that cannot be opened: the old one goes on.
  void SnapshotRefused() const;
  // What AccessWatch tells.
  void AccessRead(const absl::Status& status) const;
  // What an embedding of a question came to.
  void Embedded(const absl::Status& status) const;

 private:
  std::unique_ptr<Metrics> metrics_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_METRICS_H_
