#include "tools/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "tests/testing/sample_base.h"
#include "tools/gate_report.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Three questions on the sample base: one of the public, one of a staff member, one about a day in
// the past.
constexpr std::string_view kTopics =
    "{\"_id\":\"t1\",\"text\":\"未办理养犬登记怎么罚款\",\"as_of\":\"2024-01-01\"}\n"
    "{\"_id\":\"t2\",\"text\":\"养犬登记材料不齐怎么告知\",\"labels\":[\"staff\"]}\n"
    "{\"_id\":\"t3\",\"text\":\"养犬登记费每年多少钱\",\"as_of\":\"2020-01-01\"}\n";
constexpr std::string_view kQrels =
    "t1\tdocuments/dogs-2023/provisions/art3\t1\n"
    "t2\tdocuments/staff-dogs/provisions/art1\t1\n"
    "t3\tdocuments/dogs-2017/provisions/art2\t1\n";

class GateTest : public testing::Test {
 protected:
  GateTest() {
    EXPECT_TRUE(WriteNewFile(folder_ / "topics.jsonl", kTopics).ok());
    EXPECT_TRUE(WriteNewFile(folder_ / "qrels.tsv", kQrels).ok());
  }

  GateRules Rules(std::string_view text) const {
    const absl::StatusOr<GateRules> rules = ParseGateFile(text, folder_ / "gate.toml");
    EXPECT_TRUE(rules.ok()) << rules.status();
    return rules.ok() ? *rules : GateRules();
  }
  GateRules Measure(const std::string& bounds) const {
    return Rules(
        Cat("[[measure]]\nname = \"desk\"\ntopics = \"topics.jsonl\"\nqrels = "
            "\"qrels.tsv\"\n",
            bounds));
  }

  const TempFolder folder_;
};

// The sample without its penalty article, in which the answer to t1 is gone.
std::map<std::string, std::string> WithoutPenalty() {
  std::map<std::string, std::string> files = SampleFiles();
  std::string& text = files["dogs-2023.md"];
  text.resize(text.find("第三条"));
  return files;
}

