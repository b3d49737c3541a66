#include "tools/wording.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

const std::u32string kSource =
    WordingChars("犬只出生满三个月的，养犬人应当在三十日内送至免疫点接种疫苗。");

TEST(WordingTest, SharesCharactersInRunsOfALength) {
  // "abcd" is a run of four in "xxabcdyy"; six of eight characters are not shared in runs of five.
  EXPECT_DOUBLE_EQ(SharedInRuns(U"abcdzzzz", U"xxabcdyy", 4), 0.5);
  EXPECT_DOUBLE_EQ(SharedInRuns(U"abcdzzzz", U"xxabcdyy", 5), 0);
  EXPECT_DOUBLE_EQ(SharedInRuns(U"", U"abc", 1), 0);
}

TEST(WordingTest, TellsQuotedRewordedAndFreeSentences) {
  EXPECT_EQ(JudgeWording("养犬人应当在三十日内送至免疫点接种疫苗", kSource), Wording::kQuoted);
  EXPECT_EQ(JudgeWording("养犬人应该在三十日内把狗送至免疫点接种疫苗", kSource),
            Wording::kReworded);
  EXPECT_EQ(JudgeWording("狗出生三个月后，养犬的人三十日内去免疫点打疫苗", kSource),
            Wording::kParaphrased);
  EXPECT_EQ(JudgeWording("公司股东会由全体股东组成并选举董事", kSource), Wording::kOther);
}

TEST(WordingTest, ComparesWithoutPunctuationAndWidth) {
  EXPECT_EQ(WordingChars("Ａ，b 。3％"), U"ab3%");
}

}  // namespace
}  // namespace policykb
