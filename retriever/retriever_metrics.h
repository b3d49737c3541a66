// RetrieverMetrics: what a retriever counts, for Prometheus and for policykb status.
//
// Any thread.

#ifndef POLICYKB_RETRIEVER_RETRIEVER_METRICS_H_
#define POLICYKB_RETRIEVER_RETRIEVER_METRICS_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/rpc/metrics.h"
#include "core/rpc/metrics_server.h"
#include "core/rpc/work_queue.h"
#include "retriever/retriever_service.h"
#include "retriever/searcher.h"
#include "retriever/stage_clock.h"

namespace policykb {

class RetrieverMetrics {
 public:
  // All that there are, for the operators' page.
  static std::span<const MetricSpec> Specs();

  // `listen` as MetricsServer::Serve; empty: Prometheus is told nothing. Errors: as there.
  static absl::StatusOr<RetrieverMetrics> Serve(const std::string& listen);

  // host:port that is served; empty where nothing is.
  std::string address() const { return server_ ? server_->address() : std::string(); }
  // Valid as long as this object, also when it is moved.
  const Metrics& all() const { return *metrics_; }

  void CallEnded(const CallRecord& record) const;
  // Shows what is in the queue, by that name. The queue must outlive this object.
  void WatchQueue(const std::string& name, const WorkQueue& queue) const;
  // Where the time of a search went.
  void SearchEnded(const StageTimes& times) const;
  // The snapshot of that id, published then, is searched from now on.
  void SnapshotLive(const SnapshotInfo& snapshot, absl::Time now) const;
  // CURRENT names one that cannot be opened, and why: the old one goes on.
  void SnapshotRefused(const absl::Status& why) const;
  // So many lines of the audit log are lost.
  void AuditLost(int64_t lines) const;
  // What AccessWatch tells.
  void AccessRead(const absl::Status& status) const;
  // A hit was found that its caller may not see; it was not shown.
  void HitRefused() const;
  // What an embedding of a question came to.
  void Embedded(const absl::Status& status) const;

 private:
  RetrieverMetrics();

  std::unique_ptr<Metrics> metrics_;
  std::vector<std::function<void(absl::Duration)>> stages_;
  std::unique_ptr<MetricsServer> server_;  // null: not served
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RETRIEVER_METRICS_H_
