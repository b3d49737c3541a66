#include "core/snapshot/snapshot_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

RunReport SomeReport() {
  RunReport report = {.reported_at = "2026-01-02T03:04:05Z",
                      .findings = {{.kind = FindingKind::kUnread, .line = "a.exe"},
                                   {.kind = FindingKind::kSkipped, .line = "b.md: 第3行"},
                                   {.kind = FindingKind::kLeftOut, .line = "c.md: x"},
                                   {.kind = FindingKind::kWarning, .line = "d.md: \"y\""},
                                   {.kind = FindingKind::kWithdrawn, .line = "e"}},
                      .total_findings = 5};
  return report;
}

KeptVerdict SomeVerdict() {
  KeptVerdict verdict = {.judged_at = "2026-01-02T03:04:05Z", .passed = true, .figures = {}};
  KeptFigure& figure = verdict.figures.emplace_back();
  figure.subject = "questions";
  figure.measure = "recall@5";
  figure.value = 0.875;
  figure.live = 0.5;
  figure.passed = true;
  KeptFigure& count = verdict.figures.emplace_back();
  count.subject = "pairs";
  count.measure = "held";
  count.value = 3;
  count.floor = 4;
  return verdict;
}

TEST(SnapshotReportTest, WhatIsKeptIsReadAgain) {
  const TempFolder kb;
  EXPECT_EQ(*ReadRunReport(kb / "", "s1"), std::nullopt);
  EXPECT_EQ(*ReadVerdict(kb / "", "s1"), std::nullopt);
  ASSERT_TRUE(KeepRunReport(kb / "", "s1", SomeReport()).ok());
  ASSERT_TRUE(KeepVerdict(kb / "", "s1", SomeVerdict()).ok());
  EXPECT_EQ(*ReadRunReport(kb / "", "s1"), SomeReport());
  EXPECT_EQ(*ReadVerdict(kb / "", "s1"), SomeVerdict());
  // The last verdict counts.
  KeptVerdict again = SomeVerdict();
  again.passed = false;
  ASSERT_TRUE(KeepVerdict(kb / "", "s1", again).ok());
  EXPECT_EQ(*ReadVerdict(kb / "", "s1"), again);
  ASSERT_TRUE(RemoveReports(kb / "", "s1").ok());
  EXPECT_EQ(*ReadRunReport(kb / "", "s1"), std::nullopt);
  EXPECT_EQ(*ReadVerdict(kb / "", "s1"), std::nullopt);
  EXPECT_TRUE(RemoveReports(kb / "", "s1").ok());
}

TEST(SnapshotReportTest, AThousandFindingsAreKeptAndTheRestIsCounted) {
  const TempFolder kb;
  RunReport report;
  for (int i = 0; i < 1500; ++i)
    report.findings.push_back({.kind = FindingKind::kWarning, .line = Cat("line ", i)});
  report.findings[0].line = std::string(100'000, 'x') + "\n";
  ASSERT_TRUE(KeepRunReport(kb / "", "s1", report).ok());
  const std::optional<RunReport> kept = *ReadRunReport(kb / "", "s1");
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->total_findings, 1500u);
  ASSERT_EQ(kept->findings.size(), 1000u);
  EXPECT_EQ(kept->findings[999].line, "line 999");
  EXPECT_LT(kept->findings[0].line.size(), 1100u);
  EXPECT_EQ(kept->findings[0].line.find('\n'), std::string::npos);
}

TEST(SnapshotReportTest, ACutOrForgedFileIsDataLossThatNamesIt) {
  const TempFolder kb;
  const std::string json = EncodeRunReport(SomeReport());
  const std::string verdict = EncodeVerdict(SomeVerdict());
  // The last bytes are the closing brace and a line feed.
  for (size_t size = 0; size + 2 <= json.size(); size += 7)
    EXPECT_TRUE(absl::IsDataLoss(DecodeRunReport(json.substr(0, size)).status())) << size;
  for (size_t size = 0; size + 2 <= verdict.size(); size += 7)
    EXPECT_TRUE(absl::IsDataLoss(DecodeVerdict(verdict.substr(0, size)).status())) << size;
  const auto changed = [](const std::string& text, std::string_view from, std::string_view to) {
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return ReplaceAll(text, from, to);
  };
  for (const std::string& forged :
       {changed(json, "\"unread\"", "\"other\""), changed(json, "\"5\"", "\"4\""),
        changed(json, "\"format_version\": 1", "\"format_version\": 2")}) {
    EXPECT_TRUE(absl::IsDataLoss(DecodeRunReport(forged).status())) << forged;
  }
  EXPECT_TRUE(absl::IsDataLoss(DecodeVerdict(changed(verdict, "0.875", "\"NaN\"")).status()));
  ASSERT_TRUE(KeepRunReport(kb / "", "s1", SomeReport()).ok());
  ASSERT_TRUE(WriteFileAtomically(kb / "reports/s1.run.json", json.substr(0, 40)).ok());
  const absl::Status status = ReadRunReport(kb / "", "s1").status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("s1.run.json"));
}

}  // namespace
}  // namespace policykb
