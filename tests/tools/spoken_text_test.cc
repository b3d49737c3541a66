#include "tools/kiosk_example/spoken_text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace policykb {
namespace {

TEST(SpokenTextTest, MarksForTheEyeAreNotSaid) {
  const std::pair<std::string, std::string> samples[] = {
      {"不收登记费、年费。[1]", "不收登记费、年费。"},
      {"不收登记费[1][2]，免费办理【3】。[^4]", "不收登记费，免费办理。"},
      {"依照《沧宁市养犬管理条例》第十三条办理。", "依照沧宁市养犬管理条例第十三条办理。"},
      {"第十三条　养犬登记不收取登记费。", "第十三条，养犬登记不收取登记费。"},
      {"- 身份证\n- 户口簿（原件）", "身份证。户口簿，原件"},
      {"1. 填表\n2. 交表", "填表。交表"},
      {"（一）身份证；\n（二）户口簿。", "身份证；户口簿。"},
      {"一、办理条件\n二、所需材料", "办理条件。所需材料"},
      {"**免费**办理", "免费办理"},
      {"收费标准|免费", "收费标准，免费"},
      {"沧政发〔2023〕12号", "沧政发2023年12号"},
  };
  for (const auto& [text, said] : samples) EXPECT_EQ(SpokenText(text), said) << text;
}

TEST(SpokenTextTest, NumbersAreWrittenAsTheyAreSaid) {
  const std::pair<std::string, std::string> samples[] = {
      {"自2023-07-01起施行。", "自2023年7月1日起施行。"},
      {"周一至周五9:00-17:30", "周一至周五9点至17点30分"},
      {"办理需3-5个工作日", "办理需3至5个工作日"},
      {"提高10%", "提高百分之10"},
      {"按10%～20%收取", "按百分之10至百分之20收取"},
      {"补贴¥1,200", "补贴1200元"},
      {"补贴１２００元", "补贴1200元"},
      {"请拨打12345。", "请拨打幺二三四五。"},
      {"电话010-62000000", "电话零幺零，六二零零零零零零"},
      {"电话13800138000。", "电话幺三八零零幺三八零零零。"},
      {"罚款12345元", "罚款12345元"},
      {"共120天", "共120天"},
      {"0799-555-0114。", "零七九九，五五五，零幺幺四。"},
      {"执行GB 50016-2014。", "执行GB50016-2014。"},
  };
  for (const auto& [text, said] : samples) EXPECT_EQ(SpokenText(text), said) << text;
}

TEST(SpokenTextTest, EnglishIsSaidAsEnglish) {
  const std::pair<std::string, std::string> samples[] = {
      {"The fee is RMB 1,200 (non-refundable).[1]", "The fee is 1200 yuan, non-refundable."},
      {"- Passport\n- Form", "Passport. Form"},
      {"It takes 3-5 days and 10% more.", "It takes 3 to 5 days and 10 percent more."},
      {"See §12.", "See section 12."},
      {"Call 0799-555-0114", "Call 0 7 9 9, 5 5 5, 0 1 1 4"},
      {"From 2023-07-01, 9:00-17:30.", "From 2023-07-01, 9:00 to 17:30."},
  };
  for (const auto& [text, said] : samples) EXPECT_EQ(SpokenText(text), said) << text;
}

TEST(SpokenTextTest, TakesBytesThatAreNoText) {
  EXPECT_EQ(SpokenText(""), "");
  EXPECT_EQ(SpokenText("\xFF"), "\xEF\xBF\xBD");
}

}  // namespace
}  // namespace policykb
