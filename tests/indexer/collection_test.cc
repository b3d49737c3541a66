// What is said of files beside them: collection.toml, sidecars, file names.

#include "indexer/structure/collection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "core/base/strings.h"
#include "indexer/structure/file_name_pattern.h"
#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/parse_file.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kText[] =
    "# 沧宁市养犬办法\n\n第一条 甲。\n\n第二条 乙。\n\n丙。\n\n第三条 "
    "本办法自2017年5月1日起施行。\n";

absl::StatusOr<ParsedDocument> Parse(const std::string& path, const Collections& collections,
                                     const std::string& sidecar = "",
                                     const std::string& text = kText) {
  auto parsed = ParseFile({.relative_path = path,
                           .bytes = text,
                           .sidecar = sidecar,
                           .collection = &collections.For(path)});
  if (!parsed.ok()) return parsed.status();
  return parsed->front();
}

ParsedDocument Parsed(const std::string& path, const Collections& collections,
                      const std::string& sidecar = "", const std::string& text = kText) {
  auto parsed = Parse(path, collections, sidecar, text);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *std::move(parsed) : ParsedDocument();
}

std::string SidecarError(const std::string& sidecar) {
  const auto parsed = Parse("n/a.md", Collections(), sidecar);
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << sidecar;
  return std::string(parsed.status().message());
}

std::string CollectionProblem(const std::string& bytes) {
  const Collections collections = Collections::Parse({{"n/collection.toml", bytes}});
  EXPECT_EQ(collections.problems().size(), 1u) << bytes;
  return collections.problems().empty() ? "" : collections.problems()[0];
}

std::map<std::string, const Passage*> ByAddress(const ParsedDocument& parsed) {
  std::map<std::string, const Passage*> passages;
  for (const Passage& passage : parsed.passages) passages[passage.address] = &passage;
  return passages;
}

std::string Line(const Validity& validity) {
  return Cat(validity.from ? validity.from->ToString() : "", "..",
             validity.to ? validity.to->ToString() : "");
}

TEST(CollectionTest, TheNearestFolderWinsKeyByKey) {
  const Collections collections = Collections::Parse(
      {{"collection.toml", "kind = 'rule'\nregion = '沧宁市'\n"},
       {"a/b/collection.toml", "region = '沅澜县'\nsource = 'https://a.example'\n"}});
  EXPECT_THAT(collections.problems(), IsEmpty());
  const Document top = Parsed("x.md", collections).document;
  EXPECT_EQ(top.kind, "rule");
  EXPECT_EQ(top.region, "沧宁市");
  EXPECT_EQ(OriginOf(top, "region"), kFromCollection);
  EXPECT_EQ(OriginOf(top, "title"), kFromText);
  const Document deep = Parsed("a/b/c/x.md", collections).document;
  EXPECT_EQ(deep.kind, "rule");
  EXPECT_EQ(deep.region, "沅澜县");
  EXPECT_EQ(deep.source_uri, "https://a.example");
  EXPECT_NE(collections.For("a/x.md").digest, collections.For("a/b/x.md").digest);
  EXPECT_EQ(collections.For("a/x.md").digest, collections.For("x.md").digest);
}

TEST(CollectionTest, ScannedPagesAreRecognisedOnlyWhereAskedFor) {
  const Collections collections =
      Collections::Parse({{"n/collection.toml", "scanned = 'recognise'\n"},
                          {"n/b/collection.toml", "scanned = 'refuse'\n"}});
  EXPECT_THAT(collections.problems(), IsEmpty());
  EXPECT_EQ(collections.For("n/a/x.pdf").scanned, PdfOptions::Scanned::kRecognise);
  EXPECT_EQ(collections.For("n/b/x.pdf").scanned, PdfOptions::Scanned::kRefuse);
  EXPECT_EQ(collections.For("x.pdf").scanned, PdfOptions::Scanned::kRefuse);
  EXPECT_EQ(CollectionProblem("scanned = 'yes'\n"),
            "n/collection.toml: line 1: scanned is \"yes\", expected \"recognise\" or \"refuse\"");
}

