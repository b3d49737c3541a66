#include "generator/grounding/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"
#include "tests/generator/fake_generator_parts.h"

namespace policykb {
namespace {

constexpr char kDogs[] =
    "第七条　本市对饲养的犬只实行狂犬病强制免疫。犬只出生满三个月的，养犬人应当在三十日内送至免疫点"
    "接种疫苗，以后每十二个月接种一次。\n\n政府指定的免疫点提供的狂犬病疫苗免费。";
constexpr char kHouse[] =
    "第九条　个人在重点管理区内养犬的，每户不得超过二只。犬只繁殖幼犬超过限养数量的，养犬人应当自幼"
    "犬"
    "出生之日起三个月内自行处置；违反规定的，由公安机关处五百元以上一千元以下罚款。";
constexpr char kGuide[] =
    "| 业务类型 | 法定时限 | 本县承诺时限 |\n| --- | --- | --- |\n| 新办 | 10个工作日 | 6个工作日 "
    "|\n"
    "| 变更 | 10个工作日 | 4个工作日 |\n| 延续 | 15个工作日 | 3个工作日 |";

class SupportTest : public ::testing::Test {
 protected:
  SupportVerdict Check(std::string_view claim, std::string_view text, int article = 7) {
    passage_ = MakePassage("dogs", "沧宁市养犬管理条例", article, text);
    evidence_ = std::make_unique<PassageEvidence>(passage_);
    const PassageEvidence* const one[] = {evidence_.get()};
    return CheckSupport(claim, one);
  }
  v1::Support Class(std::string_view claim, std::string_view text, int article = 7) {
    return Check(claim, text, article).support;
  }
  std::string Quote(const SupportVerdict& verdict) {
    return verdict.spans.empty() ? "" : std::string(Slice(passage_.text(), verdict.spans[0].span));
  }