TEST_F(GateTest, LabelsAndDaysOfTopicsCount) {
  const SampleBase base;
  const auto report =
      JudgeSnapshot(Measure("floors = { \"hit@1\" = 1.0 }\n"), base.Open(), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  // Each of the three is found first by who asks it and on its day; without label or day t2 and t3
  // find nothing.
  EXPECT_EQ(report->measures[0].topics, 3u);
  EXPECT_EQ(report->measures[0].figures[0].value, 1.0);
  EXPECT_TRUE(report->passed());
  EXPECT_THAT(GateReportText(*report), HasSubstr("passed: 1 checks"));
}

TEST_F(GateTest, AFloorThatIsMissedRefuses) {
  const SampleBase base(WithoutPenalty());
  const auto report = JudgeSnapshot(
      Measure("floors = { \"hit@1\" = 0.67, \"recall@100\" = 0.66 }\n"), base.Open(), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  // Two of three: 0.6667 is below 0.67 and above 0.66.
  EXPECT_EQ(report->checks(), 2u);
  EXPECT_EQ(report->missed(), 1u);
  const std::string text = GateReportText(*report);
  EXPECT_THAT(text, HasSubstr("REFUSED: 1 of 2 checks missed"));
  EXPECT_THAT(text, HasSubstr("hit@1 0.6667, floor 0.6700: MISSED"));
  EXPECT_THAT(text, HasSubstr("recall@100 0.6667, floor 0.6600: ok"));
}

TEST_F(GateTest, AFallBelowTheLiveSnapshotRefusesAndNamesTheTopic) {
  const SampleBase live;
  const SampleBase next(WithoutPenalty());
  const GateRules rules = Measure("not_worse_than_live_by = { \"recall@10\" = 0.33 }\n");
  const auto worse = JudgeSnapshot(rules, next.Open(), live.Open());
  ASSERT_TRUE(worse.ok()) << worse.status();
  // 1 - 2/3 is more than 0.33.
  EXPECT_FALSE(worse->passed());
  ASSERT_EQ(worse->measures[0].worse.size(), 1u);
  const WorseTopic& topic = worse->measures[0].worse[0];
  EXPECT_EQ(topic.id, "t1");
  EXPECT_EQ(topic.rank_before, 1u);
  EXPECT_EQ(topic.rank_after, 0u);
  EXPECT_EQ(topic.best_before[0].name, "documents/dogs-2023/provisions/art3");
  EXPECT_THAT(GateReportText(*worse),
              HasSubstr("first relevant: before 1, after not among the first 100"));

  const auto better = JudgeSnapshot(rules, live.Open(), next.Open());
  ASSERT_TRUE(better.ok()) << better.status();
  EXPECT_TRUE(better->passed());
  EXPECT_THAT(better->measures[0].worse, IsEmpty());
}

TEST_F(GateTest, WithoutABaselineOnlyFloorsCount) {
  const SampleBase base(WithoutPenalty());
  const auto report =
      JudgeSnapshot(Measure("not_worse_than_live_by = { \"recall@10\" = 0.0 }\n[counts]\n"
                            "documents_may_drop_percent = 0\n"),
                    base.Open(), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->passed());
  EXPECT_THAT(GateReportText(*report), HasSubstr("compared with nothing"));
}

TEST_F(GateTest, PairsAreFoundByPassageProvisionOrDocument) {
  const SampleBase base;
  const auto pair = [](const std::string& expect, const std::string& more) {
    return Cat("[[must_find]]\nquery = \"未办理养犬登记怎么罚款\"\nexpect = \"", expect, "\"\n",
               more);
  };
  const std::string day = "as_of = 2024-01-01\n";
  const auto report =
      JudgeSnapshot(Rules(pair("documents/dogs-2023", Cat("k = 1\n", day)) +
                          pair("documents/dogs-2023/provisions/art3", Cat("k = 1\n", day)) +
                          pair("documents/dogs-2017", day) +  // no longer in force on that day
                          pair("documents/dogs-2017", "as_of = 2020-01-01\n") +
                          pair("documents/none", day) + pair("documents/staff-dogs", day) +
                          pair("documents/staff-dogs", "labels = [\"staff\"]\n")),
                    base.Open(), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  std::vector<bool> passed;
  for (const PairReport& found : report->pairs) passed.push_back(found.passed);
  EXPECT_THAT(passed, testing::ElementsAre(true, true, false, true, false, false, true));
  EXPECT_TRUE(report->pairs[2].in_snapshot);
  EXPECT_FALSE(report->pairs[4].in_snapshot);
  const std::string text = GateReportText(*report);
  EXPECT_THAT(text, HasSubstr("must find documents/none among the first 10 of "
                              "\"未办理养犬登记怎么罚款\" as of 2024-01-01: MISSED\n"
                              "    its document is not in the snapshot\n    best hits\n      1. "));
  EXPECT_THAT(text, HasSubstr("documents/dogs-2023/provisions/art3\n"));
}

TEST_F(GateTest, APassageThatIsRankedTooLowIsNamedWithItsRank) {
  const SampleBase base;
  const auto report =
      JudgeSnapshot(Rules("[[must_find]]\nquery = \"未办理养犬登记怎么罚款\"\nas_of = 2024-01-01\n"
                          "expect = \"documents/dogs-2023/provisions/art2\"\nk = 1\n"),
                    base.Open(), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->passed());
  EXPECT_EQ(report->pairs[0].rank, 2u);
  EXPECT_THAT(GateReportText(*report), HasSubstr("found at rank 2"));
}

TEST_F(GateTest, UnwantedTextThatIsFoundRefuses) {
  const SampleBase base;
  const auto report = JudgeSnapshot(
      Rules("[[must_not_find]]\nquery = \"养犬登记费\"\nunwanted = \"documents/dogs-2017\"\n"
            "[[must_not_find]]\nquery = \"养犬登记费\"\nunwanted = \"documents/dogs-2017\"\n"
            "as_of = 2018-01-01\n"),
      base.Open(), nullptr);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->pairs[0].passed);
  EXPECT_FALSE(report->pairs[1].passed);
  EXPECT_THAT(GateReportText(*report),
              HasSubstr("must not find documents/dogs-2017 among the first 100 of"));
}

TEST_F(GateTest, CountsMayDropByTheirPercentageOnly) {
  const SampleBase live;
  const SampleBase next(WithoutPenalty());
  // Eight passages, then seven: 12.5 % fewer; as many documents.
  EXPECT_EQ(live.report().passages, 8u);
  EXPECT_EQ(next.report().passages, 7u);
  const auto judge = [&](const std::string& percent) {
    return JudgeSnapshot(Rules(Cat("[counts]\ndocuments_may_drop_percent = 0\n"
                                   "passages_may_drop_percent = ",
                                   percent, "\n")),
                         next.Open(), live.Open());
  };
  const auto refused = judge("12.4");
  ASSERT_TRUE(refused.ok()) << refused.status();
  EXPECT_TRUE(refused->counts[0].passed);
  EXPECT_FALSE(refused->counts[1].passed);
  EXPECT_THAT(GateReportText(*refused),
              HasSubstr("passages 7, live 8 (may drop by 12.4 %): MISSED"));
  EXPECT_TRUE(judge("12.5")->passed());
}

TEST_F(GateTest, WhatCannotBeJudgedIsAnErrorWithTheLineOfItsRule) {
  const SampleBase base;
  GateRules rules = Measure("floors = { \"hit@1\" = 1.0 }\n");
  rules.measures[0].questions.topics = folder_ / "missing.jsonl";
  const absl::Status missing = JudgeSnapshot(rules, base.Open(), nullptr).status();
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.message()), HasSubstr("gate.toml:1: measure desk: "));
  EXPECT_THAT(std::string(missing.message()), HasSubstr("missing.jsonl"));

  ASSERT_TRUE(WriteNewFile(folder_ / "other.tsv", "t9\tdocuments/a/provisions/art1\t1\n").ok());
  rules = Measure("floors = { \"hit@1\" = 1.0 }\n");
  rules.measures[0].questions.qrels = folder_ / "other.tsv";
  EXPECT_THAT(std::string(JudgeSnapshot(rules, base.Open(), nullptr).status().message()),
              HasSubstr("none of its topics is in the judgements"));
}

TEST_F(GateTest, TheJsonHoldsEveryFigure) {
  const SampleBase live;
  const SampleBase next(WithoutPenalty());
  const auto report =
      JudgeSnapshot(Measure("floors = { \"hit@1\" = 0.5 }\n[[must_find]]\nquery = \"水\"\nexpect = "
                            "\"documents/water\"\n[counts]\ndocuments_may_drop_percent = 0\n"),
                    next.Open(), live.Open());
  ASSERT_TRUE(report.ok()) << report.status();
  const std::string json = GateReportJson(*report);
  EXPECT_THAT(json, HasSubstr("\"passed\": true"));
  EXPECT_THAT(json, HasSubstr("\"measure\": \"hit@1\""));
  EXPECT_THAT(json, HasSubstr("\"not_worse_than_live_by\": null"));
  EXPECT_THAT(json, HasSubstr("\"topics_worse\": 1"));
  EXPECT_THAT(json, HasSubstr("\"rank_after\": 0"));
  EXPECT_THAT(json, Not(HasSubstr("MISSED")));
}

}  // namespace
}  // namespace policykb
