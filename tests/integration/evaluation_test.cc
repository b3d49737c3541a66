// Quality over the evaluation sets, where POLICYKB_SHARED names the folder that holds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "core/base/files.h"
#include "indexer/pipeline.h"
#include "tests/base/temp_folder.h"
#include "tools/evaluate.h"

namespace policykb {
namespace {

// Empty when the evaluation sets are not there.
std::string DataSets() {
  const char* shared = std::getenv("POLICYKB_SHARED");
  if (shared == nullptr) return "";
  std::string folder = JoinPath(shared, "datasets");
  return PathExists(folder) ? folder : "";
}

absl::StatusOr<EvaluateReport> EvaluateArticles(
    const std::shared_ptr<const LocalSearcher>& searcher, const std::string& set, bool answers) {
  EvaluateOptions options;
  options.topics = set + "/queries.dev.jsonl";
  options.gold_articles = set + "/gold_articles.dev.tsv";
  options.strip_prefix = "docs/";
  options.answers = answers;
  const std::unique_ptr<RetrieverAccess> access = MakeLocalAccess(searcher, {kPublicLabel});
  return Evaluate([&](const CallerLabels&) -> RetrieverAccess& { return *access; },
                  &searcher->snapshot(), options);
}

TEST(EvaluationTest, LaypeoplesQuestionsFindTheirArticlesAndEveryQuoteIsExact) {
  if (DataSets().empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with evaluation sets";
  const TempFolder folder;
  BuildOptions build;
  build.corpus = DataSets() + "/stard-r/docs";
  build.kb = folder / "kb";
  const absl::StatusOr<BuildReport> built = Build(build, nullptr);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_THAT(built->corpus.skipped, testing::IsEmpty());
  const absl::StatusOr<std::shared_ptr<const LocalSearcher>> searcher = OpenSearcher(build.kb);
  ASSERT_TRUE(searcher.ok()) << searcher.status();

  const absl::StatusOr<EvaluateReport> lay =
      EvaluateArticles(*searcher, DataSets() + "/stard-r", true);
  ASSERT_TRUE(lay.ok()) << lay.status();
  EXPECT_EQ(lay->mean.topics, 771u);
  EXPECT_GE(lay->mean.recall_10, 0.59);
  EXPECT_GE(lay->mean.recall_100, 0.81);
  EXPECT_GE(lay->mean.ndcg_10, 0.47);
  EXPECT_GE(static_cast<double>(lay->gold_units_found),
            0.995 * static_cast<double>(lay->gold_units));
  EXPECT_GT(lay->answers.quotes, 0u);
  EXPECT_EQ(lay->answers.quotes_exact, lay->answers.quotes);

  const absl::StatusOr<EvaluateReport> look_up =
      EvaluateArticles(*searcher, DataSets() + "/lawbench-1-1-article-lookup", false);
  ASSERT_TRUE(look_up.ok()) << look_up.status();
  EXPECT_GE(look_up->mean.hit_1, 0.97);
}

TEST(SampleCorpusTest, ItsQuestionsFindTheirProvisions) {
  const TempFolder folder;
  BuildOptions build;
  build.corpus = POLICYKB_SOURCE_DIR "/data/corpus";
  build.kb = folder / "kb";
  const absl::StatusOr<BuildReport> built = Build(build, nullptr);
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_THAT(built->corpus.skipped, testing::IsEmpty());
  EXPECT_THAT(built->corpus.warnings, testing::IsEmpty());
  const absl::StatusOr<std::shared_ptr<const LocalSearcher>> searcher = OpenSearcher(build.kb);
  ASSERT_TRUE(searcher.ok()) << searcher.status();
  EvaluateOptions options;
  options.topics = POLICYKB_SOURCE_DIR "/data/questions/queries.jsonl";
  options.qrels = POLICYKB_SOURCE_DIR "/data/questions/qrels.tsv";
  options.answers = true;
  std::unique_ptr<RetrieverAccess> access;
  const absl::StatusOr<EvaluateReport> report = Evaluate(
      [&](const CallerLabels& labels) -> RetrieverAccess& {
        access = MakeLocalAccess(*searcher, labels);
        return *access;
      },
      &(*searcher)->snapshot(), options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->gold_units_found, report->gold_units);
  EXPECT_GE(report->mean.recall_5, 0.81);
  EXPECT_GE(report->mean.recall_30, 0.95);
  EXPECT_EQ(report->answers.quotes_exact, report->answers.quotes);
  EXPECT_EQ(report->answers.asked, report->answers.answered + report->answers.refused);
}

}  // namespace
}  // namespace policykb
