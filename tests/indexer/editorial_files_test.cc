#include "indexer/editorial_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "indexer/question_lines.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

EditorialFiles Names(const std::string& toml) {
  return ParseEditorial({.names = toml, .synonyms = {}, .questions = {}});
}
EditorialFiles Synonyms(const std::string& toml) {
  return ParseEditorial({.names = {}, .synonyms = toml, .questions = {}});
}
EditorialFiles Questions(const std::string& lines) {
  return ParseEditorial({.names = {}, .synonyms = {}, .questions = lines});
}

TEST(EditorialFilesTest, ReadsTheThreeFiles) {
  const EditorialFiles files = ParseEditorial(
      {.names = "\"养犬条例\" = \"甲县养犬管理条例\"\n\"犬规\" = \"dogs-2023\"\n",
       .synonyms = "groups = [[\"犬牌\", \"智能犬牌\"]]\n[one_way]\n\"狗证\" = [\"养犬登记\"]\n",
       .questions =
           "{\"question\": \"登记费多少\", \"passages\": [\"documents/a/provisions/art1\"]}"
           "\r\n\n{\"id\": \"7\", \"question\": \"去哪办\", \"passages\": "
           "[\"documents/a/provisions/art2\", \"documents/b/provisions/s1\"]}\n"});
  EXPECT_THAT(files.faults, IsEmpty());
  EXPECT_THAT(files.editorial.aliases, ElementsAre(DocumentAlias{"养犬条例", "甲县养犬管理条例"},
                                                   DocumentAlias{"犬规", "dogs-2023"}));
  EXPECT_THAT(files.alias_lines, ElementsAre(1, 2));
  EXPECT_THAT(files.editorial.synonym_groups, ElementsAre(ElementsAre("犬牌", "智能犬牌")));
  EXPECT_THAT(files.editorial.one_way, ElementsAre(OneWaySynonym{"狗证", {"养犬登记"}}));
  EXPECT_THAT(
      files.editorial.questions,
      ElementsAre(
          KnownQuestion{"", "登记费多少", {"documents/a/provisions/art1"}},
          KnownQuestion{
              "7", "去哪办", {"documents/a/provisions/art2", "documents/b/provisions/s1"}}));
  EXPECT_THAT(files.question_lines, ElementsAre(1, 3));
}

TEST(EditorialFilesTest, NamesEachFaultOfNamesAndTakesTheRest) {
  const EditorialFiles files = Names(
      "\"一法\" = \"第一个法律\"\n"    // 1: right
      "\"条例\" = \"某某条例\"\n"      // 2: every one is called so
      "\"法\" = \"某某法\"\n"          // 3: one character
      "\"二法\" = 5\n"                 // 4: no title
      "\"三法\" = \"\"\n"              // 5: empty
      "\"四法\" = \"《四法》\"\n"      // 6: itself
      "\"《一法》\" = \"别的法律\"\n"  // 7: as line 1
      "\"五法\" = \"一法\"\n");        // 8: a name of a name
  EXPECT_THAT(
      files.faults,
      ElementsAre(HasSubstr("names.toml: line 2: name \"条例\" is a kind of text"),
                  HasSubstr("names.toml: line 3: name \"法\" is too short, at least 2 characters"),
                  HasSubstr("names.toml: line 4: 二法 is an integer, expected the title or id"),
                  HasSubstr("names.toml: line 5: 三法 is a string, expected the title or id"),
                  HasSubstr("names.toml: line 6: name \"四法\" stands for itself"),
                  HasSubstr("names.toml: line 7: name \"《一法》\" stands in line 1 already"),
                  HasSubstr("names.toml: line 8: name \"五法\" leads to the name in line 1")));
  EXPECT_THAT(files.editorial.aliases, ElementsAre(DocumentAlias{"一法", "第一个法律"}));
  EXPECT_THAT(files.alias_lines, ElementsAre(1));
  EXPECT_FALSE(files.names_unusable);
}

