// The snapshots of a base as operators see them, and going back to an earlier one by a call.

#include "retriever/snapshot_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/publish.h"
#include "core/snapshot/snapshot_report.h"
#include "indexer/maintenance.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SnapshotCallsTest : public testing::Test {
 protected:
  SnapshotCallsTest() : first_(Live()) {}

  std::string Live() const { return ReadCurrent(base_.kb())->snapshot; }
  // A second snapshot with one document more, one unreadable file and one of another format.
  std::string Update() const {
    EXPECT_TRUE(WriteNewFile(base_.folder() / "corpus/more.md",
                             "---\nid: more\ntitle: 乙县办法\nkind: rule\n---\n第一条 甲。\n")
                    .ok());
    EXPECT_TRUE(WriteNewFile(base_.folder() / "corpus/bad.md", "---\nid: [\n---\nx\n").ok());
    EXPECT_TRUE(WriteNewFile(base_.folder() / "corpus/clip.mp4", "x").ok());
    UpdateOptions options;
    options.corpus = base_.folder() / "corpus";
    options.kb = base_.kb();
    const absl::StatusOr<UpdateReport> report = policykb::Update(options, nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    return report->change.snapshot;
  }

  SampleBase base_;
  const std::string first_;
  SnapshotCalls calls_{base_.kb(), RollBackRule::kAllow};
};

TEST_F(SnapshotCallsTest, ListsTheNewestFirstWithVerdictsAndFindings) {
  const std::string second = Update();
  KeptVerdict verdict = {.judged_at = "2026-01-01T00:00:00Z", .passed = true, .figures = {}};
  KeptFigure& figure = verdict.figures.emplace_back();
  figure.subject = "questions";
  figure.measure = "recall@5";
  figure.value = 0.75;
  figure.passed = true;
  ASSERT_TRUE(KeepVerdict(base_.kb(), second, verdict).ok());
  const auto list = calls_.ListSnapshots({});
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->snapshots_size(), 2);
  EXPECT_EQ(list->snapshot(), second);
  const v1::SnapshotSummary& newest = list->snapshots(0);
  EXPECT_EQ(newest.snapshot(), second);
  EXPECT_EQ(newest.parent(), first_);
  EXPECT_TRUE(newest.live());
  EXPECT_EQ(newest.documents(), 5);
  EXPECT_EQ(newest.gate().figures(0).value(), 0.75);
  EXPECT_EQ(newest.findings(), 2);
  EXPECT_EQ(newest.unreadable(), "");
  EXPECT_FALSE(list->snapshots(1).live());
  EXPECT_FALSE(list->snapshots(1).has_gate());
  EXPECT_EQ(list->snapshots(1).findings(), 0);
  v1::ListSnapshotsRequest one;
  one.set_limit(1);
  EXPECT_EQ(calls_.ListSnapshots(one)->snapshots_size(), 1);
  one.set_limit(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(calls_.ListSnapshots(one).status()));
}

TEST_F(SnapshotCallsTest, ReportsWhatARunFoundInTheCorpus) {
  Update();
  const auto report = calls_.GetSnapshotReport({});
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->findings_size(), 2);
  EXPECT_EQ(report->findings(0).kind(), v1::CorpusFinding::KIND_UNREAD);
  EXPECT_EQ(report->findings(0).line(), "clip.mp4");
  EXPECT_EQ(report->findings(1).kind(), v1::CorpusFinding::KIND_SKIPPED);
  EXPECT_THAT(report->findings(1).line(), HasSubstr("bad.md"));
  EXPECT_EQ(report->total_findings(), 2);
  EXPECT_FALSE(report->has_gate());
}

TEST_F(SnapshotCallsTest, NoNameLeadsOutOfTheBase) {
  for (const char* name : {"../snapshots", "..", "/etc/passwd", "nothing", "a\nb"}) {
    v1::GetSnapshotReportRequest request;
    request.set_snapshot(name);
    EXPECT_TRUE(absl::IsNotFound(calls_.GetSnapshotReport(request).status())) << name;
    v1::RollBackRequest back;
    back.set_snapshot(name);
    EXPECT_TRUE(absl::IsNotFound(calls_.RollBack(back).status())) << name;
  }
}

TEST_F(SnapshotCallsTest, GoesBackOnlyWhereTheServerAllowsIt) {
  const std::string second = Update();
  const SnapshotCalls refusing(base_.kb(), RollBackRule::kRefuse);
  const absl::Status refused = refusing.RollBack({}).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("--allow-roll-back"));
  EXPECT_EQ(Live(), second);
  EXPECT_EQ(calls_.RollBack({})->snapshot(), first_);
  EXPECT_EQ(Live(), first_);
  v1::RollBackRequest forward;
  forward.set_snapshot(second);
  EXPECT_EQ(calls_.RollBack(forward)->snapshot(), second);
  const auto held = KnowledgeBaseLock::Acquire(base_.kb());
  ASSERT_TRUE(held.ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(calls_.RollBack({}).status()));
  EXPECT_EQ(Live(), second);
}

TEST_F(SnapshotCallsTest, ADamagedReportIsSaidAndTheListStands) {
  ASSERT_TRUE(WriteFileAtomically(base_.kb() + "/reports/" + first_ + ".run.json", "{").ok());
  const auto list = calls_.ListSnapshots({});
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_THAT(list->snapshots(0).unreadable(), HasSubstr("run.json"));
  EXPECT_EQ(list->snapshots(0).documents(), 4);
  EXPECT_TRUE(absl::IsDataLoss(calls_.GetSnapshotReport({}).status()));
}

TEST_F(SnapshotCallsTest, ReportsGoWithTheirSnapshots) {
  Update();
  ASSERT_TRUE(Prune(base_.kb(), 1).ok());
  EXPECT_THAT(*ListNames(base_.kb() + "/reports"), ElementsAre(Live() + ".run.json"));
}

}  // namespace
}  // namespace policykb
