#include "tools/tree_fit.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kCosine = static_cast<size_t>(Feature::kCosine);
constexpr size_t kLaw = static_cast<size_t>(Feature::kLaw);
constexpr size_t kHeld = static_cast<size_t>(Feature::kHeld);

// Relevant are some of the laws that hold what is asked for, and of the passages that are neither:
// what either feature means depends on the other, which no weights can say.
std::vector<JudgedTopic> Topics(size_t count) {
  std::mt19937 random(3);
  std::vector<JudgedTopic> topics;
  for (size_t t = 0; t < count; ++t) {
    JudgedTopic topic = {.id = Cat("t", t), .relevant_units = 0, .candidates = {}};
    for (int i = 0; i < 50; ++i) {
      JudgedCandidate candidate = {.unit = Cat("u", i), .relevant = false, .features = {}};
      candidate.features[kCosine] = static_cast<double>(random() % 1000) / 1000;
      candidate.features[kLaw] = static_cast<double>(random() % 2);
      candidate.features[kHeld] = static_cast<double>(random() % 2);
      candidate.relevant =
          candidate.features[kLaw] == candidate.features[kHeld] && random() % 5 == 0;
      topic.relevant_units += candidate.relevant ? 1 : 0;
      topic.candidates.push_back(candidate);
    }
    topics.push_back(topic);
  }
  return topics;
}

std::vector<const JudgedTopic*> PointersTo(const std::vector<JudgedTopic>& topics) {
  std::vector<const JudgedTopic*> pointers;
  for (const JudgedTopic& topic : topics) pointers.push_back(&topic);
  return pointers;
}

double Says(const std::vector<RankingTree>& trees, double law, double held) {
  FeatureVector features = {};
  features[kCosine] = 0.5;
  features[kLaw] = law;
  features[kHeld] = held;
  return TreeScore(features, trees);
}

TEST(TreeFitTest, LearnsWhatNoWeightsCanSay) {
  const std::vector<JudgedTopic> topics = Topics(100);
  const std::vector<RankingTree> trees = FitTrees(PointersTo(topics), {}, {});
  ASSERT_EQ(trees.size(), TreeFitOptions().trees);
  EXPECT_GT(Says(trees, 1, 1), Says(trees, 0, 1) + 0.2);
  EXPECT_GT(Says(trees, 1, 1), Says(trees, 1, 0) + 0.2);
  EXPECT_GT(Says(trees, 0, 0), Says(trees, 0, 1) + 0.2);
}

TEST(TreeFitTest, TheSameTopicsGiveTheSameTrees) {
  const std::vector<JudgedTopic> topics = Topics(40);
  EXPECT_EQ(FitTrees(PointersTo(topics), {}, {}), FitTrees(PointersTo(topics), {}, {}));
}

TEST(TreeFitTest, FirstTreeIsTheOneWorkedByHand) {
  // One relevant candidate behind one that is not, all scores 0: |change of nDCG| is
  // 1 - 1 / log2(3) = .369070, each is pulled by half of that, .184535, with a curvature of a
  // quarter, .092268. A leaf of one candidate with penalty 1 and shrinkage 1 is worth
  // .184535 / 1.092268 = .1689.
  JudgedCandidate first = {.unit = "a", .relevant = false, .features = {}};
  JudgedCandidate second = {.unit = "b", .relevant = true, .features = {}};
  second.features[kLaw] = 1;
  const std::vector<JudgedTopic> topics = {
      {.id = "t", .relevant_units = 1, .candidates = {first, second}}};
  const std::vector<RankingTree> trees =
      FitTrees(PointersTo(topics), {},
               {.trees = 1, .shrinkage = 1, .penalty = 1, .least_rows = 1, .truncation = 30});
  ASSERT_EQ(trees.size(), 1U);
  EXPECT_DOUBLE_EQ(TreeScore(second.features, trees), 0.1689);
  EXPECT_DOUBLE_EQ(TreeScore(first.features, trees), -0.1689);
}

TEST(TreeFitTest, ALeafOfFewCandidatesSaysNothing) {
  const std::vector<JudgedTopic> topics = Topics(1);
  for (const RankingTree& tree : FitTrees(PointersTo(topics), {}, {.least_rows = 51})) {
    for (const double value : tree.values) EXPECT_EQ(value, 0);
  }
}

TEST(TreeFitTest, WithoutRelevantCandidatesThereAreNoTrees) {
  const std::vector<JudgedTopic> topics = {{.id = "t", .relevant_units = 1, .candidates = {{}}}};
  EXPECT_TRUE(FitTrees(PointersTo(topics), {}, {}).empty());
  EXPECT_TRUE(FitTrees({}, {}, {}).empty());
}

}  // namespace
}  // namespace policykb