  v1::Passage passage_;
  std::unique_ptr<PassageEvidence> evidence_;
};

TEST_F(SupportTest, SupportsWordsOfThePassage) {
  const SupportVerdict verdict =
      Check("犬只出生满3个月的，养犬人应当在30日内送至免疫点接种疫苗。", kDogs);
  EXPECT_EQ(verdict.support, v1::SUPPORT_SUPPORTED);
  EXPECT_EQ(Quote(verdict),
            "犬只出生满三个月的，养犬人应当在三十日内送至免疫点接种疫苗，以后每十二个月接种一次。");
  EXPECT_EQ(Class("狂犬病疫苗在政府指定的免疫点免费。", kDogs), v1::SUPPORT_SUPPORTED);
  EXPECT_EQ(Class("根据《沧宁市养犬管理条例》第九条，每户不得超过2只。", kHouse, 9),
            v1::SUPPORT_SUPPORTED);
  EXPECT_EQ(Class("违反规定的，由公安机关处500元以上1000元以下罚款。", kHouse, 9),
            v1::SUPPORT_SUPPORTED);
}

TEST_F(SupportTest, AClaimMayRetellAListOfManyItems) {
  constexpr char kList[] =
      "第三十八条　用人单位有下列情形之一的，劳动者可以解除劳动合同：\n"
      "（一）未按照劳动合同约定提供劳动保护的；\n（二）未及时足额支付劳动报酬的；\n"
      "（三）未依法为劳动者缴纳社会保险费的；\n（四）规章制度违反法律、损害劳动者权益的；\n"
      "（五）因本法第二十六条规定的情形致使劳动合同无效的；\n"
      "（六）强令冒险作业危及劳动者人身安全满三次的。";
  const auto claim = [](std::string_view article, std::string_view times) {
    return Cat(
        "未按照劳动合同约定提供劳动保护的，未及时足额支付劳动报酬的，未依法为劳动者缴纳社会保险"
        "费的，规章制度违反法律、损害劳动者权益的，因本法第",
        article, "条规定的情形致使劳动合同无效的，强令冒险作业危及劳动者人身安全满", times,
        "次的，劳动者可以解除劳动合同。");
  };
  const SupportVerdict verdict = Check(claim("26", "3"), kList, 38);
  EXPECT_EQ(verdict.support, v1::SUPPORT_SUPPORTED);
  // From the first item, or its lead-in, to the last.
  EXPECT_THAT(Quote(verdict),
              ::testing::AllOf(::testing::HasSubstr("（一）"), ::testing::HasSubstr("满三次的。")));
  EXPECT_EQ(Class(claim("27", "3"), kList, 38), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class(claim("26", "5"), kList, 38), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, CatchesAlteredNumbers) {
  for (const char* claim : {"犬只出生满3个月的，养犬人应当在20日内送至免疫点接种疫苗。",
                            "犬只出生满6个月的，养犬人应当在30日内送至免疫点接种疫苗。",
                            "犬只出生满3个月的，养犬人应当在30个工作日内送至免疫点接种疫苗。",
                            "养犬人应当每三个月接种一次疫苗，在30年内送至免疫点。"}) {
    EXPECT_EQ(Class(claim, kDogs), v1::SUPPORT_UNSUPPORTED) << claim;
  }
  EXPECT_EQ(Class("每户不得超过三只。", kHouse, 9), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("违反规定的，由公安机关处500元以上5000元以下罚款。", kHouse, 9),
            v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("违反规定的，由公安机关处500元以下罚款。", kHouse, 9), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, TakesANumberFromNoOtherSentence) {
  // 500 yuan stands in the passage, but not where two dogs do.
  EXPECT_EQ(Class("个人在重点管理区内养犬的，每户不得超过500只。", kHouse, 9),
            v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, ComparesNumbersInTheirPlace) {
  constexpr char kLimits[] = "第六条　超过一年的，不予保护；尚未超过一年的，其时效期间为二年。";
  EXPECT_EQ(Class("超过1年的，不予保护；尚未超过1年的，其时效期间为2年。", kLimits),
            v1::SUPPORT_SUPPORTED);
  // Two years stand in the sentence, but not here.
  EXPECT_EQ(Class("尚未超过1年的，其时效期间为1年。", kLimits), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, BearsOnlyInPartAClauseThatIsInvented) {
  EXPECT_EQ(Class("狂犬病疫苗在政府指定的免疫点免费，主人另有现金奖励可领。", kDogs),
            v1::SUPPORT_PARTLY_SUPPORTED);
}

TEST_F(SupportTest, CatchesFlippedPolarity) {
  EXPECT_EQ(Class("每户可以超过二只。", kHouse, 9), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("养犬人无需在三十日内送至免疫点接种疫苗。", kDogs), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, CatchesAWrongArticleAndAWrongTitle) {
  EXPECT_EQ(Class("根据第八条，每户不得超过二只。", kHouse, 9), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("根据《动物防疫法》，每户不得超过二只。", kHouse, 9), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, ReadsATableRowWithItsHeader) {
  EXPECT_EQ(Class("延续的法定时限为15个工作日。", kGuide), v1::SUPPORT_SUPPORTED);
  EXPECT_EQ(Class("变更的法定时限为15个工作日。", kGuide), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("新办的本县承诺时限为6个工作日。", kGuide), v1::SUPPORT_SUPPORTED);
}

TEST_F(SupportTest, ReadsARowOfATableWithoutOuterBars) {
  constexpr char kTable[] =
      "业务类型 | 法定时限\n新办 | 10个工作日\n变更 | 8个工作日\n延续 | 15个工作日";
  EXPECT_EQ(Class("延续的法定时限为15个工作日。", kTable), v1::SUPPORT_SUPPORTED);
  EXPECT_EQ(Class("变更的法定时限为15个工作日。", kTable), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, IsUnsupportedByUnrelatedText) {
  EXPECT_EQ(Class("公司股东会由全体股东组成。", kDogs), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("您好！", kDogs), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("", kDogs), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("养犬。", ""), v1::SUPPORT_UNSUPPORTED);
}

TEST_F(SupportTest, BearsInPartWhatKeepsHalfOfTheWords) {
  const SupportVerdict verdict =
      Check("给狗打狂犬病疫苗在政府指定的免疫点不花钱，十分方便。", kDogs);
  EXPECT_NE(verdict.support, v1::SUPPORT_SUPPORTED);
}

TEST_F(SupportTest, PutsSeveralPassagesTogether) {
  const v1::Passage first = MakePassage("a", "甲办法", 1, "申请人应当提交营业执照副本。");
  const v1::Passage second = MakePassage("a", "甲办法", 2, "登记机关应当在五日内作出决定。");
  const PassageEvidence a(first);
  const PassageEvidence b(second);
  const PassageEvidence* const both[] = {&a, &b};
  const SupportVerdict verdict =
      CheckSupport("申请人提交营业执照副本，登记机关在5日内作出决定。", both);
  EXPECT_EQ(verdict.support, v1::SUPPORT_SUPPORTED);
  EXPECT_EQ(verdict.spans.size(), 2u);
  // A passage that adds nothing is not cited.
  EXPECT_EQ(CheckSupport("登记机关应当在5日内作出决定。", both).spans.size(), 1u);
}

TEST_F(SupportTest, ChecksNumbersAloneAcrossLanguages) {
  const SupportVerdict good = Check("The dog must be vaccinated within 30 days.", kDogs);
  EXPECT_TRUE(good.cross_language);
  EXPECT_EQ(good.support, v1::SUPPORT_PARTLY_SUPPORTED);
  EXPECT_EQ(Class("The dog must be vaccinated within 20 days.", kDogs), v1::SUPPORT_UNSUPPORTED);
  EXPECT_EQ(Class("Dogs are nice.", kDogs), v1::SUPPORT_UNSUPPORTED);
}

}  // namespace
}  // namespace policykb
