#include "core/rpc/call_record.h"

#include "core/rpc/access.h"

namespace policykb {

LogLine CallLine(std::string_view event, const CallRecord& record) {
  LogLine line(event);
  line.Add("method", record.method)
      .Add("code", absl::StatusCodeToString(record.status.code()))
      .Add("caller", record.caller)
      .Add("role", record.role)
      .Add("on_behalf_of", record.on_behalf_of)
      .Add("ms", absl::ToDoubleMilliseconds(record.took))
      .Add("waited_ms", absl::ToDoubleMilliseconds(record.waited))
      .Add("trace", record.trace.trace_id)
      .Add("span", record.trace.span_id)
      .Add("snapshot", record.snapshot);
  if (record.hits) line.Add("hits", *record.hits);
  if (!record.status.ok()) {
    const absl::string_view message = record.status.message();
    line.AddMessage("reason", {message.data(), message.size()});
  }
  return line;
}

LogLine AuditLine(const absl::Status& status, int64_t lost) {
  if (status.ok()) return LogLine("audit_written_again");
  const absl::string_view message = status.message();
  return LogLine("audit_lost")
      .Add("lines", lost)
      .AddMessage("reason", {message.data(), message.size()});
}

LogSeverity SeverityOf(const absl::Status& status) {
  if (IsRefusal(status)) return LogSeverity::kWarning;
  return absl::IsInternal(status) || absl::IsDataLoss(status) ? LogSeverity::kError
                                                              : LogSeverity::kInfo;
}

}  // namespace policykb
