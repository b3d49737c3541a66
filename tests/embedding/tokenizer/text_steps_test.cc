#include "core/embedding/tokenizer/text_steps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(BertTextTest, ControlsAreDroppedAndWhiteSpaceBecomesSpaces) {
  EXPECT_EQ(BertText("a\x01\tb\xE3\x80\x80"
                     "c\xC2\xA0"
                     "d\xEF\xBF\xBD\xE2\x80\x8B.",
                     {}),
            "a b c d.");
}

TEST(BertTextTest, HanStandsAloneAndKanaDoesNot) {
  EXPECT_EQ(BertText("第3条かな", {}), " 第 3 条 かな");
  EXPECT_EQ(BertText("第3条", {.separate_han = false}), "第3条");
}

TEST(BertTextTest, AccentsGoOnlyWhereAskedFor) {
  EXPECT_EQ(BertText("Führer", {.strip_accents = true, .lower_case = true}), "fuhrer");
  EXPECT_EQ(BertText("FÜhrer", {.lower_case = true}), "führer");
  EXPECT_EQ(BertText("FÜhrer", {}), "FÜhrer");
}

TEST(BertTextTest, MalformedBytesAreDropped) {
  EXPECT_EQ(BertText("a\xFF\xE4\xBD"
                     "b",
                     {}),
            "ab");
}

TEST(TextStepsTest, LowerCaseHasNoContext) {
  EXPECT_EQ(LowerCased("ΣΑΣ"), "σασ");
  EXPECT_EQ(LowerCased("İ"), "i\xCC\x87");
}

TEST(TextStepsTest, RunsBecomeOneReplacement) {
  EXPECT_EQ(ReplaceWhiteSpaceRuns("a \t\n b c", "_"), "a_b_c");
  EXPECT_EQ(ReplaceSpaceRuns("a  b c   ", "_"), "a_b c_");
}

TEST(TextStepsTest, EndsAreStrippedWhereAskedFor) {
  EXPECT_EQ(StripWhiteSpace(" a b\t", {}), "a b");
  EXPECT_EQ(StripWhiteSpace(" a ", {.left = false, .right = true}), " a");
  EXPECT_EQ(StripWhiteSpace(" a ", {.left = true, .right = false}), "a ");
  EXPECT_EQ(StripWhiteSpace(" \t ", {}), "");
}

TEST(TextStepsTest, PunctuationStandsAlone) {
  EXPECT_THAT(SplitWordsAndPunctuation("i'm, ok$  三、 "),
              ElementsAre("i", "'", "m", ",", "ok", "$", "三", "、"));
  EXPECT_THAT(SplitWordsAndPunctuation(" \n"), IsEmpty());
}

}  // namespace
}  // namespace policykb
