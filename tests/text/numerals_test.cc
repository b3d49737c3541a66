#include "core/text/numerals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace policykb {
namespace {

TEST(Numerals, ReadsEveryWrittenForm) {
  const std::vector<std::pair<std::string, int64_t>> cases = {
      {"零", 0},
      {"〇", 0},
      {"十", 10},
      {"十五", 15},
      {"二十", 20},
      {"廿一", 21},
      {"卅", 30},
      {"一百零五", 105},
      {"一百十五", 115},
      {"一百一十五", 115},
      {"两百", 200},
      {"一千零四十二", 1042},
      {"一九九八", 1998},
      {"二〇二四", 2024},
      {"二○二四", 2024},
      {"壹拾贰", 12},
      {"陆仟伍佰", 6500},
      {"1042", 1042},
      {"１２３", 123},
      {"12,345", 12345},
      {"3万", 30000},
      {"3万5千", 35000},
      {"十二万零三百", 120300},
      {"三亿五千万", 350000000},
      {"一万亿", 1000000000000},
      // Said of money: the last digit counts tenths of the unit before it.
      {"一万二", 12000},
      {"三千五", 3500},
      {"一百五", 150},
      {"一百零五", 105},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(ParseNumeral(text), value) << text;
}

TEST(Numerals, EndsBeforeWhatIsUngrammatical) {
  // Sizes are bytes: three for each Chinese character.
  const std::vector<std::pair<std::string, size_t>> cases = {
      {"一千零四十二条", 18}, {"一百零", 6}, {"1.5万", 1},
      {"二〇二三年", 12},     {"12,34", 2},  {"1,2345", 1}};
  for (const auto& [text, size] : cases) {
    const auto numeral = ConsumeNumeral(text);
    ASSERT_TRUE(numeral) << text;
    EXPECT_EQ(numeral->size, size) << text;
  }
}

TEST(Numerals, WordsThatLookLikeNumeralsAreNone) {
  for (const std::string text :
       {"", "条", "百分之五", "千方百计", "万元", "陆地", "参照", "拾得", "○示例", "a1"}) {
    EXPECT_FALSE(ConsumeNumeral(text)) << text;
  }
  EXPECT_EQ(ParseNumeral("伍元"), std::nullopt);  // a rest
  EXPECT_EQ(ConsumeNumeral("伍元")->value, 5);
}

TEST(Numerals, NumeralsSetWide) {
  EXPECT_EQ(ConsumeSpacedNumeral("四 十 条")->value, 40);
  // Two characters of three bytes and a space; the space behind is left.
  EXPECT_EQ(ConsumeSpacedNumeral("四 十 条")->size, 7u);
  EXPECT_EQ(ConsumeSpacedNumeral("一　百　零　五")->value, 105);
  EXPECT_EQ(ConsumeSpacedNumeral("十二章")->value, 12);
  EXPECT_FALSE(ConsumeSpacedNumeral(" 四"));
  EXPECT_FALSE(ConsumeSpacedNumeral(""));
}

TEST(Numerals, TooLargeIsNoNumeral) {
  EXPECT_EQ(ParseNumeral("1000000000000000"), 1000000000000000);
  EXPECT_FALSE(ConsumeNumeral("1000000000000001"));
  EXPECT_FALSE(ConsumeNumeral("650102199001011234"));
  EXPECT_FALSE(ConsumeNumeral("一二三四五六七八九一二三四五六七八九"));
}

TEST(Numerals, FormattedNumeralsReadBack) {
  EXPECT_EQ(FormatChineseNumeral(0), "零");
  EXPECT_EQ(FormatChineseNumeral(10), "十");
  EXPECT_EQ(FormatChineseNumeral(12), "十二");
  EXPECT_EQ(FormatChineseNumeral(110), "一百一十");
  EXPECT_EQ(FormatChineseNumeral(1042), "一千零四十二");
  EXPECT_EQ(FormatChineseNumeral(100010), "十万零一十");
  for (int64_t value = 0; value < 100'000'000; value += value < 20'000 ? 1 : 9'973) {
    ASSERT_EQ(ParseNumeral(FormatChineseNumeral(value)), value) << FormatChineseNumeral(value);
  }
}

}  // namespace
}  // namespace policykb
