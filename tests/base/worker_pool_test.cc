#include "core/base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

#include "absl/synchronization/notification.h"

namespace policykb {
namespace {

TEST(WorkerPoolTest, DoesAllWorkThatWasPosted) {
  std::atomic<int> done = 0;
  {
    WorkerPool pool(3);
    for (int i = 0; i < 100; ++i) pool.Post([&] { ++done; });
  }
  EXPECT_EQ(done, 100);
}

TEST(WorkerPoolTest, OneThreadWorksInOrder) {
  std::vector<int> order;
  {
    WorkerPool pool(1);
    for (int i = 0; i < 5; ++i) pool.Post([&order, i] { order.push_back(i); });
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(WorkerPoolTest, WorkMayPostWork) {
  absl::Notification done;
  WorkerPool pool(1);
  pool.Post([&] { pool.Post([&] { done.Notify(); }); });
  done.WaitForNotification();
}

}  // namespace
}  // namespace policykb
