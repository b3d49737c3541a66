#include "tools/bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "retriever/stage_clock.h"
#include "tests/testing/sample_base.h"
#include "tools/bench_base.h"
#include "tools/bench_report.h"
#include "tools/bench_vectors.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(NearestRankTest, IsTheSmallestValueWithThatShareAtOrBelow) {
  EXPECT_EQ(NearestRank({1, 2, 3, 4}, 0.5), 2);
  EXPECT_EQ(NearestRank({1, 2, 3, 4}, 0.51), 3);
  EXPECT_EQ(NearestRank({1, 2, 3, 4}, 0.99), 4);
  EXPECT_EQ(NearestRank({1}, 0.01), 1);
}

TEST(BenchBaseTest, ABaseWithoutSomeDocumentsIsMeasuredAFailedOneIsNot) {
  const SampleBase base;
  const TempFolder& folder = base.folder();
  ASSERT_TRUE(MakeFolders(folder / "from").ok());
  ASSERT_TRUE(WriteNewFile(folder / "from/a.md", "# 甲办法\n\n第一条 养犬应当登记。\n").ok());
  // An indexer that makes a base of one file and ends with the code it is named after.
  for (const int code : {0, 1, 4}) {
    const std::string program = folder / Cat("indexer-", code);
    ASSERT_TRUE(
        WriteNewFile(program, Cat("#!/bin/sh\nmkdir -p \"$5\" && echo 12345 > \"$5/CURRENT\"\n"
                                  "echo the last line >&2\nexit ",
                                  code, "\n"))
            .ok());
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    const absl::StatusOr<BenchBase> made = MakeBenchBase({.from = {folder / "from"},
                                                          .folder = folder / Cat("made-", code),
                                                          .passages = 1,
                                                          .indexer = program});
    EXPECT_EQ(made.ok(), code != 1) << made.status();
    if (made.ok()) {
      EXPECT_EQ(made->kb_bytes, 6u);  // "12345" and the end of the line
    } else {
      EXPECT_EQ(made.status().code(), absl::StatusCode::kUnavailable);
      EXPECT_THAT(std::string(made.status().message()), HasSubstr("the last line"));
    }
  }
}

class BenchTest : public testing::Test {
 protected:
  BenchTest() {
    EXPECT_TRUE(WriteNewFile(base_.folder() / "topics.jsonl",
                             "{\"_id\":\"a\",\"text\":\"养犬登记\"}\n"
                             "{\"_id\":\"b\",\"text\":\"用水报装几天\"}\n")
                    .ok());
    options_.topics = base_.folder() / "topics.jsonl";
    options_.kb = base_.kb();
  }

  const SampleBase base_;
  BenchOptions options_;
};

TEST_F(BenchTest, CountsEverySearchAndOrdersItsPercentiles) {
  options_.repeats = 4;
  options_.threads = 2;
  const auto report = Bench(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->in_process);
  // Two topics in each of four passes; the one that warms up is not counted.
  EXPECT_EQ(report->searches, 8u);
  EXPECT_EQ(report->failed, 0u);
  // Three of the four sample documents are public, with seven of the eight passages.
  EXPECT_EQ(report->documents, 3u);
  EXPECT_EQ(report->passages, 7u);
  EXPECT_GT(report->latency.p50_ms, 0);
  EXPECT_LE(report->latency.p50_ms, report->latency.p90_ms);
  EXPECT_LE(report->latency.p90_ms, report->latency.p99_ms);
  EXPECT_LE(report->latency.p99_ms, report->latency.p999_ms);
  EXPECT_LE(report->latency.p999_ms, report->latency.max_ms);
  EXPECT_GT(report->searches_per_second, 0);
  EXPECT_GT(report->resident_mib, 0);
  EXPECT_GE(report->peak_mib, report->resident_mib * 0.99);
}

