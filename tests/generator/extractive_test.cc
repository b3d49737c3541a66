#include "generator/extractive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/strings.h"
#include "core/text/utf8.h"
#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

std::vector<std::string> Quotes(std::string_view question,
                                const std::vector<v1::Passage>& passages) {
  std::vector<const v1::Passage*> hits;
  for (const v1::Passage& passage : passages) hits.push_back(&passage);
  std::vector<std::string> quotes;
  for (const Extract& extract : ChooseExtracts(question, hits)) {
    quotes.emplace_back(Slice(extract.passage->text(), extract.span));
  }
  return quotes;
}

TEST(ExtractiveTest, QuotesAShortArticleWhole) {
  EXPECT_THAT(
      Quotes("养几只狗", {MakePassage("a", "甲", 9, "第九条　每户养犬不得超过二只。违者罚款。\n")}),
      ElementsAre("第九条　每户养犬不得超过二只。违者罚款。"));
}

TEST(ExtractiveTest, PicksTheSentenceThatAnswers) {
  const std::string filler = Repeat("主管部门依法履行监督检查职责并公布结果。", 10);
  const auto quotes =
      Quotes("犬只免疫期限是多久",
             {MakePassage("a", "甲", 7, Cat(filler, "犬只免疫期限为十二个月。", filler))});
  ASSERT_FALSE(quotes.empty());
  EXPECT_EQ(quotes[0], "犬只免疫期限为十二个月。");
}

TEST(ExtractiveTest, KeepsAnEnumerationWhole) {
  const std::string filler = Repeat("主管部门依法履行监督检查职责并公布结果。", 10);
  const std::string list =
      "申请廉租住房应当提交下列材料：\n（一）身份证；\n（二）收入证明；\n（三）户口簿。";
  const auto quotes = Quotes("申请廉租住房要什么材料",
                             {MakePassage("a", "甲", 7, Cat(filler, "\n", list, "\n", filler))});
  ASSERT_FALSE(quotes.empty());
  EXPECT_EQ(quotes[0], list);
}

TEST(ExtractiveTest, QuotesAShortSectionOfAGuideWhole) {
  v1::Passage section = MakePassage(
      "g", "指南", 1, Cat("所需材料\n", Repeat("- 经营场所平面布局图一份；\n", 15), "- 申请书。"));
  section.set_address("s3");
  const auto quotes = Quotes("需要什么材料", {section});
  ASSERT_EQ(quotes.size(), 1u);
  EXPECT_THAT(quotes[0], StartsWith("所需材料"));
  EXPECT_THAT(quotes[0], HasSubstr("申请书。"));
}

TEST(ExtractiveTest, LetsTheBestHitLeadEvenWhereItSharesNoWord) {
  const auto quotes = Quotes("完全无关", {MakePassage("a", "甲", 1, "第一条　登记。"),
                                          MakePassage("b", "乙", 2, "第二条　收费。")});
  EXPECT_THAT(quotes, ElementsAre("第一条　登记。"));
}

TEST(ExtractiveTest, QuotesTheNumberThatIsAskedForThoughItsSentenceSharesFewWords) {
  const auto quotes =
      Quotes("高龄津贴多少钱",
             {MakePassage("a", "甲", 2, "第二条　年满80周岁的老年人，可以享受高龄津贴。"),
              MakePassage("a", "甲", 3, "第三条　津贴标准为每人每月100元。")});
  EXPECT_THAT(quotes, ElementsAre("第二条　年满80周岁的老年人，可以享受高龄津贴。",
                                  "第三条　津贴标准为每人每月100元。"));
}

TEST(ExtractiveTest, RepeatsNothing) {
  const auto quotes =
      Quotes("养犬登记在哪里办理", {MakePassage("a", "甲", 1, "第一条　养犬登记在公安机关办理。"),
                                    MakePassage("b", "乙", 1, "第一条　养犬登记在公安机关办理。")});
  EXPECT_EQ(quotes.size(), 1u);
}

TEST(ExtractiveTest, IsEmptyWithoutText) {
  EXPECT_TRUE(Quotes("问题", {}).empty());
  EXPECT_TRUE(Quotes("问题", {MakePassage("a", "甲", 1, " \n ")}).empty());
}

TEST(ExtractiveTest, StaysWithinItsBoundsAndIsDeterministic) {
  const std::string words[] = {
      "登记", "养犬", "申请",          "材料：\n", "（一）", "。",     "。",           "；",
      "\n",   "期限", "| 甲 | 乙 |\n", "公安机关", "罚款",   "三十日", "fee is due. ", "## 标题\n"};
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::vector<v1::Passage> passages;
    for (int p = 0; p < 5; ++p) {
      std::string text;
      const int size = static_cast<int>(random() % 200);
      for (int i = 0; i < size; ++i) text += words[random() % std::size(words)];
      passages.push_back(MakePassage(Cat("d", p), "甲", p + 1, text));
    }
    const auto quotes = Quotes("养犬登记的期限和罚款", passages);
    EXPECT_EQ(quotes, Quotes("养犬登记的期限和罚款", passages));
    EXPECT_LE(quotes.size(), 5u);
    size_t chars = 0;
    for (const std::string& quote : quotes) {
      EXPECT_FALSE(quote.empty());
      EXPECT_EQ(FirstInvalidUtf8(quote), std::string::npos);
      chars += CountChars(quote);
    }
    // 900 of one enumeration at most, and Latin letters count a third.
    EXPECT_LE(chars, 3u * 900);
  }
}

TEST(ExtractiveTest, CountsHitsAsGoodAsTheFirst) {
  EXPECT_EQ(CountNearHits(std::vector<double>{}), 0u);
  EXPECT_EQ(CountNearHits(std::vector<double>{9, 8, 7, 6.9}), 3u);
  EXPECT_EQ(CountNearHits(std::vector<double>{9, 9, 9, 9, 9}), 4u);
}

TEST(ExtractiveTest, QuotesEachHitThatIsAsGoodAsTheFirst) {
  const std::vector<v1::Passage> passages = {
      MakePassage("a", "甲", 1, "第一条　业主应当交纳物业费。"),
      MakePassage("b", "乙", 2, "第二条　催告三十日。"),
      MakePassage("c", "丙", 3, "第三条　法院受理起诉。")};
  std::vector<const v1::Passage*> hits;
  for (const v1::Passage& passage : passages) hits.push_back(&passage);
  EXPECT_EQ(ChooseExtracts("不交物业费", hits).size(), 1u);
  EXPECT_EQ(ChooseExtracts("不交物业费", hits, 2).size(), 2u);
  EXPECT_EQ(ChooseExtracts("不交物业费", hits, 3).size(), 3u);
}

TEST(ExtractiveTest, QuotesNoGuideToAnotherMatter) {
  std::vector<v1::Passage> passages = {MakePassage("id", "居民身份证办事指南", 1, "户口簿原件。"),
                                       MakePassage("move", "户口迁移办事指南", 2, "租赁备案证明。"),
                                       MakePassage("new", "身份证补领办事指南", 3, "派出所证明。")};
  std::vector<const v1::Passage*> hits;
  for (v1::Passage& passage : passages) {
    passage.set_kind("guide");
    hits.push_back(&passage);
  }
  const std::vector<Extract> extracts = ChooseExtracts("身份证要什么材料", hits, 3);
  ASSERT_EQ(extracts.size(), 2u);
  EXPECT_EQ(extracts[0].passage, hits[0]);
  EXPECT_EQ(extracts[1].passage, hits[2]);
}

}  // namespace
}  // namespace policykb
