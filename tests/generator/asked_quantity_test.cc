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

}  // namespace
}  // namespace policykb
