#include "tools/cholesky.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CholeskyTest, SolvesASystemWorkedByHand) {
  // 4*1 + 2*(-1) + 2*2 = 6, 2*1 + 5*(-1) + 3*2 = 3, 2*1 + 3*(-1) + 6*2 = 11.
  const SquareMatrix matrix = {{4, 2, 2}, {2, 5, 3}, {2, 3, 6}};
  EXPECT_THAT(SolvePositiveDefinite(matrix, {6, 3, 11}),
              ElementsAre(DoubleNear(1, 1e-12), DoubleNear(-1, 1e-12), DoubleNear(2, 1e-12)));
}

TEST(CholeskyTest, ReadsTheLowerHalfOnly) {
  const SquareMatrix lower = {{4, 99}, {2, 5}};
  // 4*1 + 2*2 = 8, 2*1 + 5*2 = 12.
  EXPECT_THAT(SolvePositiveDefinite(lower, {8, 12}),
              ElementsAre(DoubleNear(1, 1e-12), DoubleNear(2, 1e-12)));
}

TEST(CholeskyTest, NothingUnknownNeedsNothing) {
  EXPECT_THAT(SolvePositiveDefinite({}, {}), IsEmpty());
}

}  // namespace
}  // namespace policykb