TEST(EditorialFilesTest, NamesEachFaultOfSynonymsAndTakesTheRest) {
  const EditorialFiles files = Synonyms(
      "groups = [\n"
      "  [\"甲\", \"乙\"],\n"          // 2: right
      "  [],\n"                        // 3: empty
      "  [\"丙\"],\n"                  // 4: one word
      "  [\"丁\", \"？\"],\n"          // 5: nothing to find
      "  [\"戊\", \"己\", \"戊\"],\n"  // 6: twice
      "  [\"庚\", \"乙\"],\n"          // 7: of the group of line 2
      "  [\"辛\", 3],\n"               // 8: no word
      "  [\"壬，癸\", \"子\"],\n"      // 9: two words
      "  \"丑\",\n"                    // 10: no array
      "]\n"
      "word = 1\n"  // 12: unknown key
      "[one_way]\n"
      "\"寅\" = [\"卯\"]\n"          // 14: right
      "\"辰\" = []\n"                // 15: empty
      "\"巳\" = [\"午\", \"巳\"]\n"  // 16: itself
      "\"未\" = [\"申\"]\n"          // 17: with 18 a cycle
      "\"申\" = [\"酉\", \"未\"]\n");
  EXPECT_THAT(
      files.faults,
      ElementsAre(
          HasSubstr("synonyms.toml: line 3: a group of 0 words, expected two or more"),
          HasSubstr("synonyms.toml: line 4: a group of 1 words"),
          HasSubstr("synonyms.toml: line 5: \"？\" has no word that a search could find"),
          HasSubstr("synonyms.toml: line 6: \"戊\" stands twice"),
          HasSubstr("synonyms.toml: line 7: \"乙\" is in the group of line 2 already"),
          HasSubstr("synonyms.toml: line 8: an integer among words"),
          HasSubstr("synonyms.toml: line 9: \"壬，癸\" is parted by a mark"),
          HasSubstr("synonyms.toml: line 10: a string, expected an array of words"),
          HasSubstr("synonyms.toml: line 12: word is not expected; keys: groups"),
          HasSubstr("synonyms.toml: line 15: \"辰\" means no word"),
          HasSubstr("synonyms.toml: line 16: \"巳\" stands for itself"),
          HasSubstr("synonyms.toml: line 17: \"未\" and \"申\" of line 18 mean each other"),
          HasSubstr("synonyms.toml: line 18: \"申\" and \"未\" of line 17 mean each other")));
  EXPECT_THAT(files.editorial.synonym_groups, ElementsAre(ElementsAre("甲", "乙")));
  EXPECT_THAT(files.editorial.one_way, ElementsAre(OneWaySynonym{"寅", {"卯"}}));
}

TEST(EditorialFilesTest, NamesEachFaultOfQuestionsAndTakesTheRest) {
  const std::string passages = "\"passages\": [\"documents/a/provisions/art1\"]}\n";
  const EditorialFiles files =
      Questions("{\"question\": \"登记费多少？\", \"id\": \"1\", " + passages +  // 1: right
                "not json\n" +                                                   // 2
                "{\"question\": \"登记费，多少\", " + passages +                 // 3: as line 1
                "{\"question\": \"别的\", \"id\": \"1\", " + passages +          // 4: id of line 1
                "{\"question\": \"。。\", " + passages +                         // 5: nothing in it
                "{\"question\": \"哪里\", \"answer\": \"x\", " + passages +      // 6: unknown key
                "{\"question\": \"没有\"}\n" +                                   // 7
                "{\"question\": \"空的\", \"passages\": []}\n" +                 // 8
                "{\"question\": \"名字\", \"passages\": [\"documents/a\"]}\n" +  // 9
                "{" + passages +                                                 // 10: no question
                "{\"question\": \"a\", \"question\": \"b\", " + passages +       // 11: key twice
                "{\"question\": \"两次\", \"passages\": [\"documents/a/provisions/x\", "
                "\"documents/a/provisions/x\"]}\n" +  // 12
                "[[[[[[[[1]]]]]]]]\n" +               // 13
                "{\"question\": \"\xff\", " +
                passages);  // 14
  EXPECT_THAT(
      files.faults,
      ElementsAre(
          HasSubstr("questions.jsonl: line 2: no JSON object"),
          HasSubstr("questions.jsonl: line 3: the question stands in line 1 already"),
          HasSubstr("questions.jsonl: line 4: id 1 stands in line 1 already"),
          HasSubstr("questions.jsonl: line 5: question has no word that a search could find"),
          HasSubstr("questions.jsonl: line 6: \"answer\" is no key of a question"),
          HasSubstr("questions.jsonl: line 7: no passages"),
          HasSubstr("questions.jsonl: line 8: passages is no array of 1 to 64 names"),
          HasSubstr("questions.jsonl: line 9: passage \"documents/a\" is not documents/{id}"),
          HasSubstr("questions.jsonl: line 10: no question"),
          HasSubstr("questions.jsonl: line 11: a key stands twice"),
          HasSubstr("questions.jsonl: line 12: passage documents/a/provisions/x stands twice"),
          HasSubstr("questions.jsonl: line 13: no JSON object"),
          HasSubstr("questions.jsonl: line 14: byte 14 of the line is not UTF-8")));
  EXPECT_THAT(files.editorial.questions, SizeIs(1));
}

