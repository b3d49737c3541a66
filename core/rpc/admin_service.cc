#include "core/rpc/admin_service.h"

#include <utility>

#include "absl/time/clock.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/base/version.h"
#include "core/rpc/call_credentials.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

namespace {

constexpr std::string_view kService = "policykb.v1.AdminService";

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

v1::MetricSample ToMessage(const MetricSample& sample) {
  v1::MetricSample message;
  message.set_name(sample.name);
  message.mutable_labels()->insert(sample.labels.begin(), sample.labels.end());
  message.set_value(sample.value);
  if (sample.durations) {
    v1::DurationCounts& durations = *message.mutable_durations();
    durations.mutable_bounds()->Add(sample.durations->bounds.begin(),
                                    sample.durations->bounds.end());
    durations.mutable_counts()->Add(sample.durations->counts.begin(),
                                    sample.durations->counts.end());
    durations.set_sum(sample.durations->sum);
  }
  return message;
}

}  // namespace

AdminServiceImpl::AdminServiceImpl(const Access* access, AdminOptions options)
    : access_(access), options_(std::move(options)), started_(absl::Now()) {}

absl::Status AdminServiceImpl::Admit(const grpc::CallbackServerContext& context, absl::Time now,
                                     CallRecord& record, std::vector<std::string>& labels) const {
  ASSIGN_OR_RETURN(const Admission admission,
                   AdmitCall(*access_, Cat(kService, "/", record.method), context, now));
  record.caller = admission.caller().name;
  record.role = admission.caller().roles.ToString();
  record.on_behalf_of = admission.caller().on_behalf_of;
  labels = admission.caller().labels;
  if (!access_->knows_callers() && !IsOfThisMachine(context.peer())) {
    return absl::PermissionDeniedError(
        "GetStatus: without an access file for callers on the server's own machine only");
  }
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* AdminServiceImpl::GetStatus(grpc::CallbackServerContext* context,
                                                      const v1::GetStatusRequest*,
                                                      v1::GetStatusResponse* response) {
  const absl::Time now = absl::Now();
  CallRecord record{.method = "GetStatus", .trace = TraceOf(*context)};
  std::vector<std::string> labels;
  record.status = Admit(*context, now, record, labels);
  if (record.status.ok()) Describe(labels, now, *response);
  record.took = absl::Now() - now;
  if (options_.log) options_.log(record);
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish(ToGrpcStatus(record.status));
  return reactor;
}

void AdminServiceImpl::Describe(const std::vector<std::string>& labels, absl::Time now,
                                v1::GetStatusResponse& response) const {
  response.set_program(options_.program);
  response.set_version(std::string(ProgramVersion()));
  response.set_started_at(Rfc3339(started_));
  response.set_uptime_seconds(absl::ToDoubleSeconds(now - started_));
  for (const Fault& fault : options_.faults->All()) {
    v1::Fault& message = *response.add_faults();
    message.set_subject(fault.subject);
    message.set_message(fault.message);
    message.set_since(Rfc3339(fault.since));
    message.set_times(fault.times);
  }
  for (const MetricSample& sample : options_.metrics->Samples())
    *response.add_metrics() = ToMessage(sample);
  if (options_.describe) options_.describe(labels, response);
}

bool IsOfThisMachine(std::string_view peer) {
  return peer.starts_with("ipv4:127.") || peer.starts_with("ipv6:[::1]") ||
         peer.starts_with("ipv6:%5B::1%5D") || peer.starts_with("unix:");
}

}  // namespace policykb
