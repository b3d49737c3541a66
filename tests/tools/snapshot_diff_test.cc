#include "tools/snapshot_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "tests/testing/sample_base.h"
#include "tools/diff_report.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Builds the sample, changes its corpus by `change`, builds again into the same knowledge base.
class TwoSnapshots {
 public:
  explicit TwoSnapshots(const std::map<std::string, std::string>& changed,
                        const std::vector<std::string>& removed = {})
      : from_(base_.report().snapshot) {
    for (const std::string& name : removed)
      EXPECT_TRUE(RemoveAll(base_.folder() / ("corpus/" + name)).ok());
    for (const auto& [name, content] : changed)
      EXPECT_TRUE(WriteFileAtomically(base_.folder() / ("corpus/" + name), content).ok());
    const absl::StatusOr<BuildReport> report = Build(base_.Options(), nullptr);
    EXPECT_TRUE(report.ok()) << report.status();
    if (report.ok()) to_ = report->snapshot;
  }

  SnapshotDiff Diff() const {
    const absl::StatusOr<SnapshotDiff> diff = DiffSnapshots(base_.kb(), from_, to_);
    EXPECT_TRUE(diff.ok()) << diff.status();
    return diff.ok() ? *diff : SnapshotDiff();
  }
  std::string kb() const { return base_.kb(); }
  const std::string& from() const { return from_; }

 private:
  const SampleBase base_;
  const std::string from_;
  std::string to_;
};

std::string Sample(const std::string& name, std::string_view older, std::string_view newer) {
  return ReplaceAll(SampleFiles().at(name), older, newer);
}

TEST(DiffSnapshotsTest, EqualCorporaDoNotDiffer) {
  const SnapshotDiff diff = TwoSnapshots({}).Diff();
  EXPECT_THAT(diff.added, IsEmpty());
  EXPECT_THAT(diff.withdrawn, IsEmpty());
  EXPECT_THAT(diff.changed, IsEmpty());
}

TEST(DiffSnapshotsTest, NamesWhatCameAndWhatWent) {
  const SnapshotDiff diff =
      TwoSnapshots({{"cats.md", "---\nid: cats\ntitle: 甲县养猫办法\n---\n第一条 养猫自愿。\n"}},
                   {"water.md"})
          .Diff();
  ASSERT_EQ(diff.added.size(), 1u);
  EXPECT_EQ(diff.added[0].id, "cats");
  EXPECT_EQ(diff.added[0].title, "甲县养猫办法");
  ASSERT_EQ(diff.withdrawn.size(), 1u);
  EXPECT_EQ(diff.withdrawn[0].id, "water");
  EXPECT_THAT(diff.changed, IsEmpty());
}

TEST(DiffSnapshotsTest, ShowsTheArticleWhoseTextChanged) {
  const SnapshotDiff diff =
      TwoSnapshots({{"dogs-2023.md", Sample("dogs-2023.md", "三十日", "十五日")}}).Diff();
  ASSERT_EQ(diff.changed.size(), 1u);
  EXPECT_EQ(diff.changed[0].id, "dogs-2023");
  EXPECT_THAT(diff.changed[0].fields, IsEmpty());
  ASSERT_EQ(diff.changed[0].articles.size(), 1u);
  const ArticleChange& article = diff.changed[0].articles[0];
  EXPECT_EQ(article.name, "documents/dogs-2023/provisions/art2");
  EXPECT_THAT(article.older, HasSubstr("三十日内办理"));
  EXPECT_THAT(article.newer, HasSubstr("十五日内办理"));
  const std::string text = DiffReportText(diff, 100);
  EXPECT_THAT(text, HasSubstr("0 added, 0 withdrawn, 1 changed"));
  EXPECT_THAT(text, HasSubstr("changed 《甲县养犬管理条例》第二条"));
  EXPECT_THAT(text, HasSubstr("[-三十-]日内"));
  EXPECT_THAT(text, HasSubstr("{+十五+}日内"));
  EXPECT_THAT(text, Not(HasSubstr("第三条")));
  EXPECT_THAT(DiffReportJson(diff), HasSubstr("十五日内办理养犬登记"));
}

TEST(DiffSnapshotsTest, ShowsArticlesAddedAndWithdrawn) {
  std::string text = SampleFiles().at("dogs-2023.md");
  text.resize(text.find("第三条"));
  text += "第四条 本条例由县公安局解释。\n";
  const SnapshotDiff diff = TwoSnapshots({{"dogs-2023.md", text}}).Diff();
  ASSERT_EQ(diff.changed.size(), 1u);
  ASSERT_EQ(diff.changed[0].articles.size(), 2u);
  EXPECT_EQ(diff.changed[0].articles[0].name, "documents/dogs-2023/provisions/art4");
  EXPECT_EQ(diff.changed[0].articles[0].older, "");
  EXPECT_EQ(diff.changed[0].articles[1].name, "documents/dogs-2023/provisions/art3");
  EXPECT_EQ(diff.changed[0].articles[1].newer, "");
}

TEST(DiffSnapshotsTest, ShowsMetadataThatChangedAlsoOfTheDocumentItEnds) {
  std::string text = Sample("dogs-2023.md", "valid_from: 2023-05-01", "valid_from: 2023-07-01");
  text = ReplaceAll(text, "region: 甲县\n", "region: 甲县\nvisibility: [staff]\n");
  const SnapshotDiff diff = TwoSnapshots({{"dogs-2023.md", text}}).Diff();
  ASSERT_EQ(diff.changed.size(), 2u);
  EXPECT_EQ(diff.changed[0].id, "dogs-2017");
  ASSERT_EQ(diff.changed[0].fields.size(), 1u);
  EXPECT_EQ(diff.changed[0].fields[0].field, "valid_to");
  EXPECT_EQ(diff.changed[0].fields[0].older, "2023-05-01");
  EXPECT_EQ(diff.changed[0].fields[0].newer, "2023-07-01");
  EXPECT_THAT(diff.changed[0].articles, IsEmpty());
  EXPECT_THAT(DiffReportText(diff, 100), HasSubstr("visibility: public -> staff"));
}

TEST(DiffSnapshotsTest, AHeadingThatChangedIsSaidToBeOne) {
  const SnapshotDiff diff =
      TwoSnapshots({{"dogs-2023.md", Sample("dogs-2023.md", "第一章 总则", "第一章 一般规定")}})
          .Diff();
  ASSERT_EQ(diff.changed.size(), 1u);
  EXPECT_THAT(diff.changed[0].articles, IsEmpty());
  EXPECT_THAT(DiffReportText(diff, 100), HasSubstr("headings or structure do"));
}

TEST(DiffSnapshotsTest, ASnapshotThatIsNotThereIsNamed) {
  const TwoSnapshots two({});
  const absl::Status status = DiffSnapshots(two.kb(), two.from(), "none").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("snapshots/none"));
}

TEST(DiffReportTest, LongUnchangedStretchesAreShortened) {
  std::string before;
  for (int i = 0; i < 50; ++i) before += "甲乙";
  SnapshotDiff diff;
  diff.changed.push_back({.id = "x",
                          .title = "X",
                          .fields = {},
                          .articles = {{.name = "documents/x/provisions/art1",
                                        .label = "X",
                                        .older = before + "丙" + before,
                                        .newer = before + "丁" + before,
                                        .fields = {}}}});
  const std::string text = DiffReportText(diff, 300);
  // 24 characters beside the change on both sides, of 100.
  EXPECT_THAT(text, HasSubstr("...甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙[-丙-]"
                              "甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙甲乙..."));
}

}  // namespace
}  // namespace policykb
