// StatusReport: how servers do, for a person at a terminal of 80 columns, or as JSON.
//
// Of what AdminService and the health service say; not for asking them (status_command.h). Pure
// functions, any thread.

#ifndef POLICYKB_TOOLS_STATUS_REPORT_H_
#define POLICYKB_TOOLS_STATUS_REPORT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policykb/v1/admin_service.pb.h"

namespace policykb {

struct ServerStatus {
  std::string address;
  std::string health;  // SERVING, NOT_SERVING, or why it cannot be said
  absl::StatusOr<v1::GetStatusResponse> status;
};

// The duration that `share` of all, 0 to 1, stay within; inside its range it is taken to grow
// evenly. Zero without any; the last bound for what is beyond it.
absl::Duration PercentileOf(const v1::DurationCounts& durations, double share);

// A block of lines for each server.
std::string StatusForPeople(const std::vector<ServerStatus>& servers, absl::Time now);
// [{"address":..., "health":..., "error":..., "status": GetStatusResponse in proto JSON form}].
std::string StatusJson(const std::vector<ServerStatus>& servers);

// True when every server serves and says of nothing that it is wrong.
bool AllWell(const std::vector<ServerStatus>& servers);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_STATUS_REPORT_H_
