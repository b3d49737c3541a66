#include "tools/text_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TextStretch Common(std::string text) { return {StretchKind::kCommon, std::move(text)}; }
TextStretch Older(std::string text) { return {StretchKind::kOlder, std::move(text)}; }
TextStretch Newer(std::string text) { return {StretchKind::kNewer, std::move(text)}; }

TEST(CompareTextsTest, MarksWholeCharacters) {
  // The two numerals share no byte prefix that would count: characters are compared, not bytes.
  EXPECT_THAT(CompareTexts("应当在六十日内办理", "应当在三十日内办理"),
              ElementsAre(Common("应当在"), Older("六"), Newer("三"), Common("十日内办理")));
}

TEST(CompareTextsTest, FindsSeveralPlaces) {
  EXPECT_THAT(CompareTexts("登记费二百元，逾期罚款", "登记不收费，逾期三十日罚款"),
              ElementsAre(Common("登记"), Older("费二百元"), Newer("不收费"), Common("，逾期"),
                          Newer("三十日"), Common("罚款")));
}

TEST(CompareTextsTest, EqualAndEmptyTextsHaveNoChange) {
  EXPECT_THAT(CompareTexts("", ""), IsEmpty());
  EXPECT_THAT(CompareTexts("甲", "甲"), ElementsAre(Common("甲")));
  EXPECT_THAT(CompareTexts("", "甲"), ElementsAre(Newer("甲")));
  EXPECT_THAT(CompareTexts("甲", ""), ElementsAre(Older("甲")));
  EXPECT_THAT(CompareTexts("甲甲", "甲"), ElementsAre(Common("甲"), Older("甲")));
}

TEST(CompareTextsTest, LongMiddlesChangeAsAWhole) {
  std::string older = "甲";
  std::string newer = "甲";
  for (int i = 0; i < 2100; ++i) {
    older += "乙丙";
    newer += "丁丙";
  }
  const std::vector<TextStretch> stretches = CompareTexts(older + "戊", newer + "戊");
  ASSERT_EQ(stretches.size(), 4u);
  EXPECT_EQ(stretches[1].text, older.substr(3, older.size() - 6));
  EXPECT_EQ(stretches[3].text, "丙戊");
}

TEST(CompareTextsTest, MalformedBytesAreComparedAsTheyAre) {
  EXPECT_THAT(CompareTexts("a\xFF", "a\xFE"),
              ElementsAre(Common("a"), Older("\xFF"), Newer("\xFE")));
}

}  // namespace
}  // namespace policykb
