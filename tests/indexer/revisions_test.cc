#include "indexer/revisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "indexer/revision_titles.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Document Revision(const std::string& id, int32_t from, std::vector<std::string> supersedes = {}) {
  Document document;
  document.id = id;
  document.source_path = id + ".md";
  document.stated_validity.from = CivilDate(from);
  document.validity = document.stated_validity;
  if (!supersedes.empty()) document.origins.emplace_back("supersedes", "front_matter");
  document.supersedes = document.stated_supersedes = std::move(supersedes);
  return document;
}

// Problems of both kinds, refused statements first.
std::vector<std::string> Link(const std::vector<Document*>& documents) {
  RevisionProblems problems = LinkRevisions(documents);
  problems.refused.insert(problems.refused.end(), problems.doubts.begin(), problems.doubts.end());
  return problems.refused;
}

// A revision of the text of that title.
Document Titled(const std::string& id, int32_t from, const std::string& title,
                const std::string& issuer = "", const std::string& region = "",
                const std::string& kind = "regulation") {
  Document document = Revision(id, from);
  document.title = title;
  document.issuer = issuer;
  document.region = region;
  document.kind = kind;
  document.language = "zh";
  return document;
}

TEST(LinkRevisionsTest, ASuccessorEndsWhatItReplaces) {
  Document old_one = Revision("a", 10);
  Document new_one = Revision("b", 20, {"a"});
  EXPECT_THAT(Link({&old_one, &new_one}), IsEmpty());
  EXPECT_THAT(old_one.superseded_by, ElementsAre("b"));
  EXPECT_EQ(old_one.validity.to, CivilDate(20));
  EXPECT_EQ(old_one.stated_validity.to, std::nullopt);
  EXPECT_THAT(old_one.origins, Contains(Pair("valid_to", "successor b")));
  EXPECT_EQ(new_one.validity.to, std::nullopt);
}

TEST(LinkRevisionsTest, AnEarlierEndOfItsOwnStands) {
  Document old_one = Revision("a", 10);
  old_one.stated_validity.to = CivilDate(15);
  Document new_one = Revision("b", 20, {"a"});
  EXPECT_THAT(Link({&old_one, &new_one}), IsEmpty());
  EXPECT_EQ(old_one.validity.to, CivilDate(15));
  EXPECT_THAT(old_one.origins, IsEmpty());
}

TEST(LinkRevisionsTest, StatedLinksEndLinkByLink) {
  Document a = Revision("a", 10);
  Document b = Revision("b", 20, {"a"});
  Document c = Revision("c", 30, {"b"});
  EXPECT_THAT(Link({&a, &b, &c}), IsEmpty());
  EXPECT_EQ(a.validity.to, CivilDate(20));
  EXPECT_EQ(b.validity.to, CivilDate(30));
}

TEST(LinkRevisionsTest, PromulgationStandsInForAMissingBeginning) {
  Document old_one = Revision("a", 10);
  Document new_one = Revision("b", 0, {"a"});
  new_one.stated_validity.from = std::nullopt;
  new_one.promulgated_on = CivilDate(25);
  EXPECT_THAT(Link({&old_one, &new_one}), IsEmpty());
  EXPECT_EQ(old_one.validity.to, CivilDate(25));
}

TEST(LinkRevisionsTest, NamesReferencesThatLeadNowhereAndChangesNothingByThem) {
  Document a = Revision("a", 10, {"missing", "a"});
  a.supersedes_place = "line 4";
  const RevisionProblems problems = LinkRevisions({&a});
  EXPECT_THAT(problems.doubts,
              ElementsAre("a.md: line 4: supersedes missing, which is not in the corpus"));
  EXPECT_THAT(problems.refused,
              ElementsAre("a.md: line 4: supersedes a (a.md), which leads back to itself"));
  EXPECT_EQ(a.validity.to, std::nullopt);
}

TEST(LinkRevisionsTest, ACircleEndsNothingButWhatLeadsIntoItHolds) {
  Document a = Revision("a", 10, {"b", "d"});
  Document b = Revision("b", 20, {"c"});
  Document c = Revision("c", 15, {"a"});
  Document d = Revision("d", 5);
  EXPECT_THAT(Link({&a, &b, &c, &d}), UnorderedElementsAre(HasSubstr("a.md: supersedes b (b.md)"),
                                                           HasSubstr("b.md: supersedes c (c.md)"),
                                                           HasSubstr("c.md: supersedes a (a.md)")));
  for (const Document* document : {&a, &b, &c}) EXPECT_EQ(document->validity.to, std::nullopt);
  EXPECT_EQ(d.validity.to, CivilDate(10));
}

