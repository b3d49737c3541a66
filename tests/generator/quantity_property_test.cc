// What must hold for every number: its forms agree, and no other number agrees with it.

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/strings.h"
#include "core/text/normalize.h"
#include "core/text/numerals.h"
#include "generator/grounding/quantity.h"

namespace policykb {
namespace {

Quantity Only(std::string_view text) {
  const std::vector<Quantity> quantities = FindQuantities(NormalizeForMatch(text));
  EXPECT_EQ(quantities.size(), 1u) << text;
  return quantities.empty() ? Quantity() : quantities.front();
}

bool AgreeBothWays(std::string_view one, std::string_view other) {
  return Agrees(Only(one), Only(other)) && Agrees(Only(other), Only(one));
}

// The financial capitals of a numeral.
std::string Capitals(std::string numeral) {
  if (numeral.starts_with("十")) numeral = "一" + numeral;
  constexpr std::string_view kFrom[] = {"一", "二", "三", "四", "五", "六",
                                        "七", "八", "九", "十", "百", "千"};
  constexpr std::string_view kTo[] = {"壹", "贰", "叁", "肆", "伍", "陆",
                                      "柒", "捌", "玖", "拾", "佰", "仟"};
  for (size_t i = 0; i < std::size(kFrom); ++i) numeral = ReplaceAll(numeral, kFrom[i], kTo[i]);
  return numeral;
}

class QuantityPropertyTest : public ::testing::Test {
 protected:
  int64_t Draw(int64_t least, int64_t most) {
    return least + static_cast<int64_t>(random_() % static_cast<uint64_t>(most - least + 1));
  }

  std::mt19937_64 random_{7};
};

TEST_F(QuantityPropertyTest, FormsOfANumberAgree) {
  for (int round = 0; round < 2000; ++round) {
    const int64_t value = Draw(2, 9'999'999);
    const std::string chinese = FormatChineseNumeral(value);
    for (const std::string_view unit : {"元", "日", "人", "平方米"}) {
      EXPECT_TRUE(AgreeBothWays(Cat(value, unit), Cat(chinese, unit))) << value << unit;
    }
    EXPECT_TRUE(AgreeBothWays(Cat(value, "元"), Cat(Capitals(chinese), "元整"))) << value;
    EXPECT_TRUE(AgreeBothWays(Cat("第", value, "条"), Cat("第", chinese, "条"))) << value;
  }
}

TEST_F(QuantityPropertyTest, MultipliersAgreeWithTheWholeNumber) {
  for (int64_t value = 1; value < 2000; ++value) {
    EXPECT_TRUE(AgreeBothWays(Cat(value, "万元"), Cat(value, "0000元"))) << value;
    if (value > 1) {
      EXPECT_TRUE(AgreeBothWays(Cat(value, "亿元"), Cat(value, "00000000元"))) << value;
    }
  }
  EXPECT_TRUE(AgreeBothWays("1.5万元", "15000元"));
  EXPECT_TRUE(AgreeBothWays("一万五千元", "1.5万元"));
}

TEST_F(QuantityPropertyTest, SharesAgree) {
  for (int64_t value = 1; value <= 100; ++value) {
    const std::string chinese = FormatChineseNumeral(value);
    EXPECT_TRUE(AgreeBothWays(Cat("百分之", chinese), Cat(value, "%"))) << value;
    EXPECT_TRUE(AgreeBothWays(Cat("千分之", chinese), Cat(value, "‰"))) << value;
  }
}

TEST_F(QuantityPropertyTest, OtherNumbersDisagree) {
  for (int round = 0; round < 2000; ++round) {
    const int64_t one = Draw(2, 99'999);
    const int64_t other = Draw(2, 99'999);
    if (one == other) continue;
    for (const std::string_view unit : {"元", "日", "%", "岁"}) {
      EXPECT_FALSE(Agrees(Only(Cat(one, unit)), Only(Cat(FormatChineseNumeral(other), unit))))
          << one << " " << other;
    }
  }
}

TEST_F(QuantityPropertyTest, DurationsAgreeOnlyWhereTheyAreTheSame) {
  const std::string_view units[] = {"日", "个工作日", "周", "个月", "年", "小时"};
  for (const std::string_view one : units) {
    for (const std::string_view other : units) {
      EXPECT_EQ(AgreeBothWays(Cat("三十", one), Cat("30", other)), one == other) << one << other;
    }
  }
  // A year is not 365 days, and twelve months are not written as one year.
  EXPECT_FALSE(AgreeBothWays("一年", "365日"));
  EXPECT_FALSE(AgreeBothWays("一年", "12个月"));
  EXPECT_TRUE(AgreeBothWays("三十天", "30日"));
}

TEST_F(QuantityPropertyTest, ARangeIsItsTwoEnds) {
  for (int64_t low = 2; low < 40; ++low) {
    const std::string chinese =
        Cat(FormatChineseNumeral(low), "日至", FormatChineseNumeral(low + 3), "日");
    const std::string digits = Cat(low, "至", low + 3, "日");
    const std::vector<Quantity> one = FindQuantities(NormalizeForMatch(chinese));
    const std::vector<Quantity> other = FindQuantities(NormalizeForMatch(digits));
    ASSERT_EQ(one.size(), 2u) << chinese;
    ASSERT_EQ(other.size(), 2u) << digits;
    EXPECT_TRUE(Agrees(one[0], other[0]) && Agrees(one[1], other[1])) << digits;
    EXPECT_FALSE(Agrees(one[0], other[1])) << digits;
  }
}

}  // namespace
}  // namespace policykb
