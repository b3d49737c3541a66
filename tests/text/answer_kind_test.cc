#include "core/text/answer_kind.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace policykb {
namespace {

TEST(AnswerKindTest, QuestionsSayWhatTheyWantToHear) {
  EXPECT_EQ(AskedKinds("养狗办证要交钱吗"), kAnswersMoney);
  EXPECT_EQ(AskedKinds("补办身份证要多久"), kAnswersTime);
  EXPECT_EQ(AskedKinds("去哪里打疫苗"), kAnswersPlace);
  EXPECT_EQ(AskedKinds("孩子入学要带什么材料"), kAnswersMaterials);
  EXPECT_EQ(AskedKinds("酒驾会怎么判"), kAnswersPenalty);
  EXPECT_EQ(AskedKinds("要罚多少"), kAnswersMoney | kAnswersPenalty);
  EXPECT_EQ(AskedKinds("How long does it take and what is the fee?"), kAnswersTime | kAnswersMoney);
  EXPECT_EQ(AskedKinds("WHERE do I go"), kAnswersPlace);
  EXPECT_EQ(AskedKinds("居住证"), 0);
  EXPECT_EQ(AskedKinds(""), 0);
}

TEST(AnswerKindTest, TextsHoldWhatTheyName) {
  EXPECT_EQ(HeldKinds("工本费二十元。"), kAnswersMoney);
  EXPECT_EQ(HeldKinds("自受理之日起15个工作日内办结"), kAnswersTime | kAnswersProcedure);
  // A unit without a number is no period and no sum.
  EXPECT_EQ(HeldKinds("节日和元旦"), 0);
  EXPECT_EQ(HeldKinds("within 10 days"), kAnswersTime);
  EXPECT_EQ(HeldKinds("days pass"), 0);
  EXPECT_EQ(HeldKinds("处三年以下有期徒刑"), kAnswersPenalty | kAnswersTime);
  EXPECT_EQ(HeldKinds(""), 0);
}

TEST(AnswerKindTest, TheInnermostHeadingCounts) {
  const std::vector<std::string> path = {"收费标准", "申请材料"};
  EXPECT_EQ(HeadedKinds(path), kAnswersMaterials);
  EXPECT_EQ(HeadedKinds({}), 0);
  const std::vector<std::string> english = {"How long it takes: time limits"};
  EXPECT_EQ(HeadedKinds(english), kAnswersTime | kAnswersProcedure);
}

}  // namespace
}  // namespace policykb
