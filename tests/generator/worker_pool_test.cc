#include "generator/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace policykb {
namespace {

TEST(WorkerPoolTest, DoesAllWorkThatItTook) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(3, 100);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(pool.Submit([&] { ++done; }));
  }
  EXPECT_EQ(done, 100);
}

TEST(WorkerPoolTest, RefusesWhatTheQueueCannotHold) {
  absl::Notification started;
  absl::Notification go;
  std::atomic<int> done = 0;
  {
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.Submit([&] {
      started.Notify();
      go.WaitForNotification();
      ++done;
    }));
    started.WaitForNotification();
    EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_TRUE(pool.Submit([&] { ++done; }));
    EXPECT_FALSE(pool.Submit([&] { ++done; }));
    go.Notify();
  }
  EXPECT_EQ(done, 3);
}

TEST(WorkerPoolTest, TakesWorkWithoutAQueueWhileAThreadIsIdle) {
  absl::Notification go;
  WorkerPool pool(2, 0);
  EXPECT_TRUE(pool.Submit([&] { go.WaitForNotification(); }));
  EXPECT_TRUE(pool.Submit([&] { go.WaitForNotification(); }));
  EXPECT_FALSE(pool.Submit([] {}));
  go.Notify();
}

}  // namespace
}  // namespace policykb
