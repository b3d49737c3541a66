#include "core/rpc/work_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "core/rpc/status_conversion.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;

// A queue of one worker, which is held until Release; a piece is taken to need a millisecond.
class WorkQueueTest : public testing::Test {
 protected:
  WorkQueueTest() {
    EXPECT_TRUE(queue_
                    ->Enter({.owner = "holder",
                             .run =
                                 [this](const absl::Status&, absl::Duration) {
                                   held_.Notify();
                                   release_.WaitForNotification();
                                 }})
                    .ok());
    held_.WaitForNotification();
  }
  ~WorkQueueTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
  }

  Work Named(const std::string& owner, const std::string& name) {
    return {.owner = owner, .run = [this, name](const absl::Status& wanted, absl::Duration) {
              // One worker: never two at once.
              (wanted.ok() ? done_ : dropped_).push_back(name);
            }};
  }
  // Waits until all that was taken is over.
  void Finish() {
    release_.Notify();
    queue_.reset();
  }

  absl::Notification held_, release_;
  std::vector<std::string> done_, dropped_;
  std::unique_ptr<WorkQueue> queue_ = std::make_unique<WorkQueue>(
      WorkQueueOptions{.workers = 1, .first_guess = absl::Milliseconds(1)});
};

TEST_F(WorkQueueTest, WhatWouldWaitTooLongIsRefusedAtOnceWithTheTimeToTryAgain) {
  // The twentieth waits for 20 ms, the longest in a burst.
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(queue_->Enter(Named("a", "x")).ok()) << i;
  const absl::Status refused = queue_->Enter(Named("a", "refused"));
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrorReason(refused), "OVERLOADED");
  EXPECT_EQ(RetryAfter(refused), absl::Milliseconds(50));
  const WorkQueueFigures figures = queue_->figures();
  EXPECT_EQ(figures.waiting, 20U);
  EXPECT_EQ(figures.running, 1);
  EXPECT_EQ(figures.refused, 1U);
  Finish();
  EXPECT_EQ(done_.size(), 20U);
  EXPECT_THAT(dropped_, ElementsAre());
}

TEST_F(WorkQueueTest, WhoFloodsShutsOutNobodyElse) {
  absl::Status flood = absl::OkStatus();
  while (flood.ok()) flood = queue_->Enter(Named("flood", "flood"));
  ASSERT_TRUE(queue_->Enter(Named("b", "b")).ok());
  ASSERT_TRUE(queue_->Enter(Named("c", "c")).ok());
  EXPECT_FALSE(queue_->Enter(Named("flood", "flood")).ok());
  Finish();
  // One of the flood each, whose turn was first.
  ASSERT_GE(done_.size(), 4U);
  EXPECT_THAT(std::vector<std::string>(done_.begin(), done_.begin() + 4),
              ElementsAre("flood", "b", "c", "flood"));
}

TEST_F(WorkQueueTest, WhatNobodyWaitsForAnyMoreIsDroppedWithoutWork) {
  Work late = Named("a", "late");
  late.deadline = absl::Now() - absl::Milliseconds(1);
  Work cancelled = Named("a", "cancelled");
  cancelled.cancelled = [] { return true; };
  absl::Status said_late, said_cancelled;
  late.run = [&](const absl::Status& wanted, absl::Duration) { said_late = wanted; };
  cancelled.run = [&](const absl::Status& wanted, absl::Duration) { said_cancelled = wanted; };
  ASSERT_TRUE(queue_->Enter(std::move(late)).ok());
  ASSERT_TRUE(queue_->Enter(std::move(cancelled)).ok());
  ASSERT_TRUE(queue_->Enter(Named("a", "wanted")).ok());
  Finish();
  EXPECT_EQ(said_late.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(said_cancelled.code(), absl::StatusCode::kCancelled);
  EXPECT_THAT(done_, ElementsAre("wanted"));
}

TEST(WorkQueueOfManyTest, QuickWorkIsBoundInNumberAsWell) {
  absl::Notification held, release;
  WorkQueue queue({.workers = 1, .first_guess = absl::ZeroDuration(), .most_waiting = 3});
  const auto nothing = [](const absl::Status&, absl::Duration) {};
  ASSERT_TRUE(queue
                  .Enter({.owner = "a",
                          .run =
                              [&](const absl::Status&, absl::Duration) {
                                held.Notify();
                                release.WaitForNotification();
                              }})
                  .ok());
  held.WaitForNotification();
  // Each with an owner of its own: turns alone would take any number.
  for (const char* owner : {"b", "c", "d"})
    EXPECT_TRUE(queue.Enter({.owner = owner, .run = nothing}).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(queue.Enter({.owner = "e", .run = nothing})));
  release.Notify();
}

TEST(WorkQueueOfManyTest, EveryPieceIsDoneDroppedOrRefusedOnce) {
  std::atomic<int> run = 0, taken = 0, refused = 0;
  {
    WorkQueue queue({.workers = 3});
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller) {
      callers.emplace_back([&, caller] {
        for (int i = 0; i < 2000; ++i) {
          const absl::Status entered =
              queue.Enter({.owner = std::string(1, static_cast<char>('a' + caller)),
                           .cancelled = [i] { return i % 5 == 0; },
                           .run = [&run](const absl::Status&, absl::Duration) { ++run; }});
          ++(entered.ok() ? taken : refused);
        }
      });
    }
    for (std::thread& caller : callers) caller.join();
    const WorkQueueFigures figures = queue.figures();
    EXPECT_EQ(figures.refused, static_cast<uint64_t>(refused.load()));
  }
  EXPECT_EQ(taken + refused, 8000);
  EXPECT_EQ(run, taken);
}

}  // namespace
}  // namespace policykb
