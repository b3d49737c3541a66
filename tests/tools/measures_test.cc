#include "tools/measures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace policykb {
namespace {

const std::vector<std::string> kRanking = {"x", "a", "y", "b"};
const std::set<std::string> kRelevant = {"a", "b", "c"};

TEST(MeasuresTest, RecallIsTheShareOfTheRelevantFound) {
  // Two of three relevant units are among the four; one of them among the first three.
  EXPECT_DOUBLE_EQ(RecallAt(kRanking, kRelevant, 4), 2.0 / 3);
  EXPECT_DOUBLE_EQ(RecallAt(kRanking, kRelevant, 3), 1.0 / 3);
  EXPECT_DOUBLE_EQ(RecallAt(kRanking, kRelevant, 100), 2.0 / 3);
}

TEST(MeasuresTest, ReciprocalRankLooksAtTheFirstRelevant) {
  EXPECT_DOUBLE_EQ(ReciprocalRankAt(kRanking, kRelevant, 10), 0.5);
  EXPECT_DOUBLE_EQ(ReciprocalRankAt(kRanking, kRelevant, 1), 0);
  EXPECT_DOUBLE_EQ(HitAtOne(kRanking, kRelevant), 0);
  EXPECT_DOUBLE_EQ(HitAtOne({"c"}, kRelevant), 1);
}

TEST(MeasuresTest, NdcgDiscountsByRankAndDividesByTheBestPossible) {
  // Gain at ranks 2 and 4: 1/log2(3) + 1/log2(5); best: ranks 1 to 3.
  const double gained = 1 / std::log2(3) + 1 / std::log2(5);
  const double best = 1 + 1 / std::log2(3) + 1 / std::log2(4);
  EXPECT_DOUBLE_EQ(NdcgAt(kRanking, kRelevant, 10), gained / best);
  EXPECT_DOUBLE_EQ(NdcgAt({"a", "b", "c"}, kRelevant, 10), 1);
  // At k = 1 the best possible is one relevant unit.
  EXPECT_DOUBLE_EQ(NdcgAt({"a"}, kRelevant, 1), 1);
}

TEST(MeasuresTest, MeansAreOverTopics) {
  MeanMeasures sums;
  sums.Add({"a"}, {"a"});
  sums.Add({"x"}, {"a"});
  EXPECT_EQ(sums.Mean().topics, 2u);
  EXPECT_DOUBLE_EQ(sums.Mean().recall_10, 0.5);
}

}  // namespace
}  // namespace policykb
