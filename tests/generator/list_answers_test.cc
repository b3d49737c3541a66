// Lists, tables and answers in another language, as models write them: every item is checked by
// itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/grounding/claim_splitter.h"
#include "generator/grounding/grounder.h"
#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ListAnswersTest : public ::testing::Test {
 protected:
  // The sentences of the answer that are sent, and in `dropped_` how many are not.
  std::vector<std::string> Sent(std::string_view answer) {
    const std::vector<const v1::Passage*> hits = {&materials_, &times_, &law_};
    CitationList citations;
    Grounder grounder(GroundingPolicy::kStrict, hits, citations);
    ClaimSplitter splitter;
    std::vector<Claim> claims = splitter.Add(answer);
    for (Claim& claim : splitter.Finish()) claims.push_back(std::move(claim));
    std::vector<std::string> sent;
    for (const Claim& claim : claims) {
      const auto sentence = grounder.Check(claim);
      if (!sentence) continue;
      EXPECT_GT(sentence->citations_size(), 0) << claim.text;
      sent.push_back(sentence->text());
    }
    dropped_ = grounder.dropped();
    cross_language_ = grounder.cross_language();
    return sent;
  }

  const v1::Passage materials_ = MakePassage(
      "dogs", "沧宁市养犬管理条例", 12,
      "第十二条　申请养犬登记应当提交下列材料：\n（一）养犬人的身份证明；\n（二）犬只免疫"
      "证明；\n（三）居住地的房产证明或者租赁合同，租赁期限不少于六个月。\n登记机关应当自受理"
      "之日起五个工作日内作出决定。");
  const v1::Passage times_ =
      MakePassage("guide", "食品经营许可办事指南", 1,
                  "| 业务类型 | 法定时限 | 承诺时限 |\n| --- | --- | --- |\n| 新办 | 10个工作日 | "
                  "6个工作日 |\n| 变更 | 10个工作日 | 4个工作日 |");
  const v1::Passage law_ = MakePassage(
      "rules", "沧宁市养犬管理条例", 30,
      "第三十条　未办理养犬登记的，由公安机关责令限期改正，处五百元以上二千元以下罚款。犬只"
      "出生满三个月的，养犬人应当在三十日内办理登记。");
  int dropped_ = 0;
  bool cross_language_ = false;
};

TEST_F(ListAnswersTest, ANumberedListUnderAnIntroducingSentence) {
  EXPECT_THAT(
      Sent("申请养犬登记应当提交下列材料：[1]\n1. 养犬人的身份证明；[1]\n2. 犬只免疫证明；[1]\n"
           "3. 犬只绝育手术证明；[1]\n4. 居住地的房产证明，或者租赁期限不少于6个月的租赁合同。[1]"),
      ElementsAre("申请养犬登记应当提交下列材料：", "1. 养犬人的身份证明；", "2. 犬只免疫证明；",
                  "4. 居住地的房产证明，或者租赁期限不少于6个月的租赁合同。"));
  EXPECT_EQ(dropped_, 1);
}

TEST_F(ListAnswersTest, NumbersOfAListAreNoQuantities) {
  for (const char* mark :
       {"7. ", "7、", "（7）", "(7) ", "⑦", "七、", "（七）", "- ", "* ", "7) "}) {
    EXPECT_THAT(Sent(std::string(mark) + "居住地的房产证明或者租赁合同，租赁期限不少于六个月。[1]"),
                ::testing::SizeIs(1))
        << mark;
    EXPECT_THAT(Sent(std::string(mark) + "居住地的房产证明或者租赁合同，租赁期限不少于七个月。[1]"),
                IsEmpty())
        << mark;
  }
}

TEST_F(ListAnswersTest, MarksAtTheIntroducingSentenceAreEnough) {
  EXPECT_THAT(
      Sent("申请养犬登记应当提交下列材料：[1]\n\n1. 养犬人的身份证明\n2. 犬只免疫证明\n3. 犬只"
           "绝育手术证明\n"),
      ElementsAre("申请养犬登记应当提交下列材料：", "1. 养犬人的身份证明", "2. 犬只免疫证明"));
}

TEST_F(ListAnswersTest, ANestedListWithEmphasis) {
  EXPECT_THAT(
      Sent("- **登记材料**：养犬人的身份证明；[1]\n  - 犬只免疫证明；[1]\n  - 租赁期限不少于三个"
           "月的租赁合同；[1]\n- **时限**：登记机关自受理之日起5个工作日内作出决定。[1]"),
      ElementsAre("登记材料：养犬人的身份证明；", "犬只免疫证明；",
                  "时限：登记机关自受理之日起5个工作日内作出决定。"));
  EXPECT_EQ(dropped_, 1);
}

TEST_F(ListAnswersTest, RowsOfAMarkdownTable) {
  EXPECT_THAT(
      Sent("| 业务类型 | 承诺时限 |\n|---|:---:|\n| 新办 | 6个工作日 [2] |\n| 变更 | 9个工作日 "
           "[2] |\n| 变更 | 4个工作日 [2] |\n"),
      ElementsAre("| 业务类型 | 承诺时限 |", "| 新办 | 6个工作日  |", "| 变更 | 4个工作日  |"));
  // The rule between header and rows says nothing; only the wrong row is dropped.
  EXPECT_EQ(dropped_, 1);
}

TEST_F(ListAnswersTest, ARowMayNotTakeTheNumberOfAnother) {
  EXPECT_THAT(Sent("| 新办 | 10个工作日 | 4个工作日 |[2]\n"), IsEmpty());
  EXPECT_THAT(Sent("| 变更 | 10个工作日 | 6个工作日 |[2]\n"), IsEmpty());
}

TEST_F(ListAnswersTest, EnglishOverChineseLawKeepsNumbersAndSaysThatWordingWasNotChecked) {
  EXPECT_THAT(Sent("Owners who do not register are fined 500 to 2,000 yuan.[3] Dogs must be "
                   "registered within thirty days.[3]"),
              ElementsAre("Owners who do not register are fined 500 to 2,000 yuan.",
                          "Dogs must be registered within thirty days."));
  EXPECT_TRUE(cross_language_);
  for (const char* wrong : {"Owners who do not register are fined 500 to 3,000 yuan.[3]",
                            "Dogs must be registered within 60 days.[3]",
                            "Dogs must be registered within three months and 31 days.[3]",
                            "Dogs must be registered within 30 years.[3]",
                            "Owners are fined 500 to 2,000 dollars.[3]"}) {
    EXPECT_THAT(Sent(wrong), IsEmpty()) << wrong;
  }
}

TEST_F(ListAnswersTest, AnEnglishListOverChineseLawIsCheckedItemByItem) {
  EXPECT_THAT(
      Sent("1. The fine is at least 500 yuan and at most 2,000 yuan.[3]\n2. A decision is made "
           "within 5 working days.[1]\n3. A decision is made within 15 working days.[1]\n"),
      ElementsAre("1. The fine is at least 500 yuan and at most 2,000 yuan.",
                  "2. A decision is made within 5 working days."));
}

}  // namespace
}  // namespace policykb
