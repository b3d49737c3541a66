#include "retriever/cross_encoder_reranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/base/temp_folder.h"
#include "tests/testing/model_files.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

class CrossEncoderRerankerTest : public testing::Test {
 protected:
  CrossEncoderRerankerTest() { WriteRandomModel({.has_scoring_head = true}, model_.path()); }

  SearchResult Search(RerankOptions options) const {
    const auto reranker = CrossEncoderReranker::Open(model_.path(), {});
    EXPECT_TRUE(reranker.ok()) << reranker.status();
    const LocalSearcher searcher(*Snapshot::OpenCurrent(base_.kb()),
                                 {.reranker = *reranker, .rerank = options});
    const auto result = searcher.Search({.text = "养犬登记",
                                         .k = 10,
                                         .as_of = *CivilDate::Parse("2026-01-01"),
                                         .filter = {},
                                         .explain = true});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : SearchResult();
  }

  SampleBase base_;
  TempFolder model_;
};

TEST_F(CrossEncoderRerankerTest, HitsStandInTheOrderOfItsScores) {
  const SearchResult result = Search({.passages = 50, .time_limit = absl::Hours(1)});
  ASSERT_TRUE(result.reranking.has_value());
  EXPECT_TRUE(result.reranking->applied) << result.reranking->failure;
  ASSERT_GE(result.hits.size(), 2U);
  for (size_t i = 1; i < result.hits.size(); ++i) {
    ASSERT_TRUE(result.hits[i].reranker_score.has_value());
    EXPECT_GE(*result.hits[i - 1].reranker_score, *result.hits[i].reranker_score);
  }
}

TEST_F(CrossEncoderRerankerTest, OutOfTimeTheSearchKeepsItsOrderAndSaysSo) {
  const SearchResult result = Search({.passages = 50, .time_limit = absl::ZeroDuration()});
  ASSERT_TRUE(result.reranking.has_value());
  EXPECT_FALSE(result.reranking->applied);
  EXPECT_THAT(result.reranking->failure, HasSubstr("out of time after 0 of"));
  EXPECT_FALSE(result.hits.empty());
}

}  // namespace
}  // namespace policykb
