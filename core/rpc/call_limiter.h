// CallLimiter: how often, and how often at once, one principal may call.
//
// A token bucket for the rate (burst tokens, refilled at the rate) and a count of calls under way.
// Time is passed in, so that tests need not wait; time that goes back refills nothing. Any thread.

#ifndef POLICYKB_CORE_RPC_CALL_LIMITER_H_
#define POLICYKB_CORE_RPC_CALL_LIMITER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/rpc/principal.h"

namespace policykb {

class CallLimiter {
 public:
  // `name` is the principal's, for messages.
  CallLimiter(std::string name, const CallLimits& limits);

  // Takes a place, which Leave gives back. Errors: ResourceExhausted, with the time after which a
  // place is to be expected and the reason RATE_LIMIT or CONCURRENT_CALLS.
  absl::Status Enter(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_);
  // From the next call on; calls under way count as before.
  void SetLimits(const CallLimits& limits) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const std::string name_;
  absl::Mutex mutex_;
  CallLimits limits_ ABSL_GUARDED_BY(mutex_);
  double tokens_ ABSL_GUARDED_BY(mutex_);
  absl::Time refilled_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_CALL_LIMITER_H_
