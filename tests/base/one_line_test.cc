#include "core/base/one_line.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/strings.h"

namespace policykb {
namespace {

TEST(OneLineTest, ControlCharactersAreNamed) {
  EXPECT_EQ(OneLine("甲 'b'\\"), "甲 'b'\\");
  EXPECT_EQ(OneLine("a\nb\tc\x1B[31m\x7F"), "a\\nb\\tc\\x1B[31m\\x7F");
  EXPECT_EQ(OneLine(""), "");
}

TEST(OneLineTest, LongTextIsCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "甲";
  // 334 characters of 3 bytes are the first to reach 1000.
  EXPECT_EQ(OneLine(text), Cat(text.substr(0, 1002), "..."));
  EXPECT_EQ(OneLine(std::string(1000, 'a')), std::string(1000, 'a'));
  EXPECT_EQ(OneLine(std::string(1001, 'a')), Cat(std::string(1000, 'a'), "..."));
  EXPECT_EQ(OneLine(std::string(5000, '\x80')).size(), 1006u);
}

TEST(OneLineTest, ALineOfItsOwnStaysAsItIs) {
  for (const std::string& text : {std::string("甲\n"), std::string(3000, '\n')})
    EXPECT_EQ(OneLine(OneLine(text)), OneLine(text));
}

}  // namespace
}  // namespace policykb
