#include "tools/randomization.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace policykb {
namespace {

TEST(RandomizationTest, ThreeTopicsByHand) {
  // The eight assignments of signs to 1, 2 and 4 have the sums 7, 5, 3, 1, -1, -3, -5, -7.
  // Observed 5: four are as large.
  EXPECT_DOUBLE_EQ(RandomizationP(std::vector<double>{-1, 2, 4}), 0.5);
  // Observed 7: two.
  EXPECT_DOUBLE_EQ(RandomizationP(std::vector<double>{1, 2, 4}), 0.25);
  // Observed 1: all.
  EXPECT_DOUBLE_EQ(RandomizationP(std::vector<double>{-1, -2, 4}), 1);
}

TEST(RandomizationTest, TheSignOfTheWholeDoesNotMatterNorDoTies) {
  EXPECT_DOUBLE_EQ(RandomizationP(std::vector<double>{-1, -2, -4, 0, 0}), 0.25);
}

TEST(RandomizationTest, WithoutADifferenceEverythingIsChance) {
  EXPECT_DOUBLE_EQ(RandomizationP({}), 1);
  EXPECT_DOUBLE_EQ(RandomizationP(std::vector<double>{0, 0, 0}), 1);
}

TEST(RandomizationTest, EqualSumsInAnotherOrderCountAsEqual) {
  // 0.1 + 0.2 - 0.3 is not quite 0 in binary; that it is as large as itself must not depend on how
  // it is summed up, so all eight count.
  EXPECT_DOUBLE_EQ(RandomizationP(std::vector<double>{0.1, 0.2, -0.3}), 1);
}

TEST(RandomizationTest, WhatIsDrawnComesNearWhatIsCounted) {
  // 16 topics: 65,536 assignments are counted, or 50,000 of them drawn. Three standard errors of a
  // share near p are 3 * sqrt(p (1 - p) / 50000) <= .0067.
  std::mt19937 random(3);
  for (int i = 0; i < 20; ++i) {
    std::vector<double> differences(16);
    for (double& difference : differences)
      difference = static_cast<double>(random() % 2001) / 1000 - 0.9;
    const double counted = RandomizationP(differences);
    EXPECT_NEAR(RandomizationP(differences, {.permutations = 50000}), counted, 0.0068);
  }
}

TEST(RandomizationTest, ManyTopicsAllOfOneSignAreHardlyChanceAndNeverImpossible) {
  // No draw of 100 signs is as large; the one observed is: 1 / 100,001.
  const std::vector<double> differences(100, 0.01);
  EXPECT_DOUBLE_EQ(RandomizationP(differences), 1.0 / 100001);
  EXPECT_EQ(RandomizationP(differences), RandomizationP(differences));
}

}  // namespace
}  // namespace policykb
