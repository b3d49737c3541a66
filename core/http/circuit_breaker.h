// CircuitBreaker: keeps calls from a server that fails all the time.
//
// Closed, every call goes through. After so many failures in a row it opens: calls are refused at
// once, until a rest is over; then one call probes the server, and its outcome closes or opens the
// circuit again. Not for deciding what counts as a failure. Any thread.

#ifndef POLICYKB_CORE_HTTP_CIRCUIT_BREAKER_H_
#define POLICYKB_CORE_HTTP_CIRCUIT_BREAKER_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace policykb {

enum class CircuitState { kClosed, kOpen, kHalfOpen };

struct CircuitBreakerOptions {
  int failures = 5;                         // in a row, until it opens; 1 or more
  absl::Duration rest = absl::Seconds(10);  // until a call may probe
};

struct CircuitFigures {
  CircuitState state = CircuitState::kClosed;
  int failures_in_a_row = 0;
  int64_t opened = 0;   // times, since the start
  int64_t refused = 0;  // calls, since the start
};

class CircuitBreaker {
 public:
  explicit CircuitBreaker(CircuitBreakerOptions options) : options_(options) {}

  // OK when a call may go out; its outcome must then be told by one of the three below. Errors:
  // Unavailable, with the time that is left.
  absl::Status Admit(absl::Time now);
  void Succeeded();
  void Failed(absl::Time now);
  // The call says nothing on the server: its caller left, or its own words were wrong.
  void Abandoned();

  CircuitFigures figures() const;

 private:
  const CircuitBreakerOptions options_;
  mutable absl::Mutex mutex_;
  CircuitFigures figures_ ABSL_GUARDED_BY(mutex_);
  absl::Time open_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

// "closed", "open" or "half-open".
const char* CircuitStateName(CircuitState state);

}  // namespace policykb

#endif  // POLICYKB_CORE_HTTP_CIRCUIT_BREAKER_H_
