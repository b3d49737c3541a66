#include "core/text/document_title.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policykb {
namespace {

TEST(ComparableTitleTest, LeavesOutTheStateMarksAndRemarks) {
  EXPECT_EQ(ComparableTitle("中华人民共和国劳动合同法"), "劳动合同法");
  EXPECT_EQ(ComparableTitle("《个体工商户条例》（试行）"), "个体工商户条例");
  EXPECT_EQ(ComparableTitle("Labour  Law"), "labourlaw");
  EXPECT_EQ(ComparableTitle("中华人民共和国"), "中华人民共和国");
}

TEST(ComparableTitleTest, ANumberInBracketsIsAPartOfTheTitle) {
  EXPECT_EQ(ComparableTitle("某某问题的解释（二）"), "某某问题的解释(二)");
  EXPECT_NE(ComparableTitle("某某问题的解释（二）"), ComparableTitle("某某问题的解释（一）"));
  EXPECT_EQ(ComparableTitle("某某问题的解释（2020年修正）"), "某某问题的解释");
}

TEST(LegalWordTest, TakesTheLongestWordAtTheEnd) {
  EXPECT_EQ(LegalWordAtEnd("婚姻登记办法"), "办法");
  EXPECT_EQ(LegalWordAtEnd("民事诉讼法"), "法");
  EXPECT_EQ(LegalWordAtEnd("民法典"), "法典");
  EXPECT_EQ(LegalWordAtEnd("劳动争议"), "");
}

TEST(ShortFormTest, KeepsFirstAndLastAndTheOrder) {
  struct Case {
    std::string name, title;
    ShortForm expected;
  };
  const std::vector<Case> cases = {
      {"民诉法", "民事诉讼法", ShortForm::kContraction},
      {"治安处罚法", "治安管理处罚法", ShortForm::kContraction},
      {"个税法", "个人所得税法", ShortForm::kContraction},
      {"反诈法", "反电信网络诈骗法", ShortForm::kContraction},
      {"道交条例", "道路交通安全法实施条例", ShortForm::kContraction},
      // Two characters are too few.
      {"消法", "消费者权益保护法", ShortForm::kNone},
      // Another first character; another order.
      {"诉讼法", "民事诉讼法", ShortForm::kNone},
      {"民讼事法", "民事诉讼法", ShortForm::kNone},
      // "ban fa" is no "fa".
      {"婚姻法", "婚姻登记办法", ShortForm::kNone},
      // One run of characters is the name of another matter.
      {"食品法", "食品安全法", ShortForm::kRun},
      {"银行法", "银行业监督管理法", ShortForm::kRun},
      {"安全法", "安全生产法", ShortForm::kRun},
      // The title itself, and what is longer, are no short forms.
      {"民事诉讼法", "民事诉讼法", ShortForm::kNone},
      {"民事诉讼程序法", "民事诉讼法", ShortForm::kNone},
      {"", "民事诉讼法", ShortForm::kNone},
      {"民诉法", "", ShortForm::kNone},
      {"法", "宪法", ShortForm::kNone},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(ShortFormOf(each.name, each.title), each.expected)
        << each.name << " of " << each.title;
  }
}

TEST(EnglishTitleKeyTest, IsOneForTheWordsOfAMatterInAnyOrder) {
  const std::string title = "Measures of Cangning City for the Administration of Shared Bicycles";
  EXPECT_EQ(EnglishTitleKey("shared bicycle measures"), EnglishTitleKey(title, "Cangning City"));
  EXPECT_EQ(EnglishTitleKey("Cangning shared bicycles measures"), EnglishTitleKey(title));
  EXPECT_EQ(EnglishTitleKey("Labour Law of the People's Republic of China"),
            EnglishTitleKey("PRC labour law"));
}

TEST(EnglishTitleKeyTest, TellsMattersAndKindsOfTextsApart) {
  EXPECT_NE(EnglishTitleKey("Labour Law"), EnglishTitleKey("Labour Contract Law"));
  EXPECT_NE(EnglishTitleKey("bicycle measures"), EnglishTitleKey("shared bicycle measures"));
  EXPECT_NE(EnglishTitleKey("Noise Regulations"), EnglishTitleKey("Noise Rules"));
}

TEST(EnglishTitleKeyTest, IsEmptyForWhatNamesNoMatter) {
  EXPECT_EQ(EnglishTitleKey("the measures"), "");
  EXPECT_EQ(EnglishTitleKey("Measures for the Administration"), "");
  EXPECT_EQ(EnglishTitleKey("Measures of Cangning", "Cangning City"), "");
  EXPECT_EQ(EnglishTitleKey("WTO 法律"), "");
  EXPECT_EQ(EnglishTitleKey(""), "");
}

}  // namespace
}  // namespace policykb
