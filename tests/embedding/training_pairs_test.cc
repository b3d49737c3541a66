#include "core/embedding/training_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr uint64_t kSeeds = 400;

bool Holds(const WeightedRows& rows, uint32_t row) {
  return std::binary_search(rows.rows.begin(), rows.rows.end(), row);
}

TEST(TrainingPairsTest, PassageWithoutSentencesHasItsContextAsQuery) {
  const TrainingPairs pairs({{.context = {2, 0, 2}, .sentences = {}}}, {1, 1, 3});
  const TrainingPair pair = pairs.Draw(0, 7);
  EXPECT_THAT(pair.query.rows, ElementsAre(0, 2));
  // 1 + ln of the times a row occurs, times its idf.
  EXPECT_FLOAT_EQ(pair.query.counts[0], 1);
  EXPECT_FLOAT_EQ(pair.query.counts[1], 3 * (1 + std::log(2.0F)));
  EXPECT_THAT(pair.passage.rows, IsEmpty());
}

TEST(TrainingPairsTest, QueryIsTheContextOrPartOfOneSentence) {
  // Rows 0 to 1 context, 2 to 4 the first sentence, 5 to 7 the second.
  const TrainingPairs pairs({{.context = {0, 1}, .sentences = {{2, 3, 4}, {5, 6, 7}}}},
                            std::vector<float>(8, 1));
  int contexts = 0;
  int thinned = 0;
  int taken_out = 0;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const TrainingPair pair = pairs.Draw(0, seed);
    if (Holds(pair.query, 0)) {
      ++contexts;
      EXPECT_THAT(pair.query.rows, ElementsAre(0, 1));
      EXPECT_THAT(pair.passage.rows, ElementsAre(2, 3, 4, 5, 6, 7));
      continue;
    }
    if (pair.query.rows.empty()) continue;
    const bool first = pair.query.rows[0] < 5;
    for (const uint32_t row : pair.query.rows) EXPECT_EQ(row < 5, first);
    thinned += pair.query.rows.size() < 3;
    // The other sentence is always there; the one asked about either whole or not at all.
    for (uint32_t row = 2; row < 5; ++row) {
      EXPECT_TRUE(Holds(pair.passage, first ? row + 3 : row));
      EXPECT_EQ(Holds(pair.passage, first ? row : row + 3), Holds(pair.passage, first ? 2 : 5));
    }
    taken_out += !Holds(pair.passage, first ? 2 : 5);
  }
  // Half, a quarter and two fifths are expected; none of them may be gone.
  EXPECT_GT(contexts, 150);
  EXPECT_LT(contexts, 250);
  EXPECT_GT(thinned, 50);
  EXPECT_GT(taken_out, 100);
}

TEST(TrainingPairsTest, OnlySentenceStaysInItsPassage) {
  const TrainingPairs pairs({{.context = {}, .sentences = {{0, 1, 2}}}}, {1, 1, 1});
  for (uint64_t seed = 0; seed < kSeeds; ++seed)
    EXPECT_THAT(pairs.Draw(0, seed).passage.rows, ElementsAre(0, 1, 2));
}

TEST(TrainingPairsTest, AKnownQuestionGoesWithTheWholeOfItsPassage) {
  const TrainingPairs pairs({{.context = {0}, .sentences = {{1}}, .questions = {}},
                             {.context = {0}, .sentences = {{2}, {3}}, .questions = {{4, 5}, {6}}}},
                            std::vector<float>(7, 1));
  EXPECT_THAT(pairs.asked(), ElementsAre(1, 1));
  bool first = false;
  bool second = false;
  for (uint64_t seed = 0; seed < kSeeds; ++seed) {
    const TrainingPair pair = pairs.DrawQuestion(1, seed);
    EXPECT_THAT(pair.passage.rows, ElementsAre(0, 2, 3));
    for (const uint32_t row : pair.query.rows) (row < 6 ? first : second) = true;
  }
  EXPECT_TRUE(first && second);
}

TEST(TrainingPairsTest, OneSeedGivesOnePair) {
  const TrainingPairs pairs({{.context = {0}, .sentences = {{1, 2}, {3}}}},
                            std::vector<float>(4, 2));
  for (uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(pairs.Draw(0, seed).query.rows, pairs.Draw(0, seed).query.rows);
    EXPECT_EQ(pairs.Draw(0, seed).passage.counts, pairs.Draw(0, seed).passage.counts);
  }
}

}  // namespace
}  // namespace policykb