TEST(CollectionTest, SidecarOverFrontMatterOverCollection) {
  const Collections collections = Collections::Parse(
      {{"collection.toml", "kind = 'rule'\nregion = '甲市'\nissuer = '甲局'\n"}});
  const Document document =
      Parsed("a.md", collections, "kind = 'law'\nvalid_from = 2018-01-01\n",
             Cat("---\nkind: guide\nregion: 乙市\nvalid_from: 2016-01-01\n---\n", kText))
          .document;
  EXPECT_EQ(document.kind, "law");
  EXPECT_EQ(document.region, "乙市");
  EXPECT_EQ(document.issuer, "甲局");
  EXPECT_EQ(document.validity.from->ToString(), "2018-01-01");
  EXPECT_EQ(document.stated_validity, document.validity);
  EXPECT_EQ(OriginOf(document, "kind"), kFromSidecar);
  EXPECT_EQ(OriginOf(document, "valid_from"), kFromSidecar);
  EXPECT_EQ(OriginOf(document, "region"), kFromFrontMatter);
  EXPECT_EQ(OriginOf(document, "issuer"), kFromCollection);
}

TEST(CollectionTest, WrongSidecarsAreNamedWithTheirLine) {
  EXPECT_THAT(SidecarError("a = 1\n"), HasSubstr("a.md.meta.toml: line 1: a is no key"));
  EXPECT_THAT(SidecarError("kind = 'law'\nkind = 'rule'\n"), HasSubstr("meta.toml: line 2: "));
  EXPECT_THAT(SidecarError("kind = 'law'\nregion = 3\n"),
              HasSubstr("line 2: region is no single value"));
  EXPECT_THAT(SidecarError("valid_from = 2023-02-29\n"), HasSubstr("meta.toml: line 1: "));
  EXPECT_THAT(SidecarError("valid_to = 2020-01-01\nvalid_from = 2020-01-01\n"),
              HasSubstr("meta.toml: line 1: valid_to 2020-01-01 is not after valid_from"));
  EXPECT_THAT(SidecarError("[[provision]]\naddress = 'art9'\nvalid_to = 2020-01-01\n"),
              HasSubstr("meta.toml: line 1: provision art9 is not in the document"));
  EXPECT_THAT(SidecarError("[[provision]]\naddress = 'art1'\n"),
              HasSubstr("line 1: provision has neither validity nor visibility"));
  EXPECT_THAT(SidecarError("[[provision]]\naddress = 'art1'\nvalid = 1\n"),
              HasSubstr("line 3: valid is no key of a provision"));
}

TEST(CollectionTest, AnEndBeforeTheBeginningIsNamedWhereTheEndStands) {
  const Collections collections =
      Collections::Parse({{"collection.toml", "valid_to = 2020-01-01"}});
  const auto parsed = Parse("a.md", collections, "valid_from = 2021-01-01\n");
  EXPECT_THAT(std::string(parsed.status().message()),
              HasSubstr("collection.toml: line 1: valid_to 2020-01-01 is not after valid_from "
                        "2021-01-01"));
}

TEST(CollectionTest, WrongCollectionsAreNamedAndTheirFilesRefused) {
  EXPECT_THAT(CollectionProblem("kind = 'law'\nid = 'x'\n"),
              HasSubstr("n/collection.toml: line 2: id is of one document"));
  EXPECT_THAT(CollectionProblem("\nowner = 'x'\n"), HasSubstr("line 2: owner is no key"));
  EXPECT_THAT(CollectionProblem("kind = 'lore'\n"), HasSubstr("line 1: kind 'lore' is none of"));
  EXPECT_THAT(CollectionProblem("file_name = '{title}{number}'\n"), HasSubstr("line 1: file_name"));
  EXPECT_THAT(CollectionProblem("[items]\nid = 'x'\n"), HasSubstr("names no title column"));
  EXPECT_THAT(CollectionProblem("[items]\ntitle = 'x'\nsections = 'y'\n"),
              HasSubstr("line 3: sections is no array"));
  const Collections broken = Collections::Parse(
      {{"n/collection.toml", "visibility = [staff]\n"}, {"n/m/collection.toml", ""}});
  // What was meant for staff only must not become public by a slip of the pen.
  EXPECT_THAT(std::string(Parse("n/m/a.md", broken).status().message()),
              HasSubstr("n/collection.toml: line 1: "));
  EXPECT_TRUE(Parse("a.md", broken).ok());
}

