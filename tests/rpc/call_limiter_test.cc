#include "core/rpc/call_limiter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/rpc/status_conversion.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

TEST(CallLimiterTest, BurstAtOnceThenOneEachTimeTheRateGivesOne) {
  CallLimiter limiter("hall-3", {.calls_per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.Enter(kStart).ok()) << i;
  EXPECT_EQ(limiter.Enter(kStart).code(), absl::StatusCode::kResourceExhausted);
  // Ten a second: a tenth of a second for one more.
  EXPECT_FALSE(limiter.Enter(kStart + absl::Milliseconds(99)).ok());
  EXPECT_TRUE(limiter.Enter(kStart + absl::Milliseconds(100)).ok());
  EXPECT_FALSE(limiter.Enter(kStart + absl::Milliseconds(101)).ok());
  // However long nobody calls, no more than the burst gathers.
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(limiter.Enter(kStart + absl::Hours(1)).ok()) << i;
  EXPECT_FALSE(limiter.Enter(kStart + absl::Hours(1)).ok());
}

TEST(CallLimiterTest, RefusalSaysWhyAndWhenToTryAgain) {
  CallLimiter limiter("hall-3", {.calls_per_second = 4, .burst = 1});
  ASSERT_TRUE(limiter.Enter(kStart).ok());
  const absl::Status refused = limiter.Enter(kStart + absl::Milliseconds(50));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("principal hall-3: more than 4 calls"));
  EXPECT_EQ(ErrorReason(refused), "RATE_LIMIT");
  // A quarter of a second for a token, of which a fifth has passed.
  EXPECT_EQ(RetryAfter(refused), absl::Milliseconds(200));
}

TEST(CallLimiterTest, CallsUnderWayAreCounted) {
  CallLimiter limiter("desk", {.concurrent_calls = 2});
  EXPECT_TRUE(limiter.Enter(kStart).ok());
  EXPECT_TRUE(limiter.Enter(kStart).ok());
  const absl::Status refused = limiter.Enter(kStart);
  EXPECT_EQ(ErrorReason(refused), "CONCURRENT_CALLS");
  EXPECT_TRUE(RetryAfter(refused));
  limiter.Leave();
  EXPECT_TRUE(limiter.Enter(kStart).ok());
}

TEST(CallLimiterTest, ARefusedCallTakesNoPlaceAndNoToken) {
  CallLimiter limiter("desk", {.calls_per_second = 1, .burst = 1, .concurrent_calls = 1});
  ASSERT_TRUE(limiter.Enter(kStart).ok());
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(limiter.Enter(kStart + absl::Seconds(1)).ok());
  limiter.Leave();
  EXPECT_TRUE(limiter.Enter(kStart + absl::Seconds(1)).ok());
}

TEST(CallLimiterTest, TimeThatGoesBackRefillsNothingAndStopsNobodyForLong) {
  CallLimiter limiter("desk", {.calls_per_second = 1, .burst = 1});
  ASSERT_TRUE(limiter.Enter(kStart).ok());
  EXPECT_FALSE(limiter.Enter(kStart - absl::Hours(1)).ok());
  EXPECT_TRUE(limiter.Enter(kStart - absl::Hours(1) + absl::Seconds(1)).ok());
}

TEST(CallLimiterTest, WithoutLimitsEverythingEnters) {
  CallLimiter limiter("desk", {});
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(limiter.Enter(kStart).ok());
}

TEST(CallLimiterTest, NewLimitsHoldFromTheNextCallOn) {
  CallLimiter limiter("desk", {});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(limiter.Enter(kStart).ok());
  limiter.SetLimits({.calls_per_second = 1, .burst = 2, .concurrent_calls = 7});
  EXPECT_TRUE(limiter.Enter(kStart).ok());
  EXPECT_TRUE(limiter.Enter(kStart).ok());
  EXPECT_EQ(ErrorReason(limiter.Enter(kStart)), "CONCURRENT_CALLS");
  limiter.Leave();
  EXPECT_EQ(ErrorReason(limiter.Enter(kStart)), "RATE_LIMIT");
}

}  // namespace
}  // namespace policykb
