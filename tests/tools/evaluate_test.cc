// Evaluating the sample base against itself, against another base and against a run file; and what
// is made of it: text, JSON and the page.

#include "tools/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "tests/testing/sample_base.h"
#include "tools/evaluate_page.h"
#include "tools/evaluate_report.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view kTopics =
    "{\"_id\":\"t1\",\"text\":\"未办理养犬登记怎么罚款\",\"as_of\":\"2024-01-01\"}\n"
    "{\"_id\":\"t2\",\"text\":\"<script>alert('水')</script> 用水报装几天 & 多少\"}\n"
    "{\"_id\":\"t3\",\"text\":\"养犬登记费每年多少钱\",\"as_of\":\"2020-01-01\"}\n"
    "{\"_id\":\"t4\",\"text\":\"不在判断之列\"}\n";
constexpr std::string_view kQrels =
    "t1\tdocuments/dogs-2023/provisions/art3\t1\n"
    "t2\tdocuments/water/provisions/s1\t1\n"
    "t3\tdocuments/dogs-2017/provisions/art2\t1\n";

// The sample without its penalty article, in which the answer to t1 is gone.
std::map<std::string, std::string> WithoutPenalty() {
  std::map<std::string, std::string> files = SampleFiles();
  std::string& text = files["dogs-2023.md"];
  text.resize(text.find("第三条"));
  return files;
}

class EvaluateTest : public testing::Test {
 protected:
  EvaluateTest() {
    EXPECT_TRUE(WriteNewFile(folder_ / "topics.jsonl", kTopics).ok());
    EXPECT_TRUE(WriteNewFile(folder_ / "qrels.tsv", kQrels).ok());
    options_.topics = folder_ / "topics.jsonl";
    options_.qrels = folder_ / "qrels.tsv";
  }

  absl::StatusOr<EvaluateReport> Run(const SampleBase& base) {
    options_.baseline.kb = base.kb();
    const std::shared_ptr<const LocalSearcher> searcher = base.Open();
    return Evaluate(MakeAccessByLabels(searcher), &searcher->snapshot(), options_);
  }

  const TempFolder folder_;
  EvaluateOptions options_;
};

TEST_F(EvaluateTest, ARunFileIsABaselineThatDoesNotDiffer) {
  const SampleBase base;
  options_.run = folder_ / "run.trec";
  const auto first = Run(base);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_FALSE(first->comparison.has_value());
  options_.run.clear();
  options_.baseline.baseline = folder_ / "run.trec";
  const auto second = Run(base);
  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_TRUE(second->comparison.has_value());
  for (const MeasureComparison& line : second->comparison->measures) {
    EXPECT_EQ(line.baseline, line.run) << line.measure.name;
    EXPECT_EQ(line.run, first->mean.*line.measure.value) << line.measure.name;
    EXPECT_EQ(line.ties, 3u);
    EXPECT_EQ(line.p, 1);
  }
}

TEST_F(EvaluateTest, ARunFileOfArticlesIsReadThroughTheSnapshot) {
  const SampleBase base;
  ASSERT_TRUE(WriteNewFile(folder_ / "gold.tsv",
                           "t1\tdogs-2023.md\t甲县养犬管理条例\t第三条\n"
                           "t3\tdogs-2017.md\t甲县养犬管理办法\t第二条\n")
                  .ok());
  options_.qrels.clear();
  options_.gold_articles = folder_ / "gold.tsv";
  options_.run = folder_ / "run.trec";
  ASSERT_TRUE(Run(base).ok());
  options_.baseline.baseline = options_.run;
  options_.run.clear();
  const auto report = Run(base);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->mean.hit_1, 1);
  EXPECT_THAT(report->comparison->changed, IsEmpty());
  for (const MeasureComparison& line : report->comparison->measures)
    EXPECT_EQ(line.baseline, line.run);

  const std::shared_ptr<const LocalSearcher> searcher = base.Open();
  const absl::Status without = Evaluate(MakeAccessByLabels(searcher), nullptr, options_).status();
  EXPECT_TRUE(absl::IsInvalidArgument(without));
  EXPECT_THAT(std::string(without.message()), HasSubstr("expected --kb DIR"));
}

