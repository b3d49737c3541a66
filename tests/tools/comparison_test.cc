#include "tools/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace policykb {
namespace {

using ::testing::ElementsAre;

// One relevant unit, g, at `rank`; 0: not found.
ScoredTopic FoundAt(const std::string& id, size_t rank) {
  std::vector<std::string> units;
  for (size_t i = 1; i <= 12; ++i) units.push_back(i == rank ? "g" : "u" + std::to_string(i));
  Topic topic;
  topic.id = id;
  topic.text = "question " + id;
  return ScoreRanking(topic, {"g"}, units);
}

const MeasureComparison& Of(const RunComparison& comparison, std::string_view measure) {
  for (const MeasureComparison& line : comparison.measures) {
    if (line.measure.name == measure) return line;
  }
  ADD_FAILURE() << measure;
  return comparison.measures.front();
}

TEST(ScoreRankingTest, KnowsTheRankOfEveryRelevantUnit) {
  Topic topic;
  topic.id = "t";
  const ScoredTopic scored = ScoreRanking(topic, {"a", "b", "z"}, {"x", "b", "y", "a"});
  ASSERT_EQ(scored.gold.size(), 3u);
  EXPECT_EQ(scored.gold[0].unit, "b");
  EXPECT_EQ(scored.gold[0].rank, 2u);
  EXPECT_EQ(scored.gold[1].rank, 4u);
  EXPECT_EQ(scored.gold[2].unit, "z");
  EXPECT_EQ(scored.gold[2].rank, 0u);
  EXPECT_EQ(scored.first_rank(), 2u);
  EXPECT_DOUBLE_EQ(scored.figures.mrr_10, 0.5);
  EXPECT_EQ(ScoreRanking(topic, {"a"}, {}).first_rank(), 0u);
}

TEST(CompareRunsTest, FourTopicsByHand) {
  // Rank of the only relevant unit: t1 2 -> 1, t2 1 -> 1, t3 0 -> 11, t4 1 -> 2.
  std::vector<ScoredTopic> baseline = {FoundAt("t1", 2), FoundAt("t2", 1), FoundAt("t3", 0),
                                       FoundAt("t4", 1)};
  const std::vector<ScoredTopic> run = {FoundAt("t1", 1), FoundAt("t2", 1), FoundAt("t3", 11),
                                        FoundAt("t4", 2)};
  const RunComparison comparison = CompareRuns(std::move(baseline), run);
  EXPECT_EQ(comparison.measures.size(), Measures().size());

  // Reciprocal ranks .5, 1, 0, 1 against 1, 1, 0 (rank 11 is beyond 10), .5: the same mean.
  const MeasureComparison& mrr = Of(comparison, "mrr@10");
  EXPECT_DOUBLE_EQ(mrr.baseline, 0.625);
  EXPECT_DOUBLE_EQ(mrr.run, 0.625);
  EXPECT_EQ(mrr.wins, 1u);
  EXPECT_EQ(mrr.losses, 1u);
  EXPECT_EQ(mrr.ties, 2u);
  EXPECT_DOUBLE_EQ(mrr.p, 1);

  // Only t3 gained, 0 -> 1: one difference, two assignments of its sign, both as large.
  const MeasureComparison& recall = Of(comparison, "recall@30");
  EXPECT_DOUBLE_EQ(recall.difference(), 0.25);
  EXPECT_EQ(recall.wins, 1u);
  EXPECT_EQ(recall.losses, 0u);
  EXPECT_DOUBLE_EQ(recall.p, 1);

  // nDCG@10 of t1 and t4 changed by 1 - 1 / log2(3), up and down; t3 is 0 in both.
  EXPECT_THAT(comparison.changed, ElementsAre(0u, 3u));
  EXPECT_NEAR(TopicFigure(run[0]) - TopicFigure(comparison.baseline[0]), 1 - 1 / std::log2(3),
              1e-12);
}

TEST(CompareRunsTest, ARunComparedWithItselfDoesNotDiffer) {
  const std::vector<ScoredTopic> run = {FoundAt("t1", 3), FoundAt("t2", 0)};
  const RunComparison comparison = CompareRuns(run, run);
  for (const MeasureComparison& line : comparison.measures) {
    EXPECT_EQ(line.ties, 2u);
    EXPECT_EQ(line.difference(), 0);
    EXPECT_EQ(line.p, 1);
  }
  EXPECT_THAT(comparison.changed, testing::IsEmpty());
}

TEST(CompareRunsTest, TheGreatestChangeComesFirst) {
  const RunComparison comparison = CompareRuns({FoundAt("a", 2), FoundAt("b", 9), FoundAt("c", 1)},
                                               {FoundAt("a", 1), FoundAt("b", 1), FoundAt("c", 0)});
  // nDCG@10: a 1 / log2(3) -> 1 (.37), b 1 / log2(10) -> 1 (.70), c 1 -> 0.
  EXPECT_THAT(comparison.changed, ElementsAre(2u, 1u, 0u));
}

}  // namespace
}  // namespace policykb
