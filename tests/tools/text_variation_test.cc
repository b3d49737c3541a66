#include "tools/text_variation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kText =
    "# 湖北省渡船管理办法\n\n2019年3月20日 湖北省人民政府令第8号公布\n\n## 第一章 总则\n\n"
    "第一条 为了渡船安全，制定本办法。\n\n第二条 渡船应当自下水之日起三十日内登记，"
    "逾期的，依照第一条处二百元罚款。\n（一）一艘渡船一本簿册；\n第三条 "
    "依照某政发〔2018〕12号文件办理。\n";

TEST(VaryDocumentTest, ChangesNamesYearsAndAmountsAndKeepsNumbersOfArticles) {
  const VariedDocument varied = VaryDocument(kText, 7, 1);
  EXPECT_EQ(varied.articles, 3u);
  EXPECT_THAT(varied.text, Not(HasSubstr("湖北")));
  EXPECT_THAT(varied.text, HasSubstr("渡船管理办法\n"));
  EXPECT_THAT(varied.text, Not(HasSubstr("2019年")));
  EXPECT_THAT(varied.text, HasSubstr("年3月20日"));
  EXPECT_THAT(varied.text, Not(HasSubstr("三十日")));
  EXPECT_THAT(varied.text, Not(HasSubstr("二百元")));
  EXPECT_THAT(varied.text, Not(HasSubstr("〔2018〕")));
  for (const char* kept : {"第一章", "第一条", "第二条", "依照第一条处", "第三条", "令第8号",
                           "（一）一艘渡船一本簿册", "某政发〔20"}) {
    EXPECT_THAT(varied.text, HasSubstr(kept));
  }
}

TEST(VaryDocumentTest, EveryArticleOfEveryCopyDiffers) {
  std::set<std::string> first_articles;
  for (uint64_t number = 1; number <= 200; ++number) {
    const std::string text = VaryDocument(kText, 7, number).text;
    const size_t from = text.find("第一条");
    first_articles.insert(text.substr(from, text.find('\n', from) - from));
  }
  EXPECT_EQ(first_articles.size(), 200u);
  EXPECT_FALSE(first_articles.contains("第一条 为了渡船安全，制定本办法。"));
}

TEST(VaryDocumentTest, EqualArgumentsGiveEqualText) {
  EXPECT_EQ(VaryDocument(kText, 7, 3).text, VaryDocument(kText, 7, 3).text);
  EXPECT_NE(VaryDocument(kText, 7, 3).text, VaryDocument(kText, 8, 3).text);
}

TEST(VaryDocumentTest, AnIdOfFrontMatterStaysUnique) {
  const std::string text = VaryDocument("---\nid: ferry\n---\n第一条 甲。\n", 1, 5).text;
  EXPECT_THAT(text, testing::StartsWith("---\nid: ferry-5\n---\n第一条 "));
}

TEST(ChangeOneSentenceTest, ReplacesTheLastSentenceOfOneArticle) {
  const std::string text = "# 甲\n\n第一条 乙。丙。\n\n第二条 丁。\n";
  // Two articles: round 2 is the first, round 3 the second.
  EXPECT_EQ(ChangeOneSentence(text, 2),
            "# 甲\n\n第一条 乙。本条自第2次调整之日起按照调整后的要求办理。\n\n第二条 丁。\n");
  EXPECT_EQ(ChangeOneSentence(text, 3),
            "# 甲\n\n第一条 乙。丙。\n\n第二条 本条自第3次调整之日起按照调整后的要求办理。\n");
  EXPECT_EQ(ChangeOneSentence("no article\n", 1), "");
}

}  // namespace
}  // namespace policykb
