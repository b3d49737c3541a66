#include "tools/side_by_side.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(DisplayWidthTest, HanAndFullWidthTakeTwoCellsCombiningNone) {
  EXPECT_EQ(DisplayWidth("a条，１"), 7u);
  EXPECT_EQ(DisplayWidth("e\xCC\x81"), 1u);
  EXPECT_EQ(DisplayWidth("ئۇيغۇر"), 6u);
  EXPECT_EQ(DisplayWidth(""), 0u);
}

TEST(SideBySideTest, BreaksBetweenCharactersAtTheColumn) {
  // 23 columns: ten cells, three between, ten cells: five Han characters to a row.
  EXPECT_EQ(SideBySide("甲乙丙丁戊己", "abc", 23),
            "甲乙丙丁戊 | abc\n"
            "己         |\n");
  // A wide character that would begin in the last cell goes to the next row.
  EXPECT_EQ(SideBySide("a甲乙丙丁戊", "", 23),
            "a甲乙丙丁  |\n"
            "戊         |\n");
}

TEST(SideBySideTest, KeepsLineEndsAndFillsTheShorterSide) {
  EXPECT_EQ(SideBySide("a\nb", "c\td", 23),
            "a          | c d\n"
            "b          |\n");
  EXPECT_EQ(SideBySide("", "甲", 1), "         | 甲\n");
}

}  // namespace
}  // namespace policykb
