#include "retriever/features.h"

#include <gtest/gtest.h>

#include <vector>

namespace policykb {
namespace {

// Says 1 of laws and -1 of the rest.
RankingTree LawTree() {
  const TreeQuestion law = {.feature = Feature::kLaw, .above = 0.5};
  return {.questions = {law, law, law}, .values = {-1, 0, 0, 0, 0, 0, 0, 1}};
}

Candidate MakeCandidate(uint32_t passage, double score, double law) {
  Candidate candidate = {.place = {.segment = 0, .passage = passage}, .score = score};
  candidate.features[static_cast<size_t>(Feature::kLaw)] = law;
  return candidate;
}

TEST(FeaturesTest, TreesAddToTheLinearScoreInTheirOrder) {
  std::vector<Candidate> candidates = {MakeCandidate(0, 5, 0), MakeCandidate(1, 4, 1)};
  AddTrees({LawTree(), LawTree()}, candidates);
  EXPECT_EQ(candidates[0].trees, -2);
  EXPECT_EQ(candidates[0].score, 3);
  EXPECT_EQ(candidates[1].trees, 2);
  EXPECT_EQ(candidates[1].score, 6);
}

TEST(FeaturesTest, TreesLookAtTheFirstByLinearScoreOnly) {
  // Scores rise with the place but for the last two, which are alike: the earlier place is looked
  // at.
  std::vector<Candidate> candidates = {MakeCandidate(1, 0, 1), MakeCandidate(0, 0, 1)};
  for (uint32_t i = 2; i <= kTreeCandidates; ++i) candidates.push_back(MakeCandidate(i, i, 1));
  AddTrees({LawTree()}, candidates);
  EXPECT_EQ(candidates[0].trees, 0);
  EXPECT_EQ(candidates[0].score, 0);
  for (size_t i = 1; i < candidates.size(); ++i) EXPECT_EQ(candidates[i].trees, 1) << i;
}

TEST(FeaturesTest, WithoutTreesScoresStayWhatTheyAre) {
  std::vector<Candidate> candidates = {MakeCandidate(0, 5, 1)};
  AddTrees({}, candidates);
  EXPECT_EQ(candidates[0].score, 5);
}

}  // namespace
}  // namespace policykb