TEST(LinkRevisionsTest, ASuccessorThatBeginsEarlierIsNamed) {
  Document a = Revision("a", 10);
  Document b = Revision("b", 10, {"a"});
  EXPECT_THAT(Link({&a, &b}),
              ElementsAre("b.md: supersedes a (a.md), which begins 1970-01-11, not before "
                          "1970-01-11"));
  EXPECT_EQ(a.validity.to, std::nullopt);
  EXPECT_THAT(a.superseded_by, IsEmpty());
}

TEST(LinkRevisionsTest, LongChainsTakeNoDeepRecursion) {
  std::vector<Document> documents;
  for (int32_t i = 0; i < 20'000; ++i) {
    documents.push_back(Revision("d" + std::to_string(i), i,
                                 i == 0 ? std::vector<std::string>()
                                        : std::vector<std::string>{"d" + std::to_string(i - 1)}));
  }
  std::vector<Document*> pointers;
  for (Document& document : documents) pointers.push_back(&document);
  EXPECT_THAT(Link(pointers), IsEmpty());
  EXPECT_EQ(documents[7].validity.to, CivilDate(8));
}

TEST(RevisionChainTest, RevisionsOfOneTitleEndWhereTheNextBegins) {
  Document a = Titled("a", 10, "中华人民共和国 甲条例");
  Document b = Titled("b", 20, "甲条例（2019年修正）");
  Document c = Titled("c", 30, "甲条例(2023修订)");
  EXPECT_THAT(Link({&c, &a, &b}), IsEmpty());
  EXPECT_EQ(a.validity.to, CivilDate(20));
  EXPECT_THAT(a.superseded_by, ElementsAre("b"));
  EXPECT_EQ(b.validity.to, CivilDate(30));
  EXPECT_THAT(b.supersedes, ElementsAre("a"));
  EXPECT_THAT(b.stated_supersedes, IsEmpty());
  EXPECT_THAT(b.origins, Contains(Pair("supersedes", "revision a")));
  EXPECT_THAT(b.origins, Contains(Pair("valid_to", "successor c")));
  EXPECT_EQ(c.validity.to, std::nullopt);
}

TEST(RevisionChainTest, LinkingAgainOverAMixGivesWhatAFreshRunGives) {
  Document a = Titled("a", 10, "甲条例"), c = Titled("c", 30, "甲条例");
  Link({&a, &c});
  EXPECT_EQ(a.validity.to, CivilDate(30));
  // The revision between them comes by an update.
  Document b = Titled("b", 20, "甲条例");
  Link({&a, &b, &c});
  Document fresh_a = Titled("a", 10, "甲条例"), fresh_b = Titled("b", 20, "甲条例"),
           fresh_c = Titled("c", 30, "甲条例");
  Link({&fresh_c, &fresh_b, &fresh_a});
  EXPECT_EQ(a, fresh_a);
  EXPECT_EQ(b, fresh_b);
  EXPECT_EQ(c, fresh_c);
  // And is withdrawn again.
  Link({&a, &c});
  EXPECT_EQ(a.validity.to, CivilDate(30));
  EXPECT_THAT(c.supersedes, ElementsAre("a"));
}

TEST(RevisionChainTest, MetadataThatSaysOtherwiseStands) {
  Document a = Titled("a", 10, "甲条例"), b = Titled("b", 20, "甲条例"),
           c = Titled("c", 30, "甲条例");
  // b is said to replace nothing.
  b.origins.emplace_back("supersedes", "sidecar");
  // b's end is stated too, after c begins.
  b.stated_validity.to = CivilDate(40);
  b.origins.emplace_back("valid_to", "sidecar");
  EXPECT_THAT(Link({&a, &b, &c}), IsEmpty());
  EXPECT_EQ(a.validity.to, CivilDate(30));
  EXPECT_THAT(a.superseded_by, ElementsAre("c"));
  EXPECT_EQ(b.validity.to, CivilDate(40));
  EXPECT_THAT(b.superseded_by, ElementsAre("c"));
  // An end by the text's own words is no such statement.
  b.origins.back().second = "text";
  Link({&a, &b, &c});
  EXPECT_EQ(b.validity.to, CivilDate(30));
}

TEST(RevisionChainTest, OneDateTwiceIsNamedAndEndsWhatIsBefore) {
  Document a = Titled("a", 10, "甲条例"), b = Titled("b", 20, "甲条例"),
           c = Titled("c", 20, "甲条例");
  EXPECT_THAT(Link({&a, &b, &c}),
              ElementsAre("b.md, c.md: one title, \"甲条例\", and one date, 1970-01-21; neither "
                          "replaces the other"));
  EXPECT_EQ(a.validity.to, CivilDate(20));
  EXPECT_THAT(a.superseded_by, ElementsAre("b", "c"));
  EXPECT_EQ(b.validity.to, std::nullopt);
  EXPECT_EQ(c.validity.to, std::nullopt);
}