TEST_F(EvaluateTest, AnotherBaseAndASnapshotAreBaselines) {
  const SampleBase whole;
  const SampleBase without(WithoutPenalty());
  options_.baseline.baseline = whole.kb();
  const auto worse = Run(without);
  ASSERT_TRUE(worse.ok()) << worse.status();
  ASSERT_EQ(worse->comparison->changed.size(), 1u);
  EXPECT_EQ(worse->topics[worse->comparison->changed[0]].id, "t1");
  // recall@100 1, 1, 1 against 0, 1, 1.
  const MeasureComparison& recall = worse->comparison->measures[3];
  EXPECT_EQ(recall.measure.name, "recall@100");
  EXPECT_DOUBLE_EQ(recall.difference(), 2.0 / 3 - 1);
  EXPECT_EQ(recall.losses, 1u);
  EXPECT_EQ(recall.ties, 2u);

  options_.baseline.baseline = whole.report().snapshot;
  const auto same = Run(whole);
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_THAT(same->comparison->changed, IsEmpty());
}

TEST_F(EvaluateTest, ABaselineThatIsNoneIsNamed) {
  const SampleBase base;
  options_.baseline.baseline = "20990101-000000";
  const absl::Status status = Run(base).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("--baseline 20990101-000000"));
}

TEST_F(EvaluateTest, TextAndJsonHoldBothMeansAndWhatChanged) {
  const SampleBase whole;
  const SampleBase without(WithoutPenalty());
  options_.baseline.baseline = whole.kb();
  const auto report = Run(without);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string text = EvaluateReportText(*report, options_);
  EXPECT_THAT(text,
              AllOf(HasSubstr("topics 3\n"), HasSubstr(Cat("compared with ", whole.kb())),
                    HasSubstr("recall@100    1.0000  0.6667     -0.3333     0       1     2  "
                              "1.00000\n"),
                    HasSubstr("  1.0000  0.0000  1 -> none  t1 \"未办理养犬登记怎么罚款\"\n")));
  const std::string json = EvaluateReportJson(*report, options_);
  EXPECT_THAT(json,
              AllOf(HasSubstr("\"topics\": 3"), HasSubstr("\"comparison\": {"),
                    HasSubstr("\"losses\": 1"), HasSubstr("\"p\": 1.0"),
                    HasSubstr("\"topic_measure\": \"ndcg@10\""), HasSubstr("\"topic\": \"t1\""),
                    HasSubstr("\"rank_baseline\": 1"), HasSubstr("\"rank_run\": 0")));
}

TEST_F(EvaluateTest, ThePageHoldsNoMarkupOfQuestionsAndLoadsNothing) {
  const SampleBase whole;
  const SampleBase without(WithoutPenalty());
  options_.baseline.baseline = whole.kb();
  const auto report = Run(without);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string page = EvaluatePage(*report, options_, "the \"run\" <b>");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(&#39;水&#39;)&lt;/script&gt; 用水报装几天 &amp; "
                              "多少"));
  EXPECT_THAT(page, HasSubstr("run: the &quot;run&quot; &lt;b&gt;"));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("http://")), Not(HasSubstr("https://")),
                          Not(HasSubstr("src=")), Not(HasSubstr("url(")), Not(HasSubstr("href="))));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  // Bars, recall at k, differences by topic; the topics with their ranks before and after.
  EXPECT_THAT(page, AllOf(HasSubstr("Measures, means over topics"), HasSubstr("Recall at k"),
                          HasSubstr("of the 1 topics that changed, 2 did not"),
                          HasSubstr("documents/dogs-2023/provisions/art3<br></td><td "
                                    "class=\"number\">1 &rarr; -<br></td>")));
}

TEST_F(EvaluateTest, WithoutABaselineThePageShowsTheOneRun) {
  const SampleBase base;
  const auto report = Run(base);
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string page = EvaluatePage(*report, options_, base.kb());
  EXPECT_THAT(page, AllOf(HasSubstr("Measures, means over topics"), HasSubstr("Recall at k"),
                          Not(HasSubstr("<p>baseline")), Not(HasSubstr("that changed")),
                          HasSubstr("provisions/art3<br></td><td class=\"number\">1<br></td>")));
}

}  // namespace
}  // namespace policykb
