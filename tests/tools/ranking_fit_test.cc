#include "tools/ranking_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kSignal = static_cast<size_t>(Feature::kCosine);
constexpr size_t kNoise = static_cast<size_t>(Feature::kLength);

JudgedCandidate MakeCandidate(const std::string& unit, bool relevant, double signal, double noise) {
  JudgedCandidate candidate = {.unit = unit, .relevant = relevant, .features = {}};
  candidate.features[kSignal] = signal;
  candidate.features[kNoise] = noise;
  return candidate;
}

// Topics whose relevant candidate has the higher signal, whatever the noise.
std::vector<JudgedTopic> ClearTopics(size_t count) {
  std::mt19937 random(5);
  const auto uniform = [&random] { return static_cast<double>(random() % 1000) / 1000; };
  std::vector<JudgedTopic> topics;
  for (size_t t = 0; t < count; ++t) {
    JudgedTopic topic = {.id = Cat("t", t), .relevant_units = 1, .candidates = {}};
    for (int i = 0; i < 20; ++i)
      topic.candidates.push_back(
          MakeCandidate(Cat("u", i), i == 7, uniform() + (i == 7 ? 1 : 0), uniform()));
    topics.push_back(std::move(topic));
  }
  return topics;
}

TEST(RankingFitTest, FindsTheFeatureThatTells) {
  const auto report = FitRanking({ClearTopics(100)}, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GT(report->model.weights[kSignal], 3);
  EXPECT_LT(std::fabs(report->model.weights[kNoise]), 1);
  ASSERT_EQ(report->sets.size(), 1U);
  EXPECT_EQ(report->sets[0].held_out.topics, 100U);
  EXPECT_GT(report->sets[0].held_out.hit_1, 0.9);
}

TEST(RankingFitTest, WeightOfTwoCandidatesIsTheOneWorkedByHand) {
  // One topic, one relevant candidate with signal 1 against one with 0. The loss is
  // ln(1 + e^-w) + p w^2 / 2; with p = 1 its minimum is where 1 / (1 + e^w) = w, at w = 0.401058.
  const std::vector<JudgedTopic> topics = {
      {.id = "t",
       .relevant_units = 1,
       .candidates = {MakeCandidate("a", true, 1, 0), MakeCandidate("b", false, 0, 0)}}};
  const auto report = FitRanking({topics, topics}, {.penalty = 1});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_NEAR(report->model.weights[kSignal], 0.401058, 1e-5);
  EXPECT_EQ(report->model.weights[kNoise], 0);
}

TEST(RankingFitTest, UnitsThatNoSourceFoundCountAsMissed) {
  std::vector<JudgedTopic> topics = ClearTopics(40);
  for (JudgedTopic& topic : topics) topic.relevant_units = 4;
  const auto report = FitRanking({topics}, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_NEAR(report->sets[0].held_out.recall_100, 0.25, 1e-12);
}

TEST(RankingFitTest, AUnitInPiecesCountsOnce) {
  // Three pieces of the relevant unit stand first: they fill one place, not three.
  const std::vector<JudgedTopic> topics(
      4, {.id = "t",
          .relevant_units = 1,
          .candidates = {MakeCandidate("a", true, 3, 0), MakeCandidate("a", true, 2, 0),
                         MakeCandidate("a", true, 1, 0), MakeCandidate("b", false, 0, 0)}});
  const auto report = FitRanking({topics}, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->sets[0].held_out.ndcg_10, 1);
}

TEST(RankingFitTest, RefusesWhatCannotBeFitted) {
  EXPECT_EQ(FitRanking({}, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitRanking({ClearTopics(3)}, {.folds = 1}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitRanking({ClearTopics(3)}, {.penalty = 0}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace policykb
