#include "indexer/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class LintTest : public ::testing::Test {
 protected:
  void Write(const std::string& path, const std::string& bytes) {
    const std::string whole = folder_ / path;
    ASSERT_TRUE(MakeFolders(whole.substr(0, whole.rfind('/'))).ok());
    ASSERT_TRUE(WriteNewFile(whole, bytes).ok());
  }

  LintReport Lint(std::optional<std::vector<std::string>> labels = std::nullopt) {
    absl::StatusOr<LintReport> report =
        LintCorpus({.corpus = folder_ / "", .known_labels = std::move(labels), .threads = 2});
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : LintReport();
  }

  static std::vector<std::string> Lines(const LintReport& report, const std::string& title) {
    for (const LintGroup& group : report.groups) {
      if (group.title == title) return group.lines;
    }
    return {};
  }

  TempFolder folder_;
};

TEST_F(LintTest, ACleanCorpusHasNothingToTell) {
  Write("a.md", "# 甲办法\n\n第一条 甲。\n\n第二条 本办法自2020年1月1日起施行。\n");
  const LintReport report = Lint();
  EXPECT_THAT(report.groups, IsEmpty());
  EXPECT_FALSE(report.LosesContent());
  EXPECT_EQ(report.documents, 1u);
  EXPECT_EQ(report.passages, 2u);
  EXPECT_THAT(FormatLintReport(report, 10), HasSubstr("documents: 1\npassages: 2\n"));
}

TEST_F(LintTest, RemarksLoseNothing) {
  Write("a.md", "# 甲办法\n\n第一条 甲。\n\n第三条 乙。\n\n第四条 丙。\n");
  Write("b.pptx", "x");
  const LintReport report = Lint();
  EXPECT_FALSE(report.LosesContent());
  EXPECT_THAT(Lines(report, "article numbers left out"),
              ElementsAre("a.md:5: art3 after art1, numbers are left out"));
  EXPECT_THAT(Lines(report, "files of other formats"), ElementsAre("b.pptx"));
}

TEST_F(LintTest, LongSentencesAreNamedWithTheirReason) {
  std::string row = "甲";
  for (int i = 0; i < 250; ++i) row += "乙丙";
  Write("a.md", "# 甲办法\n\n第一条 " + row + "。\n\n第二条\n\n| 甲 | 乙 |\n|---|---|\n| " + row +
                    " | 丙 |\n");
  EXPECT_THAT(Lines(Lint(), "passages that are one long sentence"),
              ElementsAre(HasSubstr("a.md:3: documents/a/provisions/art1, one sentence of 1516 "
                                    "bytes, a long sentence")));
}

TEST_F(LintTest, WhatLosesContentIsNamedFirst) {
  Write("a.md", "---\nid: a\nvalid_form: 2020-01-01\n---\n# 甲\n\n乙。\n");
  Write("b.md", "# 甲\n\n乙。\n");
  Write("b.txt", "甲\n\n乙。\n");
  Write("c.md", "# 甲\n");
  Write("d.md.meta.toml", "kind = 'law'\n");
  Write("e/collection.toml", "kind = 'lore'\n");
  Write("e/a.md", "# 甲\n\n乙。\n");
  const LintReport report = Lint();
  EXPECT_TRUE(report.LosesContent());
  EXPECT_THAT(Lines(report, "files that cannot be read, or sidecars without a file"),
              ElementsAre("d.md.meta.toml: sidecar without its file d.md",
                          HasSubstr("a.md: line 3: valid_form is no key"),
                          HasSubstr("e/a.md: e/collection.toml: line 1: kind 'lore'")));
  EXPECT_THAT(Lines(report, "problems in collection.toml"),
              ElementsAre(HasSubstr("e/collection.toml: line 1: kind 'lore'")));
  EXPECT_THAT(Lines(report, "documents without a passage"), ElementsAre(HasSubstr("c.md:1: ")));
  EXPECT_THAT(Lines(report, "ids taken twice"),
              ElementsAre("b.txt: id b is already taken by b.md"));
  EXPECT_TRUE(report.groups.front().loses_content);
}

TEST_F(LintTest, RevisionsThatDoNotFitAreNamed) {
  Write("a.md", "---\nsupersedes: [x]\n---\n# 甲\n\n乙。\n");
  EXPECT_THAT(Lines(Lint(), "revisions that do not fit together"),
              ElementsAre("a.md: line 2: supersedes x, which is not in the corpus"));
  Write("b.md", "---\nid: b\nsupersedes: [b]\nvalid_from: 2020-01-01\n---\n# 甲\n\n乙。\n");
  const LintReport report = Lint();
  EXPECT_TRUE(report.LosesContent());
  EXPECT_THAT(Lines(report, "statements of revisions that end nothing"),
              ElementsAre("b.md: line 3: supersedes b (b.md), which leads back to itself"));
}

TEST_F(LintTest, LabelsThatNobodyHoldsAreNamed) {
  Write("a.md", "---\nvisibility: [staff, stuff]\n---\n# 甲办法\n\n第一条 甲。\n");
  Write("a.md.meta.toml", "[[provision]]\naddress = 'art1'\nvisibility = ['stuff']\n");
  Write("b.md", "# 乙办法\n\n第一条 甲。\n");
  const auto labels = ReadKnownLabels("labels = ['staff']\n");
  ASSERT_TRUE(labels.ok()) << labels.status();
  const LintReport report = Lint(*labels);
  EXPECT_THAT(Lines(report, "labels that the access configuration does not know"),
              ElementsAre("a.md: stuff", "a.md: provision art1: stuff"));
  EXPECT_TRUE(report.LosesContent());
  EXPECT_THAT(Lint().groups, IsEmpty());
}

TEST(KnownLabelsTest, WrongFilesAreNamedWithTheirLine) {
  EXPECT_THAT(std::string(ReadKnownLabels("label = ['a']").status().message()),
              HasSubstr("no labels"));
  EXPECT_THAT(std::string(ReadKnownLabels("\nlabels = ['a b']").status().message()),
              HasSubstr("line 2: labels 'a b'"));
}

TEST_F(LintTest, NamesFaultsOfEditorialFilesAndWhatPointsToNothing) {
  Write("a.md", "---\nid: a\ntitle: 甲条例\n---\n第一条 一。\n\n第二条 二。\n");
  Write("names.toml", "\"甲规\" = \"甲条例\"\n\"乙规\" = \"乙条例\"\n\"条例\" = \"a\"\n");
  Write("synonyms.toml", "groups = [[\"甲\"]]");
  Write("questions.jsonl",
        "{\"question\": \"几条\", \"passages\": [\"documents/a/provisions/art2\"]}\n"
        "{\"question\": \"第三条呢\", \"passages\": [\"documents/a/provisions/art3\"]}\n");
  const LintReport report = Lint();
  EXPECT_THAT(Lines(report, "entries of names, synonyms or questions that cannot be used"),
              ElementsAre(HasSubstr("names.toml: line 3: "), HasSubstr("synonyms.toml: line 1: ")));
  EXPECT_THAT(
      Lines(report, "names and questions that point to what is not there"),
      ElementsAre(HasSubstr("names.toml: line 2: no document has the id or title \"乙条例\""),
                  HasSubstr("questions.jsonl: line 2: passage documents/a/provisions/art3")));
  EXPECT_THAT(Lines(report, "files of other formats"), IsEmpty());
}

}  // namespace
}  // namespace policykb
