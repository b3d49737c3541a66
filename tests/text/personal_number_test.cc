#include "core/text/personal_number.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace policykb {
namespace {

std::vector<int> Digits(std::string_view text) {
  std::vector<int> digits;
  for (const char c : text) digits.push_back(c - '0');
  return digits;
}

PersonalNumber Form(std::string_view text) {
  const bool x = text.ends_with('X');
  return FormOf(Digits(text.substr(0, text.size() - (x ? 1 : 0))), x);
}

TEST(PersonalNumberTest, TheCheckDigitOfAnIdentityNumberIsThatOfTheStandard) {
  // 1*7+1*9+0*10+1*5+0*8+5*4+1*2+9*1+4*6+9*3+1*7+2*9+3*10+1*5+0*8+0*4+2*2 = 167; 167 mod 11 = 2;
  // 12-2 = 10, written X: the example of GB 11643-1999.
  EXPECT_EQ(IdentityCheck(Digits("11010519491231002")), 10);
  // The last but one is 3 more, with weight 4, and the last 2 less, with weight 2: 167+12-4 = 175,
  // 175 mod 11 = 10, 12-10 = 2.
  EXPECT_EQ(IdentityCheck(Digits("11010519491231030")), 2);
}

TEST(PersonalNumberTest, IdentityNumbersHaveARegionAndADayOrARightCheckDigit) {
  EXPECT_EQ(Form("11010519491231002X"), PersonalNumber::kIdentity);
  EXPECT_EQ(Form("110105194912310021"), PersonalNumber::kIdentity);  // wrong check digit, right day
  EXPECT_EQ(Form("130503670401001"), PersonalNumber::kIdentity);
  EXPECT_EQ(Form("130503671301001"), PersonalNumber::kNone);     // month 13
  EXPECT_EQ(Form("990105194912310021"), PersonalNumber::kNone);  // no region 99
  // Day 99; the weights 4 and 2 of the day's digits take 110105194912990 + 02 to
  // 167 + (9-3)*10 + (9-1)*5 = 267, 267 mod 11 = 3, 12-3 = 9: mistyped day, right check digit.
  EXPECT_EQ(Form("110105194912990029"), PersonalNumber::kIdentity);
}

TEST(PersonalNumberTest, TelephonesAreMobileOrHaveAnAreaCode) {
  for (const std::string text : {"13800138000", "8613800138000", "008619912345678", "01062000000",
                                 "07551234567", "075512345678", "861062000000"}) {
    EXPECT_EQ(Form(text), PersonalNumber::kPhone) << text;
  }
  for (const std::string text : {"12800138000", "1380013800", "62000000", "00620000000",
                                 "010620000", "0755123456", "012345678901"}) {
    EXPECT_EQ(Form(text), PersonalNumber::kNone) << text;
  }
}

TEST(PersonalNumberTest, CardsPassLuhn) {
  // From the right, every second digit doubled and its digits added: of 6222 0212 3456 7894,
  // 4+8+6+4+2+2+2+2 = 30 and 9+5+1+6+2+0+4+3 = 30, together 60.
  EXPECT_EQ(Form("6222021234567894"), PersonalNumber::kCard);
  EXPECT_EQ(Form("6222021234567896"), PersonalNumber::kNone);
  // 1 in place of 6 adds 2 in place of 3, which 5 in place of 4 makes good; no card begins with 12.
  EXPECT_TRUE(PassesLuhn(Digits("1222021234567895")));
  EXPECT_EQ(Form("1222021234567895"), PersonalNumber::kNone);
}

}  // namespace
}  // namespace policykb
