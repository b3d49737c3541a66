#include "tools/ranking_fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

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
  EXPECT_GT(report->weights[kSignal], 3);
  EXPECT_LT(std::fabs(report->weights[kNoise]), 1);
  ASSERT_EQ(report->held_out.size(), 1U);
  EXPECT_EQ(report->held_out[0].topics, 100U);
  EXPECT_GT(report->held_out[0].hit_1, 0.9);
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
  EXPECT_NEAR(report->weights[kSignal], 0.401058, 1e-5);
  EXPECT_EQ(report->weights[kNoise], 0);
}

TEST(RankingFitTest, UnitsThatNoSourceFoundCountAsMissed) {
  std::vector<JudgedTopic> topics = ClearTopics(40);
  for (JudgedTopic& topic : topics) topic.relevant_units = 4;
  const auto report = FitRanking({topics}, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_NEAR(report->held_out[0].recall_100, 0.25, 1e-12);
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
  EXPECT_EQ(report->held_out[0].ndcg_10, 1);
}

TEST(RankingFitTest, RefusesWhatCannotBeFitted) {
  EXPECT_EQ(FitRanking({}, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitRanking({ClearTopics(3)}, {.folds = 1}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitRanking({ClearTopics(3)}, {.penalty = 0}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(RankingFitTest, FeaturesFileIsReadAsItWasWritten) {
  const std::string path = JoinPath(testing::TempDir(), "ranking_fit_features.tsv");
  const JudgedCandidate first = MakeCandidate("a.md#art1", true, 0.5, 2);
  const JudgedCandidate second = MakeCandidate("b", false, -1, 0);
  ASSERT_TRUE(WriteFileAtomically(path, EncodeFeatureHeader() + EncodeFeatureLine("q1", 3, first) +
                                            EncodeFeatureLine("q1", 3, second) +
                                            EncodeFeatureLine("q2", 0, second))
                  .ok());
  const auto topics = ReadFeatures(path);
  ASSERT_TRUE(topics.ok()) << topics.status();
  ASSERT_EQ(topics->size(), 2U);
  EXPECT_EQ((*topics)[0].relevant_units, 3U);
  ASSERT_EQ((*topics)[0].candidates.size(), 2U);
  EXPECT_EQ((*topics)[0].candidates[0].unit, "a.md#art1");
  EXPECT_TRUE((*topics)[0].candidates[0].relevant);
  EXPECT_EQ((*topics)[0].candidates[0].features, first.features);
  EXPECT_FALSE((*topics)[1].candidates[0].relevant);

  const std::string wrong[] = {"", "#topic\tunit\n", EncodeFeatureHeader() + "q1\ta\t2\t1\n",
                               EncodeFeatureHeader() + EncodeFeatureLine("q1", 3, first) + "q1\n"};
  for (const std::string& content : wrong) {
    ASSERT_TRUE(WriteFileAtomically(path, content).ok());
    const absl::Status status = ReadFeatures(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << content;
    EXPECT_THAT(std::string(status.message()), HasSubstr(path));
  }
}

}  // namespace
}  // namespace policykb
