#include "generator/grounding/polarity.h"

#include <gtest/gtest.h>

#include "core/text/normalize.h"

namespace policykb {
namespace {

bool Agree(std::string_view claim, std::string_view source) {
  return PolarityAgrees(NormalizeForMatch(claim), NormalizeForMatch(source));
}

TEST(PolarityTest, AgreesOnTheSameForceInOtherWords) {
  EXPECT_TRUE(Agree("养犬人必须办理登记。", "养犬人应当办理登记。"));
  EXPECT_TRUE(Agree("严禁在楼道堆放杂物。", "不得在楼道堆放杂物。"));
  EXPECT_TRUE(Agree("无须提交身份证复印件。", "不需要提交身份证复印件。"));
  EXPECT_TRUE(Agree("每户最多养犬二只。", "每户养犬不得超过二只。"));
  EXPECT_TRUE(Agree("需要提交营业执照。", "所需材料：营业执照。"));
  EXPECT_TRUE(Agree("Applicants shall register.", "Applicants must register."));
  EXPECT_TRUE(Agree("属于国家所有。", "属于国家所有，但是法律规定属于集体所有的除外。"));
}

TEST(PolarityTest, CatchesEveryFlipOfForce) {
  const char* forces[] = {"应当", "不得", "可以", "无需"};
  for (const char* claim : forces) {
    for (const char* source : forces) {
      const std::string a = std::string("申请人") + claim + "委托他人办理登记。";
      const std::string b = std::string("申请人") + source + "委托他人办理登记。";
      EXPECT_EQ(Agree(a, b), claim == source) << a << b;
    }
  }
  EXPECT_FALSE(Agree("符合条件的不予受理。", "符合条件的予以受理。"));
  EXPECT_FALSE(Agree("申请人补正材料的，应当受理。", "申请人补正材料的，不予受理。"));
  EXPECT_FALSE(Agree("Applicants may sublet the flat.", "Applicants must not sublet the flat."));
  EXPECT_FALSE(Agree("A fee is required to be paid.", "A fee need not be paid."));
}

TEST(PolarityTest, CatchesPlainNegations) {
  EXPECT_FALSE(Agree("军用犬适用本条例。", "军用犬不适用本条例。"));
  EXPECT_FALSE(Agree("军用犬不适用本条例。", "军用犬适用本条例。"));
  EXPECT_FALSE(Agree("办理登记收取费用。", "办理登记不收取费用。"));
  EXPECT_FALSE(Agree("动产登记由登记机构办理。", "不动产登记由登记机构办理。"));
  EXPECT_FALSE(Agree("超过二只的予以登记。", "未超过二只的予以登记。"));
  EXPECT_FALSE(Agree("The rule does not apply to dogs.", "The rule does apply to dogs."));
}

TEST(PolarityTest, CatchesADroppedProhibition) {
  EXPECT_FALSE(Agree("在电梯内吸烟。", "不得在电梯内吸烟。"));
}

TEST(PolarityTest, TakesNoForceFromTitlesAndLeadingWords) {
  EXPECT_TRUE(Agree("根据《禁止传销条例》第十条的规定，由公安机关查处。", "由公安机关查处。"));
  EXPECT_TRUE(Agree("根据本法的规定，任何机关不得违反国家规定扣减工资。",
                    "任何机关不得违反国家规定扣减工资。"));
  EXPECT_TRUE(Agree("根据实际需要聘请专业人员。", "可以根据实际需要聘请专业人员。"));
}

TEST(PolarityTest, ComparesForcesInTheirPlace) {
  const char* source = "登记机关应当一次性告知申请人需要补正的材料。";
  EXPECT_TRUE(Agree("登记机关应当一次性告知申请人需要补正的材料。", source));
  EXPECT_FALSE(Agree("登记机关不得一次性告知申请人需要补正的材料。", source));
  EXPECT_FALSE(Agree("其坚持起诉的，裁定予以受理，但是合同无效的除外。",
                     "其坚持起诉的，裁定不予受理，但是合同无效的除外。"));
}

TEST(PolarityTest, PicksTheClauseThatIsMeant) {
  const char* source = "单位应当在三十日内申报，个人可以自愿申报，任何人不得瞒报。";
  EXPECT_TRUE(Agree("个人可以自愿申报。", source));
  EXPECT_TRUE(Agree("任何人不得瞒报。", source));
  EXPECT_FALSE(Agree("个人应当自愿申报。", source));
}

}  // namespace
}  // namespace policykb
