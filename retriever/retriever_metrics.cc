#include "retriever/retriever_metrics.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/call_metrics.h"

namespace policykb {

namespace {

constexpr MetricSpec kSpecs[] = {
    kBuildInfoSpec,
    kStartSpec,
    kCallsSpec,
    kCallsRefusedSpec,
    kCallSecondsSpec,
    kAccessRefusedSpec,
    kAuditLostSpec,
    {"policykb_queue_waiting", MetricKind::kGauge, "Calls that wait for a worker, by queue."},
    {"policykb_queue_running", MetricKind::kGauge, "Calls that workers do, by queue."},
    {"policykb_queue_wait_seconds", MetricKind::kSeconds,
     "How long calls waited for a worker, by method."},
    {"policykb_search_stage_seconds", MetricKind::kSeconds, "How long searches took, by stage."},
    {"policykb_snapshot_info", MetricKind::kGauge, "1, with the id of the snapshot searched."},
    {"policykb_snapshot_published_timestamp_seconds", MetricKind::kGauge,
     "When the snapshot searched was published, Unix time."},
    {"policykb_snapshot_live_timestamp_seconds", MetricKind::kGauge,
     "When the snapshot searched went live here, Unix time."},
    {"policykb_snapshot_refused", MetricKind::kGauge,
     "1 while CURRENT names a snapshot that cannot be opened, else 0."},
    {"policykb_snapshot_reload_failures_total", MetricKind::kCounter,
     "Looks at CURRENT that found a snapshot which cannot be opened, by code."},
    {"policykb_hits_refused_total", MetricKind::kCounter,
     "Hits that the filters let through and the check of every hit did not: 0 but for a mistake of "
     "ours."},
    {"policykb_embeddings_total", MetricKind::kCounter,
     "Embeddings of questions, by code; those that fail are searched by words alone."},
};

}  // namespace

std::span<const MetricSpec> RetrieverMetrics::Specs() { return kSpecs; }

RetrieverMetrics::RetrieverMetrics() : metrics_(std::make_unique<Metrics>(kSpecs)) {
  BeginCallMetrics(*metrics_);
  metrics_->Set("policykb_snapshot_refused", {}, 0);
  metrics_->Add("policykb_hits_refused_total", {}, 0);
  for (const std::string_view stage : kStageNames) {
    stages_.push_back(
        metrics_->Observer("policykb_search_stage_seconds", {{"stage", std::string(stage)}}));
  }
}

absl::StatusOr<RetrieverMetrics> RetrieverMetrics::Serve(const std::string& listen) {
  RetrieverMetrics metrics;
  if (listen.empty()) return metrics;
  ASSIGN_OR_RETURN(metrics.server_, MetricsServer::Serve(metrics.metrics_.get(), listen));
  return metrics;
}

void RetrieverMetrics::CallEnded(const CallRecord& record) const {
  CountCall(*metrics_, record);
  if (record.waited > absl::ZeroDuration()) {
    metrics_->Observe("policykb_queue_wait_seconds", {{"method", std::string(record.method)}},
                      record.waited);
  }
}

void RetrieverMetrics::WatchQueue(const std::string& name, const WorkQueue& queue) const {
  metrics_->Watch("policykb_queue_waiting", {{"queue", name}},
                  [&queue] { return static_cast<double>(queue.figures().waiting); });
  metrics_->Watch("policykb_queue_running", {{"queue", name}},
                  [&queue] { return static_cast<double>(queue.figures().running); });
}

void RetrieverMetrics::SearchEnded(const StageTimes& times) const {
  for (size_t stage = 0; stage < kStages; ++stage) stages_[stage](times[stage]);
}

void RetrieverMetrics::SnapshotLive(const SnapshotInfo& snapshot, absl::Time now) const {
  metrics_->Set("policykb_snapshot_info", {{"id", snapshot.id}}, 1);
  absl::Time published;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, snapshot.published_at, &published, &error)) {
    metrics_->Set("policykb_snapshot_published_timestamp_seconds", {},
                  static_cast<double>(absl::ToUnixSeconds(published)));
  }
  metrics_->Set("policykb_snapshot_live_timestamp_seconds", {},
                static_cast<double>(absl::ToUnixMillis(now)) / 1e3);
  metrics_->Set("policykb_snapshot_refused", {}, 0);
}

void RetrieverMetrics::SnapshotRefused(const absl::Status& why) const {
  metrics_->Set("policykb_snapshot_refused", {}, 1);
  metrics_->Add("policykb_snapshot_reload_failures_total",
                {{"code", absl::StatusCodeToString(why.code())}});
}

void RetrieverMetrics::AuditLost(int64_t lines) const { CountAuditLost(*metrics_, lines); }

void RetrieverMetrics::AccessRead(const absl::Status& status) const {
  CountAccessRead(*metrics_, status);
}

void RetrieverMetrics::HitRefused() const { metrics_->Add("policykb_hits_refused_total", {}); }

void RetrieverMetrics::Embedded(const absl::Status& status) const {
  metrics_->Add("policykb_embeddings_total", {{"code", absl::StatusCodeToString(status.code())}});
}

}  // namespace policykb
