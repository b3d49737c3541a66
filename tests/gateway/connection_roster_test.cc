#include "generator/gateway/connection_roster.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

class Nothing : public Served {
 public:
  void Drain() override {}
  void Cut() override {}
  void EndIdle(std::function<void(bool)>) override {}
};

class ConnectionRosterTest : public testing::Test {
 protected:
  std::shared_ptr<Served> Add() {
    auto served = std::make_shared<Nothing>();
    roster_.Add(served);
    return served;
  }

  ConnectionRoster roster_;
};

TEST_F(ConnectionRosterTest, ThoseIdleLongestAreTakenFirstAndOnce) {
  const auto a = Add(), b = Add(), c = Add();
  for (const auto& served : {b, c, a}) roster_.SetIdle(served, true);
  // It had a request meanwhile.
  roster_.SetIdle(b, false);
  roster_.SetIdle(b, true);
  EXPECT_EQ(roster_.TakeLongestIdle(), c);
  EXPECT_EQ(roster_.TakeLongestIdle(), a);
  EXPECT_EQ(roster_.TakeLongestIdle(), b);
  EXPECT_EQ(roster_.TakeLongestIdle(), nullptr);
  EXPECT_EQ(roster_.size(), 3);
  EXPECT_EQ(roster_.idle(), 0);
}

TEST_F(ConnectionRosterTest, ThoseThatHaveARequestOrAreGoneAreNotTaken) {
  auto a = Add(), b = Add(), c = Add();
  for (const auto& served : {a, b, c}) roster_.SetIdle(served, true);
  roster_.Remove(a);
  roster_.SetIdle(b, false);
  // Destroyed, but not yet removed.
  const std::weak_ptr<Served> going = c;
  c.reset();
  EXPECT_EQ(roster_.TakeLongestIdle(), nullptr);
  roster_.SetIdle(a, true);
  EXPECT_EQ(roster_.TakeLongestIdle(), nullptr);
  EXPECT_EQ(roster_.All().size(), 1U);
  roster_.Remove(going);
  EXPECT_EQ(roster_.size(), 1);
}

TEST_F(ConnectionRosterTest, ItIsWaitedForUntilNoneIsLeft) {
  const auto a = Add();
  EXPECT_FALSE(roster_.AwaitNone(absl::Milliseconds(1)));
  roster_.Remove(a);
  EXPECT_TRUE(roster_.AwaitNone(absl::ZeroDuration()));
}

}  // namespace
}  // namespace policykb
