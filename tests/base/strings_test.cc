#include "core/base/strings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {
namespace {

using ::testing::ElementsAre;

TEST(StringsTest, CatJoinsPiecesOfEveryKind) {
  EXPECT_EQ(Cat(), "");
  EXPECT_EQ(
      Cat("a", std::string("b"), std::string_view("c"), 'd', 1, -2, size_t{3}, int64_t{-4}, 0.5),
      "abcd1-23-40.5");
  EXPECT_EQ(Cat(std::numeric_limits<uint64_t>::max(), " ", std::numeric_limits<int64_t>::min()),
            "18446744073709551615 -9223372036854775808");
  EXPECT_EQ(Cat(uint8_t{200}, " ", int16_t{-5}), "200 -5");
}

TEST(StringsTest, CatWritesDoublesWithSixSignificantDigits) {
  EXPECT_EQ(Cat(1.0 / 3), "0.333333");
  EXPECT_EQ(Cat(1234567.0), "1.23457e+06");
  EXPECT_EQ(Cat(100.0), "100");
  EXPECT_EQ(Cat(0.25f), "0.25");
}

TEST(StringsTest, CatKeepsNulBytesOfStrings) {
  EXPECT_EQ(Cat(std::string_view("a\0b", 3)).size(), 3u);
}

TEST(StringsTest, StripTakesAsciiSpaceAtBothEndsOnly) {
  EXPECT_EQ(StripAsciiSpace(" \t\r\n\f\va b \n"), "a b");
  EXPECT_EQ(StripAsciiSpace(""), "");
  EXPECT_EQ(StripAsciiSpace(" \n "), "");
  // The ideographic space is not ASCII.
  EXPECT_EQ(StripAsciiSpace("\xE3\x80\x80 a"), "\xE3\x80\x80 a");
}

TEST(StringsTest, SplitKeepsEmptyParts) {
  EXPECT_THAT(Split("a,,b", ','), ElementsAre("a", "", "b"));
  EXPECT_THAT(Split("", ','), ElementsAre(""));
  EXPECT_THAT(Split(",", ','), ElementsAre("", ""));
  EXPECT_THAT(Split("abc", ','), ElementsAre("abc"));
}

TEST(StringsTest, JoinUndoesSplit) {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    std::string text;
    for (size_t length = random() % 20; length > 0; --length) text.push_back("ab,"[random() % 3]);
    std::vector<std::string> parts;
    for (const std::string_view part : Split(text, ',')) parts.emplace_back(part);
    EXPECT_EQ(Join(parts, ","), text);
  }
}

TEST(StringsTest, JoinPutsTheSeparatorBetween) {
  EXPECT_EQ(Join({}, ", "), "");
  EXPECT_EQ(Join({"a"}, ", "), "a");
  EXPECT_EQ(Join({"a", "", "b"}, ", "), "a, , b");
}

TEST(StringsTest, ReplaceAllGoesOnBehindWhatItWrote) {
  EXPECT_EQ(ReplaceAll("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(ReplaceAll("aaa", "aa", "b"), "ba");
  EXPECT_EQ(ReplaceAll("a<b<c", "<", "&lt;"), "a&lt;b&lt;c");
  EXPECT_EQ(ReplaceAll("abc", "x", "y"), "abc");
  EXPECT_EQ(ReplaceAll("", "x", "y"), "");
  EXPECT_EQ(ReplaceAll("xax", "x", ""), "a");
}

TEST(StringsTest, Hex64HasSixteenLowerCaseDigits) {
  EXPECT_EQ(Hex64(0), "0000000000000000");
  EXPECT_EQ(Hex64(0xDEADBEEF), "00000000deadbeef");
  EXPECT_EQ(Hex64(std::numeric_limits<uint64_t>::max()), "ffffffffffffffff");
}

}  // namespace
}  // namespace policykb