TEST(CollectionTest, LabelsAreNeverWidenedDownwards) {
  const Collections collections =
      Collections::Parse({{"collection.toml", "visibility = ['staff', 'audit']\n"},
                          {"a/collection.toml", "visibility = ['staff', 'guest']\n"},
                          {"b/collection.toml", "visibility = ['guest']\n"},
                          {"c/collection.toml", "kind = 'rule'"}});
  EXPECT_THAT(collections.problems(),
              ElementsAre(HasSubstr("a/collection.toml: line 1: visibility guest is no label"),
                          HasSubstr("b/collection.toml: line 1: visibility guest leaves none")));
  EXPECT_THAT(Parsed("c/x.md", collections).document.visibility, ElementsAre("staff", "audit"));
  EXPECT_THAT(Parsed("a/x.md", collections).document.visibility, ElementsAre("staff"));
  EXPECT_FALSE(Parse("b/x.md", collections).ok());
  const ParsedDocument narrowed = Parsed("x.md", collections, "visibility = ['public', 'audit']\n");
  EXPECT_THAT(narrowed.document.visibility, ElementsAre("audit"));
  EXPECT_THAT(narrowed.warnings, Contains(HasSubstr("visibility public is no label of the coll")));
  EXPECT_THAT(std::string(Parse("x.md", collections, "visibility = ['public']").status().message()),
              HasSubstr("visibility public: the collection allows none but staff, audit"));
}

TEST(CollectionTest, ProvisionsWithAValidityAndLabelsOfTheirOwn) {
  const ParsedDocument parsed = Parsed("a.md", Collections(),
                                       "visibility = ['staff', 'audit']\n"
                                       "[[provision]]\naddress = '第一条'\nvalid_to = 2020-01-01\n"
                                       "[[provision]]\naddress = 'art2.para2'\n"
                                       "visibility = ['audit', 'guest']\n");
  const auto passages = ByAddress(parsed);
  EXPECT_EQ(Line(*passages.at("art1")->validity), "..2020-01-01");
  EXPECT_THAT(passages.at("art1")->visibility, IsEmpty());
  // The second paragraph of article 2 stands in the passage of the article.
  EXPECT_THAT(passages.at("art2")->visibility, ElementsAre("audit"));
  EXPECT_EQ(passages.at("art2")->validity, std::nullopt);
  EXPECT_THAT(parsed.warnings,
              Contains(HasSubstr("provision art2.para2: visibility guest is no label")));
  EXPECT_THAT(SidecarError("visibility = ['staff']\n[[provision]]\naddress = 'art1'\nvisibility = "
                           "['guest']\n"),
              HasSubstr("line 2: provision art1 has no label that what holds it has"));
}

TEST(CollectionTest, TextsSayWhenSingleProvisionsAreInForce) {
  const ParsedDocument parsed = Parsed(
      "a.md", Collections(), "",
      "# 甲办法\n\n第一条 甲。\n\n第二条 乙。\n\n丙。\n\n第三条 丁。本条自2025年1月1日起施行。\n\n"
      "第四条 甲。\n\n第五条 乙。\n\n第六条 丙。\n\n"
      "第七条 本办法自2024年5月1日起施行，其中第一条、第四条至第五条自2024年9月1日起施行。"
      "第二条第二款有效期至2026年12月31日。《乙办法》第六条自2030年1月1日起施行。\n");
  const auto passages = ByAddress(parsed);
  EXPECT_EQ(parsed.document.validity.from->ToString(), "2024-05-01");
  EXPECT_EQ(parsed.document.validity.to, std::nullopt);
  EXPECT_EQ(Line(*passages.at("art1")->validity), "2024-09-01..");
  EXPECT_EQ(Line(*passages.at("art2")->validity), "..2027-01-01");
  EXPECT_EQ(Line(*passages.at("art3")->validity), "2025-01-01..");
  EXPECT_EQ(Line(*passages.at("art4")->validity), "2024-09-01..");
  EXPECT_EQ(Line(*passages.at("art5")->validity), "2024-09-01..");
  EXPECT_EQ(passages.at("art6")->validity, std::nullopt);
  EXPECT_EQ(passages.at("art7")->validity, std::nullopt);
}

TEST(CollectionTest, AProvisionsDayIsNotItsDocuments) {
  const ParsedDocument parsed =
      Parsed("a.md", Collections(), "",
             "# 甲条例\n\n第一条 甲。\n\n第二条 "
             "本条例第一条自2026年1月1日起施行，其他条款自2025年5月1日起施行。\n");
  EXPECT_EQ(Line(*ByAddress(parsed).at("art1")->validity), "2026-01-01..");
  EXPECT_EQ(parsed.document.validity.from->ToString(), "2025-05-01");
  // The sidecar's word stands against the text's.
  const ParsedDocument stated =
      Parsed("a.md", Collections(), "[[provision]]\naddress = 'art3'\nvalid_from = 2017-06-01\n",
             "# 甲条例\n\n第一条 甲。\n\n第二条 乙。\n\n第三条 丙。本条自2018年1月1日起施行。\n");
  EXPECT_EQ(Line(*ByAddress(stated).at("art3")->validity), "2017-06-01..");
}

