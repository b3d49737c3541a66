#include "retriever/ranking_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/files.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

size_t IndexOf(Feature feature) { return static_cast<size_t>(feature); }

TEST(RankingWeightsTest, WhatIsWrittenIsRead) {
  FeatureVector weights = {};
  for (size_t i = 0; i < kFeatures; ++i) weights[i] = 0.25 * static_cast<double>(i) - 1;
  const auto read = DecodeRankingWeights(EncodeRankingWeights(weights));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, weights);
}

TEST(RankingWeightsTest, WhatIsNotNamedKeepsItsDefault) {
  const auto read = DecodeRankingWeights("# ours\n\n  cosine\t 2.5 # more\r\n");
  ASSERT_TRUE(read.ok()) << read.status();
  FeatureVector expected = kRankingWeights;
  expected[IndexOf(Feature::kCosine)] = 2.5;
  EXPECT_EQ(*read, expected);
}

TEST(RankingWeightsTest, FaultsAreNamedByLine) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {{"cosine 1\nmagic 2\n", "line 2: no feature of the name \"magic\""},
               {"cosine 1\ncosine 1\n", "line 2: cosine is named twice"},
               {"cosine\n", "line 1: cosine \"\", expected a number"},
               {"cosine 1x\n", "line 1: cosine \"1x\", expected a number"},
               {"cosine nan\n", "line 1: cosine \"nan\", expected a number"}};
  for (const auto& [text, message] : cases) {
    const absl::Status status = DecodeRankingWeights(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  }
}

TEST(RankingWeightsTest, NoPathIsTheDefaultAndAMissingFileAnError) {
  EXPECT_EQ(*ReadRankingWeights(""), kRankingWeights);
  EXPECT_EQ(ReadRankingWeights(JoinPath(testing::TempDir(), "absent.weights")).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace policykb
