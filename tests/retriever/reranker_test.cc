#include "retriever/reranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "absl/time/clock.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

// Scores by what is set, and remembers what it was asked.
class FakeReranker : public Reranker {
 public:
  absl::StatusOr<std::vector<double>> Score(std::string_view query,
                                            std::span<const std::string_view> passages,
                                            absl::Time deadline) const override {
    asked_query = query;
    asked = {passages.begin(), passages.end()};
    asked_deadline = deadline;
    if (!failure.ok()) return failure;
    std::vector<double> scores;
    for (size_t i = 0; i < passages.size() + extra_scores; ++i)
      scores.push_back(i == 0 ? first_score : static_cast<double>(i));
    return scores;
  }

  absl::Status failure;
  size_t extra_scores = 0;
  double first_score = 0;
  mutable std::string asked_query;
  mutable std::vector<std::string> asked;
  mutable absl::Time asked_deadline;
};

class RerankerTest : public testing::Test {
 protected:
  SearchResult Search(const std::string& text, std::shared_ptr<const Reranker> reranker,
                      RerankOptions options = {}) const {
    const LocalSearcher searcher(*Snapshot::OpenCurrent(base_.kb()),
                                 {.reranker = std::move(reranker), .rerank = options});
    const auto result = searcher.Search({.text = text,
                                         .k = 10,
                                         .as_of = *CivilDate::Parse("2026-01-01"),
                                         .filter = {},
                                         .explain = true});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : SearchResult();
  }
  static std::vector<std::string> Names(const SearchResult& result) {
    std::vector<std::string> names;
    for (const SearchHit& hit : result.hits) names.push_back(hit.passage.name);
    return names;
  }

  const SampleBase base_;
  const std::string text_ = "养犬登记要多少天内办";
};

TEST_F(RerankerTest, ASearchThatWasGivenUpEndsBeforeItsNextStage) {
  const auto reranker = std::make_shared<FakeReranker>();
  const LocalSearcher searcher(*Snapshot::OpenCurrent(base_.kb()), {.reranker = reranker});
  // Given up at each of the times that the search asks, until it is not and succeeds.
  int asked = 0;
  for (int allowed = 0;; ++allowed) {
    ASSERT_LT(allowed, 10);
    asked = 0;
    reranker->asked.clear();
    SearchQuery query;
    query.text = text_;
    query.as_of = *CivilDate::Parse("2026-01-01");
    query.given_up = [&] { return asked++ >= allowed; };
    const auto result = searcher.Search(query);
    if (result.ok()) break;
    EXPECT_TRUE(absl::IsCancelled(result.status())) << result.status();
    // The reranker is asked only behind the second time.
    EXPECT_EQ(reranker->asked.empty(), allowed < 2) << allowed;
  }
  // Before the ranking, before the reranker and behind it.
  EXPECT_EQ(asked, 3);
}

TEST_F(RerankerTest, WithoutOneNothingIsSaid) {
  EXPECT_FALSE(Search(text_, nullptr).reranking.has_value());
}

TEST_F(RerankerTest, ItsScoresOrderTheHits) {
  const auto reranker = std::make_shared<FakeReranker>();
  const absl::Time before = absl::Now();
  const SearchResult plain = Search(text_, nullptr);
  const SearchResult result = Search(text_, reranker, {.time_limit = absl::Seconds(5)});
  ASSERT_TRUE(result.reranking && result.reranking->applied);
  // The fake scores the passages 0, 1, 2, ...: the last one leads.
  std::vector<std::string> reversed = Names(plain);
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_THAT(Names(result), ElementsAreArray(reversed));
  EXPECT_EQ(reranker->asked_query, text_);
  ASSERT_EQ(reranker->asked.size(), plain.hits.size());
  EXPECT_THAT(reranker->asked[0], HasSubstr(plain.hits[0].passage.text));
  EXPECT_GE(reranker->asked_deadline, before + absl::Seconds(5));
  EXPECT_EQ(result.hits.back().reranker_score, 0.0);
}

TEST_F(RerankerTest, LooksAtTheFirstOnly) {
  const auto reranker = std::make_shared<FakeReranker>();
  const std::vector<std::string> plain = Names(Search(text_, nullptr));
  const std::vector<std::string> names = Names(Search(text_, reranker, {.passages = 2}));
  ASSERT_GE(plain.size(), 3u);
  EXPECT_EQ(names[0], plain[1]);
  EXPECT_EQ(names[1], plain[0]);
  EXPECT_EQ(names[2], plain[2]);
}

TEST_F(RerankerTest, AFailureLeavesTheOrderAndIsSaid) {
  const std::vector<std::string> plain = Names(Search(text_, nullptr));
  const auto reranker = std::make_shared<FakeReranker>();
  reranker->failure = absl::DeadlineExceededError("model: 200 ms are over\nagain");
  SearchResult result = Search(text_, reranker);
  EXPECT_EQ(Names(result), plain);
  ASSERT_TRUE(result.reranking && !result.reranking->applied);
  EXPECT_EQ(result.reranking->failure, "model: 200 ms are over\\nagain");
  reranker->failure = absl::OkStatus();
  reranker->extra_scores = 1;
  result = Search(text_, reranker);
  EXPECT_EQ(Names(result), plain);
  EXPECT_THAT(result.reranking->failure, HasSubstr("scores for"));
  reranker->extra_scores = 0;
  reranker->first_score = std::numeric_limits<double>::quiet_NaN();
  result = Search(text_, reranker);
  EXPECT_EQ(Names(result), plain);
  EXPECT_EQ(result.reranking->failure, "a score that is no number");
}

TEST_F(RerankerTest, WhatTheQueryNamesStaysInFront) {
  const auto reranker = std::make_shared<FakeReranker>();
  const SearchResult result = Search("甲县养犬管理条例第三条", reranker);
  EXPECT_EQ(Names(result)[0], "documents/dogs-2023/provisions/art3");
  EXPECT_FALSE(result.hits[0].reranker_score.has_value());
}

}  // namespace
}  // namespace policykb
