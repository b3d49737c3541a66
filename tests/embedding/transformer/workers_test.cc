#include "core/embedding/transformer/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace policykb {
namespace {

TEST(WorkersTest, EveryPieceIsDoneOnce) {
  std::vector<std::atomic<int>> done(100);
  EXPECT_TRUE(RunWithWorkers(100, 4, [&](size_t piece, size_t worker) {
                EXPECT_LT(worker, 4U);
                ++done[piece];
                return absl::OkStatus();
              }).ok());
  for (const std::atomic<int>& count : done) EXPECT_EQ(count, 1);
}

TEST(WorkersTest, TheFirstFailureIsReturnedAndEndsTheRest) {
  int begun = 0;
  const absl::Status status = RunWithWorkers(100, 1, [&](size_t piece, size_t) {
    ++begun;
    return piece == 3 ? absl::InternalError("three") : absl::OkStatus();
  });
  EXPECT_EQ(status, absl::InternalError("three"));
  EXPECT_EQ(begun, 4);
}

TEST(WorkersTest, NothingToDoIsWellDone) {
  EXPECT_TRUE(
      RunWithWorkers(0, 2, [](size_t, size_t) { return absl::InternalError("called"); }).ok());
}

}  // namespace
}  // namespace policykb
