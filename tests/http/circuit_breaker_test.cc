#include "core/http/circuit_breaker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;

const absl::Time kStart = absl::FromUnixSeconds(1000);

class CircuitBreakerTest : public ::testing::Test {
 protected:
  void Fail(int times, absl::Time now) {
    for (int i = 0; i < times; ++i) {
      EXPECT_TRUE(breaker_.Admit(now).ok());
      breaker_.Failed(now);
    }
  }
  CircuitState state() const { return breaker_.figures().state; }

  CircuitBreaker breaker_{{.failures = 3, .rest = absl::Seconds(10)}};
};

TEST_F(CircuitBreakerTest, OpensAfterFailuresInARowOnly) {
  Fail(2, kStart);
  breaker_.Succeeded();
  Fail(2, kStart);
  EXPECT_EQ(state(), CircuitState::kClosed);
  Fail(1, kStart);
  EXPECT_EQ(state(), CircuitState::kOpen);
  const absl::Status refused = breaker_.Admit(kStart + absl::Seconds(4));
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("3 times in a row; tried again in 6000 ms"));
  EXPECT_EQ(breaker_.figures().refused, 1);
}

TEST_F(CircuitBreakerTest, LetsOneCallProbeAfterTheRest) {
  Fail(3, kStart);
  const absl::Time later = kStart + absl::Seconds(10);
  EXPECT_TRUE(breaker_.Admit(later).ok());
  EXPECT_EQ(state(), CircuitState::kHalfOpen);
  EXPECT_FALSE(breaker_.Admit(later).ok());
  breaker_.Succeeded();
  EXPECT_EQ(state(), CircuitState::kClosed);
  EXPECT_TRUE(breaker_.Admit(later).ok());
}

TEST_F(CircuitBreakerTest, RestsAgainWhenTheProbeFails) {
  Fail(3, kStart);
  const absl::Time later = kStart + absl::Seconds(10);
  Fail(1, later);
  EXPECT_EQ(breaker_.figures().opened, 2);
  EXPECT_FALSE(breaker_.Admit(later + absl::Seconds(9)).ok());
  EXPECT_TRUE(breaker_.Admit(later + absl::Seconds(10)).ok());
}

TEST_F(CircuitBreakerTest, AProbeThatSaysNothingMakesRoomForAnother) {
  Fail(3, kStart);
  const absl::Time later = kStart + absl::Seconds(10);
  EXPECT_TRUE(breaker_.Admit(later).ok());
  breaker_.Abandoned();
  EXPECT_TRUE(breaker_.Admit(later).ok());
  EXPECT_EQ(state(), CircuitState::kHalfOpen);
}

TEST_F(CircuitBreakerTest, FailuresOfCallsFromBeforeDoNotProlongTheRest) {
  EXPECT_TRUE(breaker_.Admit(kStart).ok());
  Fail(3, kStart);
  breaker_.Failed(kStart + absl::Seconds(9));
  EXPECT_TRUE(breaker_.Admit(kStart + absl::Seconds(10)).ok());
}

TEST_F(CircuitBreakerTest, AClockThatIsSetBackDoesNotProlongTheRest) {
  Fail(3, kStart);
  const absl::Time back = kStart - absl::Hours(1);
  EXPECT_FALSE(breaker_.Admit(back).ok());
  EXPECT_FALSE(breaker_.Admit(back + absl::Seconds(9)).ok());
  EXPECT_TRUE(breaker_.Admit(back + absl::Seconds(10)).ok());
}

}  // namespace
}  // namespace policykb
