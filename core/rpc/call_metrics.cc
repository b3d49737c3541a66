#include "core/rpc/call_metrics.h"

#include <string>

#include "absl/time/clock.h"
#include "core/base/version.h"
#include "core/rpc/access.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

void BeginCallMetrics(Metrics& metrics) {
  metrics.Set(kBuildInfoSpec.name, {{"version", std::string(ProgramVersion())}}, 1);
  metrics.Set(kStartSpec.name, {}, static_cast<double>(absl::ToUnixSeconds(absl::Now())));
  metrics.Set(kAccessRefusedSpec.name, {}, 0);
}

void CountCall(Metrics& metrics, const CallRecord& record) {
  const std::string method(record.method);
  const std::string code = absl::StatusCodeToString(record.status.code());
  metrics.Add(kCallsSpec.name, {{"method", method}, {"code", code}, {"role", record.role}});
  if (IsRefusal(record.status)) {
    const std::string reason = ErrorReason(record.status);
    metrics.Add(kCallsRefusedSpec.name,
                {{"method", method}, {"reason", reason.empty() ? code : reason}});
    return;
  }
  metrics.Observe(kCallSecondsSpec.name, {{"method", method}}, record.took);
}

void CountAuditLost(Metrics& metrics, int64_t lines) {
  metrics.Add(kAuditLostSpec.name, {}, static_cast<double>(lines));
}

void CountAccessRead(Metrics& metrics, const absl::Status& status) {
  metrics.Set(kAccessRefusedSpec.name, {}, status.ok() ? 0 : 1);
}

}  // namespace policykb
