#include "retriever/retriever_metrics.h"

#include "core/base/status_macros.h"

namespace policykb {

namespace {

constexpr MetricSpec kSpecs[] = {
    {"policykb_calls_total", MetricKind::kCounter,
     "Calls that ended, by method, code and role of the caller."},
    {"policykb_call_seconds", MetricKind::kSeconds, "How long calls took, by method."},
    {"policykb_snapshot_info", MetricKind::kGauge, "1, with the id of the snapshot searched."},
    {"policykb_snapshot_live_timestamp_seconds", MetricKind::kGauge,
     "When the snapshot searched went live here, Unix time."},
    {"policykb_snapshot_refused", MetricKind::kGauge,
     "1 while CURRENT names a snapshot that cannot be opened, else 0."},
    {"policykb_access_refused", MetricKind::kGauge,
     "1 while the access file has a fault and what it said before holds, else 0."},
    {"policykb_embeddings_total", MetricKind::kCounter,
     "Embeddings of questions, by code; those that fail are searched by words alone."},
};

}  // namespace

std::span<const MetricSpec> RetrieverMetrics::Specs() { return kSpecs; }

absl::StatusOr<RetrieverMetrics> RetrieverMetrics::Serve(const std::string& listen) {
  RetrieverMetrics metrics;
  if (listen.empty()) return metrics;
  ASSIGN_OR_RETURN(metrics.metrics_, Metrics::Serve(kSpecs, listen));
  metrics.metrics_->Set("policykb_snapshot_refused", {}, 0);
  metrics.metrics_->Set("policykb_access_refused", {}, 0);
  return metrics;
}

void RetrieverMetrics::CallEnded(const CallRecord& record) const {
  if (!metrics_) return;
  const std::string method(record.method);
  metrics_->Add("policykb_calls_total", {{"method", method},
                                         {"code", absl::StatusCodeToString(record.status.code())},
                                         {"role", record.role}});
  metrics_->Observe("policykb_call_seconds", {{"method", method}}, record.took);
}

void RetrieverMetrics::SnapshotLive(const std::string& id, absl::Time now) const {
  if (!metrics_) return;
  metrics_->Set("policykb_snapshot_info", {{"id", id}}, 1);
  metrics_->Set("policykb_snapshot_live_timestamp_seconds", {},
                static_cast<double>(absl::ToUnixMillis(now)) / 1e3);
  metrics_->Set("policykb_snapshot_refused", {}, 0);
}

void RetrieverMetrics::SnapshotRefused() const {
  if (metrics_) metrics_->Set("policykb_snapshot_refused", {}, 1);
}

void RetrieverMetrics::AccessRead(const absl::Status& status) const {
  if (metrics_) metrics_->Set("policykb_access_refused", {}, status.ok() ? 0 : 1);
}

void RetrieverMetrics::Embedded(const absl::Status& status) const {
  if (!metrics_) return;
  metrics_->Add("policykb_embeddings_total", {{"code", absl::StatusCodeToString(status.code())}});
}

}  // namespace policykb