TEST_F(BenchTest, TellsAnswersFromRefusals) {
  EXPECT_TRUE(WriteNewFile(base_.folder() / "three.jsonl",
                           "{\"_id\":\"a\",\"text\":\"甲县养犬管理条例第二条\"}\n"
                           "{\"_id\":\"b\",\"text\":\"火星移民补贴\"}\n"
                           "{\"_id\":\"c\",\"text\":\"甲县养犬管理条例第三条\"}\n")
                  .ok());
  options_.topics = base_.folder() / "three.jsonl";
  options_.repeats = 2;
  EXPECT_FALSE(Bench(options_)->answers.has_value());
  options_.answers = true;
  const auto report = Bench(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_TRUE(report->answers.has_value());
  // Two of three questions, twice each.
  EXPECT_EQ(report->answers->answered.answers, 4u);
  EXPECT_EQ(report->answers->refused.answers, 2u);
  EXPECT_GT(report->answers->answered.p50_ms, 0);
  EXPECT_LE(report->answers->answered.p50_ms, report->answers->answered.p99_ms);
  EXPECT_LE(report->answers->answered.p99_ms, report->answers->answered.max_ms);
  EXPECT_THAT(BenchReportText(*report, options_),
              AllOf(HasSubstr("  answered 4: p50 "), HasSubstr("  refused 2: p50 ")));
  EXPECT_THAT(BenchReportJson(*report, options_), HasSubstr("\"answers_beyond_search_ms\""));
}

TEST_F(BenchTest, JsonAndTextHoldEveryFigure) {
  const BenchReport report = {
      .in_process = true,
      .open_ms = 12.5,
      .searches = 8,
      .failed = 1,
      .latency = {.mean_ms = 1, .p50_ms = 2, .p90_ms = 3, .p99_ms = 4, .p999_ms = 5, .max_ms = 6},
      .searches_per_second = 250,
      .stages = {{.name = "terms", .p50_ms = 0.25, .p99_ms = 0.75, .mean_ms = 0.5}},
      .resident_mib = 64,
      .peak_mib = 96.5,
      .documents = 3,
      .passages = 7};
  const std::string json = BenchReportJson(report, options_);
  for (const char* field :
       {"\"documents\": 3,", "\"passages\": 7,", "\"open_ms\": 12.5,", "\"k\": 10,",
        "\"threads\": 1,", "\"searches\": 8,", "\"failed\": 1,", "\"mean\": 1.0,", "\"p50\": 2.0,",
        "\"p90\": 3.0,", "\"p99\": 4.0,", "\"p99.9\": 5.0,", "\"max\": 6.0",
        "\"stages_ms\": {\n    \"terms\": {\n      \"mean\": 0.5,\n",
        "\"mean\": 0.5,\n      \"p50\": 0.25,\n      \"p99\": 0.75\n",
        "\"searches_per_second\": 250.0,", "\"resident_mib\": 64.0,", "\"peak_mib\": 96.5"}) {
    EXPECT_THAT(json, HasSubstr(field));
  }
  EXPECT_THAT(
      BenchReportText(report, options_),
      AllOf(
          HasSubstr("passages: 7\nopened in: 12.5 ms\nsearches: 8, k 10, 1 caller, 1 failed"),
          HasSubstr("p99 4.000 p99.9 5.000 max 6.000\n"),
          HasSubstr(
              "\n  stage          p50      p99     mean\n  terms        0.250    0.750    0.500\n"),
          HasSubstr("resident 64.0, peak 96.5\n")));

  const BenchedSize size = {.base = {.kb = "x", .build_seconds = 1.5, .kb_bytes = 3 << 20},
                            .report = report};
  EXPECT_THAT(BenchSizesJson({size, size}, options_),
              AllOf(HasSubstr("\"sizes\": ["), HasSubstr("\"build_seconds\": 1.5"),
                    HasSubstr("\"kb_bytes\": 3145728")));
  EXPECT_THAT(
      BenchSizesText({size}, options_),
      HasSubstr("          7      1.5     12.5    1.000    2.000    3.000    4.000    5.000 "
                "   6.000        250      64.0      96.5       3.0\n"));
}

TEST_F(BenchTest, AScanOfFewVectorsFindsAllOfTheNearest) {
  options_.k = 3;
  const auto report = BenchVectors(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->vectors, 8u);
  EXPECT_EQ(report->dimension, 64);
  EXPECT_EQ(report->segments, 1u);
  EXPECT_EQ(report->indexes, 0u);
  EXPECT_EQ(report->questions, 2u);
  // All, a tenth, a hundredth, a thousandth, three.
  ASSERT_EQ(report->filters.size(), 5u);
  EXPECT_EQ(report->filters[0].kept, 8u);
  EXPECT_EQ(report->filters[4].kept, 3u);
  for (const FilteredVectorFigures& filter : report->filters) {
    EXPECT_DOUBLE_EQ(filter.recall, 1);
    EXPECT_LE(filter.p50_ms, filter.p99_ms);
  }
  const std::string text = VectorBenchText(*report, options_);
  EXPECT_THAT(text, HasSubstr("vectors: 8 of 64 components in 1 segments, 0 with an index\n"
                              "questions: 2, k 3\n"));
  EXPECT_THAT(text, HasSubstr("          8   1.0000"));
  EXPECT_THAT(VectorBenchJson(*report, options_),
              AllOf(HasSubstr("\"kept\": 3"), HasSubstr("\"recall\": 1.0")));
  options_.kb.clear();
  EXPECT_TRUE(absl::IsInvalidArgument(BenchVectors(options_).status()));
}

TEST_F(BenchTest, StagesAreTimedWhenAskedForAndInProcess) {
  absl::StatusOr<BenchReport> report = Bench(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->stages.empty());
  options_.stages = true;
  report = Bench(options_);
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->stages.size(), kStages);
  double sum = 0;
  for (size_t i = 0; i < kStages; ++i) {
    EXPECT_EQ(report->stages[i].name, kStageNames[i]);
    EXPECT_LE(report->stages[i].p50_ms, report->stages[i].p99_ms);
    sum += report->stages[i].mean_ms;
  }
  EXPECT_GT(sum, 0);
  options_.kb.clear();
  options_.retriever = "127.0.0.1:1";
  EXPECT_TRUE(absl::IsInvalidArgument(Bench(options_).status()));
}

TEST_F(BenchTest, ExactlyOneBaseIsMeasured) {
  options_.retriever = "127.0.0.1:1";
  EXPECT_TRUE(absl::IsInvalidArgument(Bench(options_).status()));
  options_.retriever.clear();
  options_.kb.clear();
  EXPECT_TRUE(absl::IsInvalidArgument(Bench(options_).status()));
}

}  // namespace
}  // namespace policykb
