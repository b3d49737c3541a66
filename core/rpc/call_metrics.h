// Metrics that every server has: of its calls, its access file and itself.
//
// One set of names for all servers. Any thread.

#ifndef POLICYKB_CORE_RPC_CALL_METRICS_H_
#define POLICYKB_CORE_RPC_CALL_METRICS_H_

#include "absl/status/status.h"
#include "core/rpc/call_record.h"
#include "core/rpc/metrics.h"

namespace policykb {

inline constexpr MetricSpec kBuildInfoSpec = {"policykb_build_info", MetricKind::kGauge,
                                              "1, with the version of the program."};
inline constexpr MetricSpec kStartSpec = {"policykb_start_timestamp_seconds", MetricKind::kGauge,
                                          "When the program was started, Unix time."};
inline constexpr MetricSpec kCallsSpec = {
    "policykb_calls_total", MetricKind::kCounter,
    "Calls that ended, by method, code and role of the caller."};
inline constexpr MetricSpec kCallsRefusedSpec = {
    "policykb_calls_refused_total", MetricKind::kCounter,
    "Calls that were not let in, by method and reason."};
inline constexpr MetricSpec kCallSecondsSpec = {"policykb_call_seconds", MetricKind::kSeconds,
                                                "How long calls took, by method."};
inline constexpr MetricSpec kAccessRefusedSpec = {
    "policykb_access_refused", MetricKind::kGauge,
    "1 while the access file has a fault and what it said before holds, else 0."};

inline constexpr MetricSpec kAuditLostSpec = {"policykb_audit_lost_total", MetricKind::kCounter,
                                              "Lines of the audit log that could not be written."};

// REQUIRES of all: `metrics` has the metrics above.
// Sets what holds from the start on.
void BeginCallMetrics(Metrics& metrics);
// The reason of a refusal is that of its status (status_conversion.h), else its code. A call that
// was refused has no duration.
void CountCall(Metrics& metrics, const CallRecord& record);
void CountAuditLost(Metrics& metrics, int64_t lines);
// What AccessWatch tells.
void CountAccessRead(Metrics& metrics, const absl::Status& status);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_CALL_METRICS_H_
