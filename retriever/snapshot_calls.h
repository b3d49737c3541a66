// SnapshotCalls: the calls of RetrieverService about the snapshots of its knowledge base, on
// messages and without a transport.
//
// For the data team and operators: reads manifests and reports as they are on disk, and goes back
// to an earlier snapshot where the server may. Not for what is searched (retriever_calls.h), nor
// for access control. Const, any thread.

#ifndef POLICYKB_RETRIEVER_SNAPSHOT_CALLS_H_
#define POLICYKB_RETRIEVER_SNAPSHOT_CALLS_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

enum class RollBackRule { kRefuse, kAllow };

class SnapshotCalls {
 public:
  SnapshotCalls(std::string kb, RollBackRule roll_back)
      : kb_(std::move(kb)), roll_back_(roll_back) {}

  // Errors: as documented in retriever_service.proto.
  absl::StatusOr<v1::ListSnapshotsResponse> ListSnapshots(
      const v1::ListSnapshotsRequest& request) const;
  absl::StatusOr<v1::GetSnapshotReportResponse> GetSnapshotReport(
      const v1::GetSnapshotReportRequest& request) const;
  absl::StatusOr<v1::RollBackResponse> RollBack(const v1::RollBackRequest& request) const;

 private:
  std::string kb_;
  RollBackRule roll_back_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_SNAPSHOT_CALLS_H_
