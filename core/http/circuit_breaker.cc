#include "core/http/circuit_breaker.h"

#include <algorithm>

#include "core/base/strings.h"

namespace policykb {

absl::Status CircuitBreaker::Admit(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (figures_.state == CircuitState::kClosed) return absl::OkStatus();
  // A clock that is set back does not prolong the rest.
  open_until_ = std::min(open_until_, now + options_.rest);
  if (figures_.state == CircuitState::kOpen && now >= open_until_) {
    figures_.state = CircuitState::kHalfOpen;
    return absl::OkStatus();
  }
  ++figures_.refused;
  if (figures_.state == CircuitState::kHalfOpen) {
    return absl::UnavailableError("not asked: it failed before, and one call is trying it");
  }
  return absl::UnavailableError(Cat("not asked: it failed ", figures_.failures_in_a_row,
                                    " times in a row; tried again in ",
                                    absl::ToInt64Milliseconds(open_until_ - now), " ms"));
}

void CircuitBreaker::Succeeded() {
  absl::MutexLock lock(&mutex_);
  figures_.state = CircuitState::kClosed;
  figures_.failures_in_a_row = 0;
}

void CircuitBreaker::Failed(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  ++figures_.failures_in_a_row;
  // Calls that began before it opened may still fail; they do not prolong the rest.
  if (figures_.state == CircuitState::kOpen) return;
  if (figures_.state == CircuitState::kClosed && figures_.failures_in_a_row < options_.failures)
    return;
  figures_.state = CircuitState::kOpen;
  open_until_ = now + options_.rest;
  ++figures_.opened;
}

void CircuitBreaker::Abandoned() {
  absl::MutexLock lock(&mutex_);
  // Another call may probe at once.
  if (figures_.state != CircuitState::kHalfOpen) return;
  figures_.state = CircuitState::kOpen;
  open_until_ = absl::InfinitePast();
}

CircuitFigures CircuitBreaker::figures() const {
  absl::MutexLock lock(&mutex_);
  return figures_;
}

const char* CircuitStateName(CircuitState state) {
  switch (state) {
    case CircuitState::kOpen:
      return "open";
    case CircuitState::kHalfOpen:
      return "half-open";
    case CircuitState::kClosed:
      break;
  }
  return "closed";
}

}  // namespace policykb
