#include "generator/asked_quantity.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(AskedQuantityTest, SeesWhatIsAsked) {
  EXPECT_EQ(FindAskedQuantity("高龄津贴多少钱？"), AskedQuantity::kMoney);
  EXPECT_EQ(FindAskedQuantity("办证需要多少天？"), AskedQuantity::kTime);
  EXPECT_EQ(FindAskedQuantity("一户可以养几只狗？"), AskedQuantity::kCount);
  EXPECT_EQ(FindAskedQuantity("咨询电话是？"), AskedQuantity::kPhone);
  EXPECT_EQ(FindAskedQuantity("几岁可以办身份证"), AskedQuantity::kAge);
  EXPECT_EQ(FindAskedQuantity("How long does it take?"), AskedQuantity::kTime);
  EXPECT_EQ(FindAskedQuantity("谁可以成为个体工商户？"), AskedQuantity::kNone);
}

TEST(AskedQuantityTest, SeesWhatASentenceHolds) {
  EXPECT_TRUE(HoldsAskedQuantity("每人每月一百元", AskedQuantity::kMoney));
  EXPECT_FALSE(HoldsAskedQuantity("三十日内", AskedQuantity::kMoney));
  EXPECT_TRUE(HoldsAskedQuantity("within thirty days", AskedQuantity::kTime));
  EXPECT_TRUE(HoldsAskedQuantity("电话0799-555-0123", AskedQuantity::kPhone));
  EXPECT_TRUE(HoldsAskedQuantity("不得超过二只", AskedQuantity::kCount));
  EXPECT_FALSE(HoldsAskedQuantity("一般情况，十五日", AskedQuantity::kCount));
  EXPECT_FALSE(HoldsAskedQuantity("三十日", AskedQuantity::kNone));
}

TEST(AskedQuantityTest, KnowsWhatOnlyAQuantityAnswers) {
  EXPECT_EQ(FindPlainlyAskedQuantity("居民用水报装要多少天"), AskedQuantity::kTime);
  EXPECT_EQ(FindPlainlyAskedQuantity("How long does it take?"), AskedQuantity::kTime);
  EXPECT_EQ(FindPlainlyAskedQuantity("补一张身份证收多少钱"), AskedQuantity::kMoney);
  // A condition or a rule answers these as well.
  EXPECT_EQ(FindPlainlyAskedQuantity("合同什么时候生效"), AskedQuantity::kNone);
  EXPECT_EQ(FindPlainlyAskedQuantity("费用由谁承担"), AskedQuantity::kNone);
  EXPECT_EQ(FindPlainlyAskedQuantity("遛狗不牵绳罚多少"), AskedQuantity::kNone);
}

TEST(AskedQuantityTest, ThatNothingIsToBePaidOrWaitedForAnswersToo) {
  EXPECT_TRUE(MayAnswer("5个工作日。", AskedQuantity::kTime));
  EXPECT_TRUE(MayAnswer("临时居民身份证当场办结", AskedQuantity::kTime));
  EXPECT_TRUE(MayAnswer("不收登记费、年费。", AskedQuantity::kMoney));
  EXPECT_TRUE(MayAnswer("1 year to less than 3 years | CNY 800", AskedQuantity::kMoney));
  EXPECT_TRUE(MayAnswer("谁都可以。", AskedQuantity::kNone));
  EXPECT_FALSE(MayAnswer("每立方米2.55元", AskedQuantity::kTime));
  EXPECT_FALSE(MayAnswer("各用水单位和居民用户：", AskedQuantity::kMoney));
}

}  // namespace
}  // namespace policykb