TEST(CollectionTest, MetadataAgainstTheTextIsNamed) {
  const auto remarks = [](const std::string& sidecar) {
    return Parsed("a.md", Collections(), sidecar,
                  "# 甲办法\n\n沧政发〔2017〕3号\n\n2017年3月20日\n\n第一条 "
                  "本办法自2017年5月1日起施行，有效期至2022年4月30日。\n")
        .warnings;
  };
  EXPECT_THAT(remarks("valid_from = 2017-05-01\npromulgated_on = 2017-03-20\n"), IsEmpty());
  EXPECT_THAT(remarks("valid_from = 2017-04-01\n"),
              ElementsAre("line 7: valid_from is 2017-04-01 by sidecar, 2017-05-01 by the text"));
  EXPECT_THAT(remarks("promulgated_on = 2017-03-21\n"),
              ElementsAre("promulgated_on is 2017-03-21 by sidecar, 2017-03-20 by the text"));
  EXPECT_THAT(remarks("valid_to = 2023-01-01\n"),
              ElementsAre("line 7: valid_to is 2023-01-01 by sidecar, 2022-05-01 by the text"));
  EXPECT_THAT(remarks("document_number = '沧政发〔2017〕4号'\n"),
              ElementsAre(AllOf(HasSubstr("〔2017〕4号 by sidecar"), HasSubstr("by the text"))));
}

TEST(FileNamePatternTest, TakesANameApart) {
  const auto pattern = FileNamePattern::Parse("{region}_{title}（{version}）{*}.md");
  ASSERT_TRUE(pattern.ok()) << pattern.status();
  const auto values = pattern->Match("x/y/沧宁市_养犬办法(试行)(2017-05-01)副本.md");
  ASSERT_TRUE(values);
  EXPECT_EQ(values->region, "沧宁市");
  EXPECT_EQ(values->title, "养犬办法(试行)");
  EXPECT_EQ(values->version->ToString(), "2017-05-01");
  EXPECT_TRUE(pattern->Match("甲_乙（2017-05-01）.md"));
  EXPECT_FALSE(pattern->Match("甲_乙(2017-02-29).md"));
  EXPECT_FALSE(pattern->Match("甲_乙(2017-05-01).txt"));
  EXPECT_FALSE(pattern->Match("_乙(2017-05-01).md"));
}

TEST(FileNamePatternTest, WrongPatternsAreRefused) {
  for (const char* pattern : {"", "{title", "{titel}.md", "{title}{number}.md", "{title}{title}",
                              "a/{title}.md", "{title}{*}.md"}) {
    EXPECT_FALSE(FileNamePattern::Parse(pattern).ok()) << pattern;
  }
  EXPECT_TRUE(FileNamePattern::Parse("{title}{version}{*}").ok());
}

TEST(FileNamePatternTest, LongNamesTakeNoTime) {
  const auto pattern = FileNamePattern::Parse("{title}a{*}a{*}a{*}a{*}a{*}a{number}.md");
  ASSERT_TRUE(pattern.ok());
  EXPECT_FALSE(pattern->Match(std::string(1000, 'a')));
}

TEST(FileNamePatternTest, ADeclaredVersionIsWhereTheRevisionBegins) {
  const Collections collections =
      Collections::Parse({{"collection.toml", "file_name = '{title}({version}).md'\n"}});
  const ParsedDocument parsed = Parsed("养犬办法（2019-03-01）.md", collections);
  EXPECT_EQ(parsed.document.title, "养犬办法");
  EXPECT_EQ(parsed.document.validity.from->ToString(), "2019-03-01");
  EXPECT_EQ(OriginOf(parsed.document, "valid_from"), kFromPath);
  EXPECT_THAT(parsed.warnings, IsEmpty());
  const Document stated =
      Parsed("养犬办法（2019-03-01）.md", collections, "valid_from = 2019-04-01\n").document;
  EXPECT_EQ(stated.validity.from->ToString(), "2019-04-01");
  EXPECT_THAT(Parsed("养犬办法.md", collections).warnings,
              ElementsAre("name is not of the form {title}({version}).md"));
  // A text that begins to be in force later than its file's name says is named.
  EXPECT_THAT(Parsed("养犬办法(2017-03-01).md", collections).warnings,
              ElementsAre(HasSubstr("valid_from is 2017-03-01 by path, 2017-05-01 by the text")));
  // Undeclared, the name only tells that the revision is not older.
  const Document undeclared = Parsed("养犬办法(2017-03-01).md", Collections()).document;
  EXPECT_EQ(undeclared.validity.from->ToString(), "2017-05-01");
  EXPECT_EQ(undeclared.title, "沧宁市养犬办法");
}

}  // namespace
}  // namespace policykb
