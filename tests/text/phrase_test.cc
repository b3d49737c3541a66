#include "core/text/phrase.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(PhraseTest, EqualPhrasesHaveEqualKeys) {
  EXPECT_EQ(PhraseKey("养犬登记"), PhraseKey("养犬登记"));
  EXPECT_EQ(PhraseKey("Dog Licences"), PhraseKey("dog licence"));
  EXPECT_EQ(PhraseKey("e-bike"), PhraseKey("E bike"));
  EXPECT_EQ(PhraseKey("《养犬登记》"), PhraseKey("养犬登记"));
  EXPECT_NE(PhraseKey("养犬登记"), PhraseKey("养犬登"));
}

TEST(PhraseTest, TheKeyOfABeginningIsABeginningOfTheKey) {
  EXPECT_TRUE(PhraseKey("养犬登记").starts_with(PhraseKey("养犬")));
  EXPECT_FALSE(PhraseKey("dogs").starts_with(PhraseKey("do")));
}

TEST(PhraseTest, MarksPartPhrases) {
  EXPECT_EQ(PhraseKey("狗，证"), "");
  EXPECT_EQ(PhraseKey("狗 证"), "");
  EXPECT_EQ(PhraseKey("dog. licence"), "");
  EXPECT_EQ(PhraseKey("？！"), "");
  EXPECT_NE(PhraseKey("办理A证"), "");
}

TEST(PhraseTest, UnitsSayWhereTheyStandAndWhatTheyFollow) {
  // "gou" bytes 0-3, a comma, "zheng" bytes 6-9, "A" at 9.
  const auto units = PhraseUnits("狗，证A");
  ASSERT_EQ(units.size(), 3u);
  EXPECT_EQ(units[0].span, (Span{0, 3}));
  EXPECT_FALSE(units[0].follows);
  EXPECT_EQ(units[1].span, (Span{6, 9}));
  EXPECT_FALSE(units[1].follows);
  EXPECT_EQ(units[2].text, "a");
  EXPECT_TRUE(units[2].follows);
}

}  // namespace
}  // namespace policykb
