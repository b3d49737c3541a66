#include "core/rpc/lock_checks.h"

#include "absl/synchronization/mutex.h"

namespace policykb {

void EndLockChecks() {
#ifdef NDEBUG
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
}

}  // namespace policykb