TEST(EditorialFilesTest, AFileThatSaysNothingLeavesWhatWasThere) {
  const Editorial before = Names("\"旧名\" = \"某法\"").editorial;
  const EditorialFiles broken = Names("\"新名\" = ");
  EXPECT_TRUE(broken.names_unusable);
  EXPECT_THAT(broken.faults, ElementsAre(HasSubstr("names.toml: line 1: ")));
  EXPECT_EQ(broken.Over(before).aliases, before.aliases);
  // What is gone is gone.
  EXPECT_THAT(ParseEditorial({}).Over(before).aliases, IsEmpty());
  EXPECT_THAT(Names("\"新名\" = \"某法\"").Over(before).aliases,
              ElementsAre(DocumentAlias{"新名", "某法"}));
}

TEST(EditorialFilesTest, ReadsTheRootOfACorpusOnly) {
  EXPECT_TRUE(IsEditorialFile("names.toml"));
  EXPECT_FALSE(IsEditorialFile("a/names.toml"));
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "names.toml", "\"某名\" = \"某法\"").ok());
  ASSERT_TRUE(MakeFolders(folder / "synonyms.toml").ok());
  const EditorialFiles files = ReadEditorialFiles(folder.path());
  EXPECT_THAT(files.editorial.aliases, SizeIs(1));
  EXPECT_TRUE(files.synonyms_unusable);
  EXPECT_FALSE(files.questions_unusable);
  EXPECT_THAT(files.faults, ElementsAre(HasSubstr("synonyms.toml: ")));
}

TEST(EditorialFilesTest, NamesWhatPointsToNothing) {
  const EditorialFiles files = ParseEditorial(
      {.names = "\"甲法\" = \"在的法\"\n\"乙法\" = \"id-1\"\n\"丙法\" = \"不在的法\"\n"
                "\"在的法\" = \"id-1\"\n",
       .synonyms = {},
       .questions = "{\"question\": \"一\", \"passages\": [\"documents/a/provisions/art1\", "
                    "\"documents/a/provisions/art2\"]}"});
  const std::vector<std::string> lines = PointlessEntries(
      files,
      {.has_document = [](std::string_view id) { return id == "id-1"; },
       .has_title = [](const std::string& title) { return title == "在的法"; },
       .has_passage = [](std::string_view name) { return name == "documents/a/provisions/art1"; }});
  EXPECT_THAT(
      lines,
      ElementsAre(
          HasSubstr("names.toml: line 3: no document has the id or title \"不在的法\""),
          HasSubstr("names.toml: line 4: name \"在的法\" is a document's title"),
          HasSubstr("questions.jsonl: line 1: passage documents/a/provisions/art2 is not there")));
}

}  // namespace
}  // namespace policykb
