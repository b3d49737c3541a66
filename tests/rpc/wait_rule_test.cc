#include "core/rpc/wait_rule.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

constexpr absl::Duration kMs = absl::Milliseconds(1);
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

WaitRule RuleOf(absl::Duration guess = kMs) {
  return WaitRule({.burst = 20 * kMs, .standing = 5 * kMs}, 2, guess);
}

TEST(WaitRuleTest, WhoStandsBehindSoManyWaitsForTheirTimeByWorkers) {
  // Three ahead, and one of two workers free in half the time of a piece: 4 * 1 ms / 2.
  EXPECT_EQ(RuleOf().WaitBehind(3), 2 * kMs);
  EXPECT_EQ(RuleOf().WaitBehind(0), 0.5 * kMs);
}

TEST(WaitRuleTest, ABurstMayWaitLong) {
  WaitRule rule = RuleOf();
  EXPECT_FALSE(rule.Refuse(20 * kMs, Share::kMore, kStart));
  EXPECT_TRUE(rule.Refuse(21 * kMs, Share::kMore, kStart));
}

TEST(WaitRuleTest, FromTheFirstRefusalOnWorkWaitsBrieflyUntilItIsCalm) {
  WaitRule rule = RuleOf();
  EXPECT_TRUE(rule.Refuse(21 * kMs, Share::kMore, kStart));
  EXPECT_TRUE(rule.Refuse(6 * kMs, Share::kMore, kStart + kMs));
  EXPECT_FALSE(rule.Refuse(5 * kMs, Share::kMore, kStart + 2 * kMs));
  // What is refused in the overload makes it last: the last time was a millisecond after the start.
  EXPECT_TRUE(rule.Refuse(6 * kMs, Share::kMore, kStart + 50 * kMs));
  EXPECT_TRUE(rule.Refuse(6 * kMs, Share::kMore, kStart + 99 * kMs));
  EXPECT_FALSE(rule.Refuse(6 * kMs, Share::kMore, kStart + 149 * kMs));
  EXPECT_FALSE(rule.Refuse(20 * kMs, Share::kMore, kStart + 150 * kMs));
}

TEST(WaitRuleTest, WhoHasNothingWaitingIsNotImpatientlyRefusedForOthers) {
  WaitRule rule = RuleOf();
  EXPECT_TRUE(rule.Refuse(21 * kMs, Share::kMore, kStart));
  EXPECT_FALSE(rule.Refuse(20 * kMs, Share::kFirst, kStart + kMs));
  EXPECT_TRUE(rule.Refuse(21 * kMs, Share::kFirst, kStart + kMs));
}

TEST(WaitRuleTest, AnotherTryIsWorthItAfterAsLongAsItHasLasted) {
  WaitRule rule = RuleOf();
  absl::Time now = kStart;
  EXPECT_EQ(rule.Refuse(30 * kMs, Share::kMore, now), 50 * kMs);
  for (int i = 0; i < 10; ++i) rule.Refuse(30 * kMs, Share::kMore, now += 40 * kMs);
  EXPECT_EQ(rule.Refuse(30 * kMs, Share::kMore, now), 400 * kMs);
  for (int i = 0; i < 100; ++i) rule.Refuse(30 * kMs, Share::kMore, now += 40 * kMs);
  EXPECT_EQ(rule.Refuse(30 * kMs, Share::kMore, now), absl::Seconds(1));
  // A new overload begins anew.
  EXPECT_EQ(rule.Refuse(30 * kMs, Share::kMore, now + absl::Seconds(5)), 50 * kMs);
}

TEST(WaitRuleTest, AClockThatIsSetEndsTheOverload) {
  for (const absl::Duration jump : {-absl::Hours(1), absl::Hours(1)}) {
    WaitRule rule = RuleOf();
    EXPECT_TRUE(rule.Refuse(21 * kMs, Share::kMore, kStart));
    EXPECT_FALSE(rule.Refuse(20 * kMs, Share::kMore, kStart + jump));
    EXPECT_EQ(rule.Refuse(21 * kMs, Share::kMore, kStart + jump), 50 * kMs);
  }
}

TEST(WaitRuleTest, SlowWorkMayWaitAsLongAsItTakes) {
  WaitRule rule = RuleOf(200 * kMs);
  // In a burst 4 * 200 ms, in an overload 200 ms: as many wait as there are workers.
  EXPECT_FALSE(rule.Refuse(800 * kMs, Share::kMore, kStart));
  EXPECT_TRUE(rule.Refuse(801 * kMs, Share::kMore, kStart));
  EXPECT_FALSE(rule.Refuse(rule.WaitBehind(1), Share::kMore, kStart));
  EXPECT_TRUE(rule.Refuse(rule.WaitBehind(2), Share::kMore, kStart));
}

TEST(WaitRuleTest, TheMeanFollowsTheWork) {
  WaitRule rule = RuleOf();
  // 1 + (33 - 1) / 32, were it not for the limit of ten times the mean: 1 + (10 - 1) / 32.
  rule.Took(33 * kMs);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(rule.mean()), 1 + 9.0 / 32, 1e-6);
  for (int i = 0; i < 300; ++i) rule.Took(33 * kMs);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(rule.mean()), 33, 0.1);
  for (int i = 0; i < 300; ++i) rule.Took(absl::ZeroDuration());
  EXPECT_LT(rule.mean(), 0.1 * kMs);
  // From next to nothing it grows again.
  for (int i = 0; i < 3000; ++i) rule.Took(kMs);
  EXPECT_NEAR(absl::ToDoubleMilliseconds(rule.mean()), 1, 0.01);
}

}  // namespace
}  // namespace policykb
