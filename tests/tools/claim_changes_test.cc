#include "tools/claim_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> Texts(std::string_view text) {
  std::vector<std::string> texts;
  for (const WrittenNumber& number : FindWrittenNumbers(text))
    texts.emplace_back(Slice(text, number.span));
  return texts;
}

std::vector<NumberUse> Uses(std::string_view text) {
  std::vector<NumberUse> uses;
  for (const WrittenNumber& number : FindWrittenNumbers(text)) uses.push_back(number.use);
  return uses;
}

TEST(ClaimChangesTest, FindsNumbersInAllForms) {
  EXPECT_THAT(Texts("应当在三十日内缴纳500元，即伍佰元整。"), ElementsAre("三十", "500", "伍佰"));
  EXPECT_THAT(Texts("第一千零四十二条"), ElementsAre("一千零四十二"));
}

TEST(ClaimChangesTest, LeavesWordsAloneThatAreNoNumbers) {
  EXPECT_THAT(Texts("一般应当统一办理，十分必要，一方不得反悔。"), IsEmpty());
  EXPECT_THAT(Texts("（三）提交材料"), IsEmpty());
}

TEST(ClaimChangesTest, KnowsWhatANumberIsUsedFor) {
  EXPECT_THAT(Uses("处二百元罚款"), ElementsAre(NumberUse::kMoney));
  EXPECT_THAT(Uses("处五百元以上一千元以下罚款"),
              ElementsAre(NumberUse::kRange, NumberUse::kRange));
  EXPECT_THAT(Uses("年满十八周岁"), ElementsAre(NumberUse::kAge));
  EXPECT_THAT(Uses("三分之二以上"), ElementsAre(NumberUse::kFraction, NumberUse::kFraction));
  EXPECT_THAT(Uses("百分之三"), ElementsAre(NumberUse::kPercentage));
  EXPECT_THAT(Uses("自2021年1月1日起"),
              ElementsAre(NumberUse::kDate, NumberUse::kDate, NumberUse::kDate));
  EXPECT_THAT(Uses("第三条第二款"), ElementsAre(NumberUse::kProvision, NumberUse::kProvision));
}

TEST(ClaimChangesTest, WritesANumberInEachForm) {
  EXPECT_EQ(WriteNumber(52000, NumberForm::kDigits), "52000");
  EXPECT_EQ(WriteNumber(30, NumberForm::kChinese), "三十");
  EXPECT_EQ(WriteNumber(10, NumberForm::kCapitals), "壹拾");
  const std::string text = "三十日内";
  const WrittenNumber number = FindWrittenNumbers(text).at(0);
  EXPECT_EQ(WithNumber(text, number, 31, NumberForm::kDigits), "31日内");
}

TEST(ClaimChangesTest, NeverAltersANumberToItself) {
  for (const int64_t value : {1, 2, 10, 500, 1999, 2021}) {
    for (const NumberUse use : {NumberUse::kCount, NumberUse::kDate}) {
      for (uint64_t choice = 0; choice < 20; ++choice) {
        const int64_t altered = AlteredValue({.value = value, .use = use}, choice);
        EXPECT_NE(altered, value);
        EXPECT_GE(altered, 1);
      }
    }
  }
}

TEST(ClaimChangesTest, TurnsEachModalWordRoundOnce) {
  std::vector<std::string> flipped;
  for (const ForceFlip& flip : FlipForces("应当登记，不得转让。")) flipped.push_back(flip.text);
  EXPECT_THAT(flipped, ElementsAre("不得登记，不得转让。", "应当登记，可以转让。"));
  // "yi xia lie" is no bound.
  EXPECT_THAT(FlipForces("具备以下条件"), IsEmpty());
  EXPECT_THAT(FlipForces("合同无效"), Not(IsEmpty()));
}

}  // namespace
}  // namespace policykb
