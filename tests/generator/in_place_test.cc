#include "generator/grounding/in_place.h"

#include <gtest/gtest.h>

#include <string>

#include "core/text/normalize.h"

namespace policykb {
namespace {

Difference Find(std::string_view claim, std::string_view source) {
  const std::string a = NormalizeForMatch(claim);
  const std::string b = NormalizeForMatch(source);
  return FindDifferenceInPlace(a, FindQuantities(a), b, FindQuantities(b));
}

constexpr char kLaw[] =
    "保险人向被保险人赔偿保险金后，被保险人未经保险人同意放弃请求赔偿的权利的，该行为无效。"
    "销售假冒商品，数额较大的，处三年以下有期徒刑；数额巨大的，处三年以上十年以下有期徒刑。";

TEST(InPlaceTest, FindsNothingInWhatIsQuotedOrReworded) {
  EXPECT_EQ(Find(kLaw, kLaw), Difference::kNone);
  EXPECT_EQ(Find("您好，根据规定，数额较大的，处3年以下有期徒刑。", kLaw), Difference::kNone);
  EXPECT_EQ(Find("被保险人放弃请求赔偿的权利的，如未经保险人同意，该行为无效。", kLaw),
            Difference::kNone);
}

TEST(InPlaceTest, FindsANegationMoreOrLess) {
  EXPECT_EQ(Find("被保险人经保险人同意放弃请求赔偿的权利的，该行为无效。", kLaw),
            Difference::kPolarity);
  EXPECT_EQ(Find("保险人向被保险人不赔偿保险金后，被保险人未经保险人同意放弃", kLaw),
            Difference::kPolarity);
}

TEST(InPlaceTest, FindsAnOpposite) {
  EXPECT_EQ(Find("放弃请求赔偿的权利的，该行为有效。销售假冒商品，", kLaw), Difference::kPolarity);
  EXPECT_EQ(Find("数额较大的，处三年以上有期徒刑；数额巨大的", kLaw), Difference::kPolarity);
}

TEST(InPlaceTest, FindsAnotherModalWord) {
  EXPECT_EQ(Find("登记机关可以在五日内作出决定。", "登记机关应当在五日内作出决定。"),
            Difference::kPolarity);
  EXPECT_EQ(Find("登记机关须在五日内作出决定。", "登记机关应当在五日内作出决定。"),
            Difference::kNone);
}

TEST(InPlaceTest, FindsAnotherQuantityInThePlaceOfOne) {
  // Three years and ten years both stand in the text, but not here.
  EXPECT_EQ(Find("数额较大的，处十年以下有期徒刑；", kLaw), Difference::kQuantity);
  EXPECT_EQ(Find("同一财产向一个以上债权人抵押的", "同一财产向两个以上债权人抵押的"),
            Difference::kQuantity);
  EXPECT_EQ(Find("但是二审法庭辩论终结前已经办理的除外", "但是一审法庭辩论终结前已经办理的除外"),
            Difference::kQuantity);
  EXPECT_EQ(Find("第三款所称善意，是指相对人不知道", "第一款所称善意，是指相对人不知道"),
            Difference::kQuantity);
}

TEST(InPlaceTest, SaysSoWhereATextIsTooLong) {
  // 2,001 times 2,001 characters are more than four million.
  std::string text;
  for (int i = 0; i < 2001; ++i) text += "法";
  EXPECT_EQ(Find(text, text), Difference::kTooLong);
}

}  // namespace
}  // namespace policykb
