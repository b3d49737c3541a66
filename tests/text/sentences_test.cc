#include "core/text/sentences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace policykb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Sentences(std::string_view text) {
  std::vector<std::string> sentences;
  for (const Span span : SplitSentences(text)) sentences.emplace_back(Slice(text, span));
  return sentences;
}

TEST(Sentences, ChineseEndMarksEndThem) {
  EXPECT_THAT(Sentences("甲应当登记。乙可以吗？丙！丁"),
              ElementsAre("甲应当登记。", "乙可以吗？", "丙！", "丁"));
  EXPECT_THAT(Sentences("为什么？！好。。"), ElementsAre("为什么？！", "好。。"));
  EXPECT_THAT(Sentences("甲｡乙"), ElementsAre("甲｡", "乙"));
}

TEST(Sentences, ClosingQuotesAndBracketsBelongToTheSentenceBefore) {
  EXPECT_THAT(Sentences("他说：“可以。”乙同意。（完。）丙"),
              ElementsAre("他说：“可以。”", "乙同意。", "（完。）", "丙"));
  EXPECT_THAT(Sentences("甲说\"可以。\"乙"), ElementsAre("甲说\"可以。\"", "乙"));
  EXPECT_THAT(Sentences("甲。\"乙\"丙。"), ElementsAre("甲。", "\"乙\"丙。"));
}

TEST(Sentences, SemicolonsAndColonsDoNotEndThem) {
  EXPECT_THAT(Sentences("下列情形：（一）甲；（二）乙。"),
              ElementsAre("下列情形：（一）甲；（二）乙。"));
}

TEST(Sentences, EveryLineEndEndsThem) {
  EXPECT_THAT(Sentences("第一条\n甲\r\n\r\n乙\u2028丙"), ElementsAre("第一条", "甲", "乙", "丙"));
}

TEST(Sentences, WhiteSpaceAtTheirEndsIsLeftOut) {
  EXPECT_THAT(Sentences("\u3000\u3000甲。 \t乙 \n\u00A0丙\uFEFF"), ElementsAre("甲。", "乙", "丙"));
  EXPECT_THAT(Sentences(""), IsEmpty());
  EXPECT_THAT(Sentences(" \n\u3000"), IsEmpty());
}

TEST(Sentences, AsciiMarksBeforeSpaceEndThem) {
  EXPECT_THAT(Sentences("Apply now. Then wait! Is it done? Yes."),
              ElementsAre("Apply now.", "Then wait!", "Is it done?", "Yes."));
  EXPECT_THAT(Sentences("He said \"No.\" Then left."),
              ElementsAre("He said \"No.\"", "Then left."));
  EXPECT_THAT(Sentences("Wait... Then go."), ElementsAre("Wait...", "Then go."));
}

TEST(Sentences, NumbersAndAddressesAreNotCut) {
  EXPECT_THAT(Sentences("It costs 3.50 at va.gov/x.html now."),
              ElementsAre("It costs 3.50 at va.gov/x.html now."));
  EXPECT_THAT(Sentences("It began in 2023. It ended."),
              ElementsAre("It began in 2023.", "It ended."));
}

TEST(Sentences, AbbreviationsDoNotEndThem) {
  EXPECT_THAT(Sentences("Mr. Smith v. Jones, 38 U.S.C. 1310, e.g. this. See Sec. 5."),
              ElementsAre("Mr. Smith v. Jones, 38 U.S.C. 1310, e.g. this.", "See Sec. 5."));
  EXPECT_THAT(Sentences("See No. 5. The answer is no. Then stop."),
              ElementsAre("See No. 5.", "The answer is no.", "Then stop."));
  EXPECT_THAT(Sentences("Rice, flour etc. are taxed. J. Doe agreed."),
              ElementsAre("Rice, flour etc. are taxed.", "J. Doe agreed."));
}

TEST(Sentences, EnumeratorsDoNotEndThem) {
  EXPECT_THAT(Sentences("1. Apply.\n1.2. Wait.\na. Go.\niv. Stop."),
              ElementsAre("1. Apply.", "1.2. Wait.", "a. Go.", "iv. Stop."));
  EXPECT_THAT(Sentences("1．申请人．受理人"), ElementsAre("1．申请人．", "受理人"));
}

TEST(Sentences, AsciiQuestionMarkBeforeHanEndsThem) {
  EXPECT_THAT(Sentences("可以吗?可以!好"), ElementsAre("可以吗?", "可以!", "好"));
}

TEST(Sentences, CoverEverythingButWhiteSpaceInOrder) {
  std::mt19937 random(3);
  const std::vector<std::string> pieces = {"甲", "。", "！", "”",      "（",   "）",
                                           "\"", ".",  "?",  " ",      "\n",   "a",
                                           "Mr", "1",  "．", "\u3000", "\xFF", "…"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (size_t n = random() % 14; n > 0; --n) text += pieces[random() % pieces.size()];
    std::string outside = text;
    uint32_t end = 0;
    for (const Span span : SplitSentences(text)) {
      ASSERT_GE(span.start, end);
      ASSERT_LT(span.start, span.end);
      ASSERT_LE(span.end, text.size());
      for (uint32_t i = span.start; i < span.end; ++i) outside[i] = ' ';
      end = span.end;
      ASSERT_THAT(std::string(Slice(text, span)), testing::Not(testing::HasSubstr("\n")));
    }
    for (size_t at; (at = outside.find("\u3000")) != std::string::npos;) outside.erase(at, 3);
    ASSERT_EQ(outside.find_first_not_of(" \n"), std::string::npos) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace policykb
