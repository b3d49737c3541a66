#include "retriever/ranking_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr char kTree[] = "tree cosine > 0.5 law > 0 lexical > -0.25 : 0 0.5 0 0 -1e-3 0 0 2";

size_t IndexOf(Feature feature) { return static_cast<size_t>(feature); }

TEST(RankingFileTest, WhatIsWrittenIsRead) {
  RankingModel model;
  for (size_t i = 0; i < kFeatures; ++i) model.weights[i] = 0.25 * static_cast<double>(i) - 1;
  model.trees.push_back({.questions = {{{.feature = Feature::kLaw, .above = 0},
                                        {.feature = Feature::kCosine, .above = -0.125},
                                        {.feature = Feature::kQuestionBank, .above = 1.5}}},
                         .values = {0, 0.0001, -0.5, 1, 2, -3, 4, 5}});
  model.trees.push_back({});
  const auto read = DecodeRanking(EncodeRanking(model), {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, model);
}

TEST(RankingFileTest, TheDefaultIsWrittenAsItIsRead) {
  const auto read = DecodeRanking(EncodeRanking(DefaultRanking()), {});
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, DefaultRanking());
}

TEST(RankingFileTest, WhatIsNotNamedKeepsItsWeight) {
  FeatureVector weights = {};
  weights[IndexOf(Feature::kLaw)] = 3;
  const auto read = DecodeRanking("# ours\n\n  cosine\t 2.5 # more\r\n", weights);
  ASSERT_TRUE(read.ok()) << read.status();
  weights[IndexOf(Feature::kCosine)] = 2.5;
  EXPECT_EQ(read->weights, weights);
}

TEST(RankingFileTest, AFileWithoutTreesHasNone) {
  const std::string path = JoinPath(testing::TempDir(), "weights.ranking");
  ASSERT_TRUE(WriteFileAtomically(path, "cosine 2.5\n").ok());
  const auto read = ReadRanking(path);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->trees.empty());
  EXPECT_EQ(read->weights[IndexOf(Feature::kLaw)],
            DefaultRanking().weights[IndexOf(Feature::kLaw)]);
}

TEST(RankingFileTest, ATreeIsReadWithItsQuestionsAndValues) {
  const auto read = DecodeRanking(kTree, {});
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->trees.size(), 1U);
  const RankingTree& tree = read->trees.front();
  EXPECT_EQ(tree.questions[2], (TreeQuestion{.feature = Feature::kLexical, .above = -0.25}));
  // No cosine, a law, no lexical score of -.25 or less: answers no, yes, yes make 2 + 4.
  FeatureVector features = {};
  features[IndexOf(Feature::kLaw)] = 1;
  EXPECT_EQ(TreeScore(features, read->trees), 0);
  // A cosine above .5 as well makes 7, and one of .5 does not.
  features[IndexOf(Feature::kCosine)] = 0.5;
  EXPECT_EQ(TreeScore(features, read->trees), 0);
  features[IndexOf(Feature::kCosine)] = 0.51;
  EXPECT_EQ(TreeScore(features, read->trees), 2);
}

TEST(RankingFileTest, FaultsAreNamedByLine) {
  const struct {
    std::string text;
    const char* message;
  } cases[] = {
      {"cosine 1\nmagic 2\n", "line 2: no feature of the name \"magic\""},
      {"cosine 1\ncosine 1\n", "line 2: cosine is named twice"},
      {"cosine\n", "line 1: cosine \"\", expected a number"},
      {"cosine 1x\n", "line 1: cosine \"1x\", expected a number"},
      {"cosine 1 2\n", "line 1: cosine \"1 2\", expected a number"},
      {"cosine nan\n", "line 1: cosine \"nan\", expected a number"},
      {"\ntree cosine > 1 : 0 1\n", "line 2: tree: expected 3 times FEATURE > NUMBER"},
      {Cat(kTree, " 1"), "line 1: tree: expected 3 times FEATURE > NUMBER"},
      {"tree magic > 1 law > 0 law > 0 : 0 0 0 0 0 0 0 0", "line 1: no feature of the name"},
      {"tree law < 1 law > 0 law > 0 : 0 0 0 0 0 0 0 0", "line 1: tree: \"<\", expected >"},
      {"tree law > x law > 0 law > 0 : 0 0 0 0 0 0 0 0", "line 1: tree: \"x\", expected a number"},
      {"tree law > 0 law > 0 law > 0 : 0 0 inf 0 0 0 0 0", "tree: \"inf\", expected a number"}};
  for (const auto& [text, message] : cases) {
    const absl::Status status = DecodeRanking(text, {}).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  }
}

TEST(RankingFileTest, MoreTreesThanASearchCanAskAreRefused) {
  std::string text;
  for (size_t i = 0; i < kMostTrees; ++i) text += Cat(kTree, "\n");
  EXPECT_TRUE(DecodeRanking(text, {}).ok());
  EXPECT_THAT(std::string(DecodeRanking(text + kTree, {}).status().message()),
              HasSubstr("line 201: tree: expected at most 200"));
}

TEST(RankingFileTest, NoPathIsTheDefaultAndAMissingFileAnError) {
  EXPECT_EQ(*ReadRanking(""), DefaultRanking());
  EXPECT_EQ(ReadRanking(JoinPath(testing::TempDir(), "absent.ranking")).status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace policykb
