#include "generator/gateway/gateway_metrics.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/call_metrics.h"

namespace policykb {

namespace {

constexpr MetricSpec kSpecs[] = {
    kBuildInfoSpec,
    kStartSpec,
    kAccessRefusedSpec,
    {"policykb_gateway_requests_total", MetricKind::kCounter,
     "HTTP requests that ended, by route and HTTP code; 499: the client went away."},
    {"policykb_gateway_request_seconds", MetricKind::kSeconds,
     "How long requests that were not refused took, streams to their end, by route."},
    {"policykb_gateway_refused_total", MetricKind::kCounter,
     "Requests that were malformed, too large or too slow, and connections too many, by HTTP "
     "code."},
    {"policykb_gateway_connections", MetricKind::kGauge, "Connections open."},
    {"policykb_gateway_requests_running", MetricKind::kGauge,
     "Requests under way, streams among them."},
};

}  // namespace

std::span<const MetricSpec> GatewayMetrics::Specs() { return kSpecs; }

GatewayMetrics::GatewayMetrics() : metrics_(std::make_unique<Metrics>(kSpecs)) {
  BeginCallMetrics(*metrics_);
}

absl::StatusOr<GatewayMetrics> GatewayMetrics::Serve(const std::string& listen) {
  GatewayMetrics metrics;
  if (listen.empty()) return metrics;
  ASSIGN_OR_RETURN(metrics.server_, MetricsServer::Serve(metrics.metrics_.get(), listen));
  return metrics;
}

void GatewayMetrics::RequestEnded(const RequestRecord& record) const {
  const std::string route(record.method);
  metrics_->Add("policykb_gateway_requests_total",
                {{"route", route}, {"code", std::to_string(record.code)}});
  if (!IsRefusal(record.status))
    metrics_->Observe("policykb_gateway_request_seconds", {{"route", route}}, record.took);
}

void GatewayMetrics::Refused(int code) const {
  metrics_->Add("policykb_gateway_refused_total", {{"code", std::to_string(code)}});
}

void GatewayMetrics::AccessRead(const absl::Status& status) const {
  CountAccessRead(*metrics_, status);
}

void GatewayMetrics::Watch(std::function<double()> connections,
                           std::function<double()> requests) const {
  metrics_->Watch("policykb_gateway_connections", {}, std::move(connections));
  metrics_->Watch("policykb_gateway_requests_running", {}, std::move(requests));
}

}  // namespace policykb
