#include "core/rpc/fair_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace policykb {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> TakeAll(FairQueue<std::string>& queue) {
  std::vector<std::string> taken;
  while (!queue.empty()) taken.push_back(queue.Pop());
  return taken;
}

TEST(FairQueueTest, ItemsOfOneOwnerLeaveInOrder) {
  FairQueue<std::string> queue;
  for (const char* item : {"1", "2", "3"}) queue.Push("a", item);
  EXPECT_EQ(queue.size(), 3U);
  EXPECT_THAT(TakeAll(queue), ElementsAre("1", "2", "3"));
  EXPECT_TRUE(queue.empty());
}

TEST(FairQueueTest, OwnersTakeTurnsHoweverManyItemsOneHas) {
  FairQueue<std::string> queue;
  for (const char* item : {"a1", "a2", "a3", "a4"}) queue.Push("a", item);
  queue.Push("b", "b1");
  queue.Push("c", "c1");
  queue.Push("b", "b2");
  EXPECT_THAT(TakeAll(queue), ElementsAre("a1", "b1", "c1", "a2", "b2", "a3", "a4"));
}

TEST(FairQueueTest, AnOwnerWhoseItemsAreGoneStandsBehindAgain) {
  FairQueue<std::string> queue;
  queue.Push("a", "a1");
  queue.Push("b", "b1");
  EXPECT_EQ(queue.Pop(), "a1");
  queue.Push("a", "a2");
  EXPECT_THAT(TakeAll(queue), ElementsAre("b1", "a2"));
}

TEST(FairQueueTest, WhoIsNewWaitsForOneItemOfEachOtherOwner) {
  FairQueue<std::string> queue;
  EXPECT_EQ(queue.AheadOf("a"), 0U);
  for (int i = 0; i < 100; ++i) queue.Push("a", "a");
  queue.Push("b", "b");
  EXPECT_EQ(queue.AheadOf("c"), 2U);
  // a: its own hundred and the one of b.
  EXPECT_EQ(queue.AheadOf("a"), 101U);
}

// What AheadOf says is what happens when the item is added and the queue emptied.
TEST(FairQueueTest, AheadOfIsTheNumberOfItemsThatLeaveBefore) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    FairQueue<std::string> queue;
    const auto some_owner = [&random] { return std::string(1, "abcde"[random() % 5]); };
    for (size_t i = random() % 40; i > 0; --i) {
      queue.Push(some_owner(), "other");
      // The turn stands anywhere in the row.
      if (random() % 3 == 0) queue.Pop();
    }
    const std::string owner = some_owner();
    const size_t said = queue.AheadOf(owner);
    queue.Push(owner, "new");
    size_t ahead = 0;
    while (queue.Pop() != "new") ++ahead;
    EXPECT_EQ(ahead, said) << "round " << round;
  }
}

}  // namespace
}  // namespace policykb
