#include "retriever/near_duplicates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(ShinglesTest, ArePairsOfCharactersWithoutWhiteSpace) {
  // "jia yi", "yi bing", "bing jia"; the second "jia yi" is not counted again.
  EXPECT_EQ(TextShingles("甲乙 丙\n甲乙").size(), 3u);
  EXPECT_EQ(TextShingles("甲").size(), 1u);
  EXPECT_EQ(TextShingles(" ").size(), 0u);
  EXPECT_EQ(TextShingles("ＡＢＣ"), TextShingles("abc"));
}

TEST(ShinglesTest, SimilarityIsSharedByAll) {
  // ab bc cd and bc cd de: 2 of 4.
  EXPECT_DOUBLE_EQ(ShingleSimilarity(TextShingles("abcd"), TextShingles("bcde")), 0.5);
  EXPECT_DOUBLE_EQ(ShingleSimilarity(TextShingles("abcd"), TextShingles("abcd")), 1);
  EXPECT_DOUBLE_EQ(ShingleSimilarity(TextShingles("ab"), TextShingles("cd")), 0);
  EXPECT_DOUBLE_EQ(ShingleSimilarity({}, {}), 1);
}

TEST(TellingWordsTest, AreNumbersAndWhatTurnsTheMeaning) {
  EXPECT_EQ(TellingWords("第三条 不得超过五百元，可以20日内"), "不 得 五 百 可 20 ");
  EXPECT_EQ(TellingWords("第四条 不得超过五百元，可以20日内"),
            TellingWords("第三条 不得超过五百元，可以20日内"));
  EXPECT_EQ(TellingWords("Article 5 You must not keep 2 dogs"), "must not 2 ");
}

std::string Long(const std::string& amount) {
  return "第二条　养犬人应当自取得犬只之日起三十日内到住所地的公安机关办理养犬登记，并提交身份证明"
         "、"
         "住所证明、犬只免疫证明和犬只照片；登记机关应当在收到材料之日起五日内审查完毕，符合条件的"
         "发给"
         "犬牌和登记证，收取工本费" +
         amount + "元。";
}

TEST(NearDuplicatesTest, ACopyIsOfAnotherDocumentOfTheSameTitle) {
  NearDuplicates copies;
  copies.Add({"a", "甲条例", Long("十")});
  EXPECT_EQ(copies.Find({"b", "甲条例（2020年修订）", Long("十")}), 0u);
  // Another law; another amount; the same document.
  EXPECT_EQ(copies.Find({"c", "乙条例", Long("十")}), std::nullopt);
  EXPECT_EQ(copies.Find({"d", "甲条例", Long("百")}), std::nullopt);
  EXPECT_EQ(copies.Find({"a", "甲条例", Long("十")}), std::nullopt);
  copies.Add({"c", "乙条例", Long("十")});
  EXPECT_EQ(copies.Find({"e", "乙条例", Long("十")}), 1u);
  EXPECT_TRUE(copies.MayRepeat("e", "《乙条例》"));
  EXPECT_FALSE(copies.MayRepeat("c", "乙条例"));
  EXPECT_FALSE(copies.MayRepeat("e", "丙条例"));
}

// Two copies of a law in two folders, of which the later one is of a later date, and a hidden one.
class CopiesTest : public testing::Test {
 protected:
  static std::string Copy(const std::string& id, const std::string& more) {
    return "---\nid: " + id + "\ntitle: 养犬条例\nkind: rule\nregion: " + id + "\n" + more +
           "---\n# 养犬条例\n\n第一条　为了规范养犬，制定本条例。\n\n" + Long("十") +
           "\n\n第三条　遛狗应当牵绳，由成年人牵领，主动避让行人。\n";
  }
  static SearchResult Search(const SampleBase& base, const std::string& text, uint32_t k,
                             CallerLabels labels = {kPublicLabel}) {
    const auto result = base.Open()->Search({.text = text,
                                             .k = k,
                                             .as_of = *CivilDate::Parse("2026-01-01"),
                                             .filter = {},
                                             .labels = std::move(labels)});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : SearchResult();
  }

  const SampleBase base_{{{"a/dogs.md", Copy("one", "valid_from: 2020-01-01\n")},
                          {"b/dogs.md", Copy("two", "valid_from: 2022-01-01\n")},
                          {"c/dogs.md", Copy("hid", "visibility: [staff]\n")}}};
};

TEST_F(CopiesTest, TheLaterCopyIsShownAndNamesTheOther) {
  const SearchResult result = Search(base_, "办理养犬登记要提交什么材料", 3);
  ASSERT_EQ(result.hits.size(), 3u);
  EXPECT_EQ(result.hits[0].passage.name, "documents/two/provisions/art2");
  EXPECT_THAT(result.hits[0].duplicates, ElementsAre("documents/one/provisions/art2"));
  for (const SearchHit& hit : result.hits) EXPECT_EQ(hit.document.id, "two");
}

TEST_F(CopiesTest, HiddenCopiesAreNotNamed) {
  for (const SearchHit& hit : Search(base_, "遛狗牵绳", 10).hits) {
    EXPECT_NE(hit.document.id, "hid");
    EXPECT_THAT(hit.duplicates, Not(testing::Contains(testing::HasSubstr("hid"))));
  }
  const SearchResult staff = Search(base_, "办理养犬登记要提交什么材料", 3, {"public", "staff"});
  EXPECT_EQ(staff.hits[0].duplicates.size(), 2u);
}

TEST_F(CopiesTest, WhatTheQueryNamesIsShownAsItself) {
  const SearchResult result = Search(base_, "养犬条例第二条", 2);
  ASSERT_EQ(result.hits.size(), 2u);
  for (const SearchHit& hit : result.hits) {
    EXPECT_TRUE(hit.resolved_reference);
    EXPECT_EQ(hit.passage.address, "art2");
    EXPECT_THAT(hit.duplicates, IsEmpty());
  }
}

}  // namespace
}  // namespace policykb
