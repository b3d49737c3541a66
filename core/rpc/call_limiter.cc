#include "core/rpc/call_limiter.h"

#include <algorithm>
#include <utility>

#include "core/base/strings.h"
#include "core/rpc/status_conversion.h"

namespace policykb {

namespace {

// How long a call is taken to be for who waits for another one's place.
constexpr absl::Duration kCallLength = absl::Milliseconds(50);

}  // namespace

CallLimiter::CallLimiter(std::string name, const CallLimits& limits)
    : name_(std::move(name)), limits_(limits), tokens_(limits.burst) {}

absl::Status CallLimiter::Enter(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  if (limits_.concurrent_calls > 0 && calls_ >= limits_.concurrent_calls) {
    return OverloadedError(
        Cat("principal ", name_, ": ", calls_, " calls under way, concurrent_calls allows ",
            limits_.concurrent_calls),
        "CONCURRENT_CALLS", kCallLength);
  }
  if (limits_.calls_per_second > 0) {
    if (refilled_ == absl::InfinitePast()) refilled_ = now;
    const absl::Duration passed = std::max(now - refilled_, absl::ZeroDuration());
    tokens_ =
        std::min(limits_.burst, tokens_ + absl::ToDoubleSeconds(passed) * limits_.calls_per_second);
    refilled_ = now;
    if (tokens_ < 1) {
      return OverloadedError(Cat("principal ", name_, ": more than ", limits_.calls_per_second,
                                 " calls per second, calls_per_second allows no more"),
                             "RATE_LIMIT", absl::Seconds((1 - tokens_) / limits_.calls_per_second));
    }
    tokens_ -= 1;
  }
  ++calls_;
  return absl::OkStatus();
}

void CallLimiter::Leave() {
  absl::MutexLock lock(&mutex_);
  --calls_;
}

void CallLimiter::SetLimits(const CallLimits& limits) {
  absl::MutexLock lock(&mutex_);
  // A rate that was not limited before begins with a whole burst.
  tokens_ = limits_.calls_per_second > 0 ? std::min(tokens_, limits.burst) : limits.burst;
  limits_ = limits;
}

}  // namespace policykb
