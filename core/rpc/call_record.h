// CallRecord: what may be kept of a call: nothing that anyone asked or was told.
//
// For log lines and metrics of every server. Plain values, any thread.

#ifndef POLICYKB_CORE_RPC_CALL_RECORD_H_
#define POLICYKB_CORE_RPC_CALL_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/log/log_line.h"
#include "core/log/logger.h"
#include "core/rpc/trace_context.h"

namespace policykb {

struct CallRecord {
  std::string_view method;        // a literal
  std::string caller = {};        // name of the principal; empty where it was refused
  std::string role = {};          // of the principal, all of them
  std::string on_behalf_of = {};  // name of the caller whose labels were forwarded
  absl::Status status = {};       // its message may be logged
  absl::Duration took = {};
  absl::Duration waited = {};  // of that, for a worker
  TraceContext trace = {};
  std::string snapshot = {};     // id of the one that was seen; empty where none was
  std::optional<int> hits = {};  // of a search
};

// Its one line, to which more can be added.
LogLine CallLine(std::string_view event, const CallRecord& record);
// The line of a fault of the audit log, or of its end; `lost`: lines since the last one.
LogLine AuditLine(const absl::Status& status, int64_t lost);
// Warning for a call that was refused, error for a fault of ours, else info.
LogSeverity SeverityOf(const absl::Status& status);

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_CALL_RECORD_H_
