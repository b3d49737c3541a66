// RollBack: makes an earlier snapshot live again.
//
// For the indexer and for operators who ask a server. Takes the lock of the knowledge base; any
// thread.

#ifndef POLICYKB_CORE_SNAPSHOT_ROLL_BACK_H_
#define POLICYKB_CORE_SNAPSHOT_ROLL_BACK_H_

#include <string>

#include "absl/status/statusor.h"

namespace policykb {

// Makes `to` live, by default the snapshot that was live when the live one was made, after opening
// it as a retriever would. Returns its id. Errors: FailedPrecondition (there is none to go back to;
// another process holds the lock), PermissionDenied, ResourceExhausted, DataLoss; the live snapshot
// is then the one it was.
absl::StatusOr<std::string> RollBack(const std::string& kb, const std::string& to);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_ROLL_BACK_H_
