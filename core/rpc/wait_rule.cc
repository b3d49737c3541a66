#include "core/rpc/wait_rule.h"

#include <algorithm>

namespace policykb {

namespace {

// A piece weighs 1/32 of the mean: a change shows after some dozens, chance hardly.
constexpr double kWeight = 1.0 / 32;
constexpr double kMostOfMean = 10;
constexpr double kBurstOfMean = 4;
constexpr absl::Duration kSoonest = absl::Milliseconds(50);
constexpr absl::Duration kLatest = absl::Seconds(1);

}  // namespace

void WaitRule::Took(absl::Duration took) {
  // A mean of nothing could never grow again.
  mean_ = std::max(mean_, absl::Microseconds(1));
  const absl::Duration counted = std::clamp(took, absl::ZeroDuration(), mean_ * kMostOfMean);
  mean_ += (counted - mean_) * kWeight;
}

std::optional<absl::Duration> WaitRule::Refuse(absl::Duration wait, Share share, absl::Time now) {
  // A clock that is set back ends the overload.
  const bool overloaded = now >= last_refused_ && now - last_refused_ < kCalm;
  const absl::Duration limit = overloaded && share == Share::kMore
                                   ? std::max(limits_.standing, mean_)
                                   : std::max(limits_.burst, mean_ * kBurstOfMean);
  if (wait <= limit) return std::nullopt;
  if (!overloaded) first_refused_ = now;
  last_refused_ = now;
  return std::clamp(now - first_refused_, kSoonest, kLatest);
}

}  // namespace policykb