TEST(RevisionChainTest, ASharedTitleIsNotYetOneText) {
  const auto chained = [](Document a, Document b) {
    Link({&a, &b});
    return a.validity.to.has_value();
  };
  const std::string rules = "行政处罚程序规定";
  EXPECT_FALSE(chained(Titled("a", 10, "实施细则", "甲市人民政府", "甲市", "rule"),
                       Titled("b", 20, "实施细则", "乙市人民政府", "乙市", "rule")));
  EXPECT_FALSE(chained(Titled("a", 10, "实施细则", "甲市人民政府", "甲市", "rule"),
                       Titled("b", 20, "实施细则", "", "", "rule")));
  EXPECT_FALSE(chained(Titled("a", 10, "甲办法", "国务院", "", "rule"),
                       Titled("b", 20, "甲办法", "最高人民法院", "", "rule")));
  EXPECT_FALSE(chained(Titled("a", 10, rules, "甲部", "", "rule"),
                       Titled("b", 20, rules, "乙部", "", "rule")));
  EXPECT_TRUE(chained(Titled("a", 10, rules, "甲部", "", "rule"),
                      Titled("b", 20, rules, "甲部", "", "rule")));
  // A ministry under its new name, and a title that says what it is about.
  EXPECT_TRUE(
      chained(Titled("a", 10, "网络零售第三方平台交易规则制定程序规定", "甲部", "", "rule"),
              Titled("b", 20, "网络零售第三方平台交易规则制定程序规定", "乙部", "", "rule")));
  EXPECT_TRUE(chained(Titled("a", 10, "北京市甲条例", "北京市人民代表大会", "北京市"),
                      Titled("b", 20, "北京市甲条例", "", "北京")));
  EXPECT_TRUE(chained(Titled("a", 10, "山东省甲条例", "山东省人民代表大会", "山东省"),
                      Titled("b", 20, "山东省甲条例")));
  EXPECT_FALSE(chained(Titled("a", 10, "甲条例"), Titled("b", 20, "甲条例", "", "", "rule")));
  EXPECT_FALSE(chained(Titled("a", 10, "办事指南", "", "", "guide"),
                       Titled("b", 20, "办事指南", "", "", "guide")));
  EXPECT_TRUE(chained(Titled("a", 10, "办事指南", "甲局", "", "guide"),
                      Titled("b", 20, "办事指南", "甲局", "", "guide")));
  EXPECT_FALSE(chained(Titled("a", 10, "关于修改《甲条例》的决定"),
                       Titled("b", 20, "关于修改《甲条例》的决定")));
  Document translated = Titled("b", 20, "甲条例");
  translated.language = "ug";
  EXPECT_FALSE(chained(Titled("a", 10, "甲条例"), translated));
}

TEST(RevisionChainTest, BooksOfACodeAreNoRevisionsOfEachOther) {
  Document first = Titled("a", 10, "甲法典", "", "", "law"),
           second = Titled("b", 20, "甲法典", "", "", "law");
  first.first_article = 1;
  second.first_article = 205;
  EXPECT_THAT(Link({&first, &second}), IsEmpty());
  EXPECT_EQ(first.validity.to, std::nullopt);
}

TEST(RevisionChainTest, DoubtIsNamed) {
  Document a = Titled("a", 10, "实施细则", "甲市人民政府", "甲市", "rule");
  Document b = Titled("b", 20, "实施细则", "", "", "rule");
  EXPECT_THAT(Link({&a, &b}), ElementsAre(HasSubstr("not surely one region and issuer")));
  Document c = Titled("c", 10, "信访工作办法", "甲部", "", "rule");
  Document d = Titled("d", 20, "信访工作办法", "乙部", "", "rule");
  EXPECT_THAT(Link({&c, &d}), ElementsAre(HasSubstr("not surely one region and issuer")));
  Document e = Titled("e", 10, "实施细则", "乙市人民政府", "乙市", "rule");
  EXPECT_THAT(Link({&a, &e}), IsEmpty());
}

TEST(RevisionTitleTest, OnlyWhatNumbersARevisionIsLeftOut) {
  EXPECT_EQ(RevisionTitle("中华人民共和国甲法（２０１９年修正）"), "甲法");
  EXPECT_EQ(RevisionTitle("甲 办法(2018年第二次修订本)"), "甲办法");
  EXPECT_EQ(RevisionTitle("甲办法（试行）"), "甲办法(试行)");
  EXPECT_EQ(RevisionTitle("甲规定（一）"), "甲规定(一)");
  EXPECT_EQ(RevisionTitle("关于《中华人民共和国甲法》的解释"), "关于甲法的解释");
  EXPECT_EQ(RevisionTitle("最高人民法院 最高人民检察院关于甲的解释"),
            RevisionTitle("最高人民法院、最高人民检察院关于甲的解释"));
}

}  // namespace
}  // namespace policykb
