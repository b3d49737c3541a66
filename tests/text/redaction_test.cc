#include "core/text/redaction.h"

#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

TEST(RedactionTest, StrikesOutWhatIdentifiesAPerson) {
  const std::pair<std::string, std::string> samples[] = {
      {"我的身份证号11010519491231002X丢了", "我的身份证号[id]丢了"},
      {"身份证110105194912310021。", "身份证[id]。"},
      {"证号 110105 19491231 0021", "证号 [id]"},
      {"老证130503670401001", "老证[id]"},
      {"打13800138000找我", "打[phone]找我"},
      {"138-0013-8000或+86 138 0013 8000", "[phone]或+[phone]"},
      {"１３８００１３８０００", "[phone]"},
      {"一三八零零一三八〇〇〇", "[phone]"},
      {"幺三八零零幺三八零零零", "[phone]"},
      {"座机010-62000000", "座机[phone]"},
      {"卡号6222 0212 3456 7890 123", "卡号[card]"},
      {"卡6222021234567890", "卡[card]"},
      {"工单2026112400017", "工单[number]"},
      {"写信到zhang.san+1@example.com，谢谢", "写信到[e-mail]，谢谢"},
      {"13800138000@example.com", "[e-mail]"},
      {"2026-11-24到期，电话13800138000", "2026-11-24到期，电话[phone]"},
      {"13800138000 2026-11-24", "[phone] 2026-11-24"},
  };
  for (const auto& [text, redacted] : samples) EXPECT_EQ(RedactPersonalNumbers(text), redacted);
}

TEST(RedactionTest, LeavesWhatQuestionsAreAbout) {
  for (const std::string text :
       {"劳动法第38条第一款", "打12345投诉", "2026年11月24日以前", "2025.01.01起", "补贴3000元",
        "第三十二条", "一年三次，每次20日", "a@ b", "@", "10%以上", "京政发〔2023〕12号", "",
        "How much is it in 2026?", "1/2 3/4"}) {
    EXPECT_EQ(RedactPersonalNumbers(text), text);
  }
}

TEST(RedactionTest, TakesBytesThatAreNoText) {
  EXPECT_EQ(RedactPersonalNumbers("\xFF"
                                  "13800138000"),
            "\xEF\xBF\xBD[phone]");
}

}  // namespace
}  // namespace policykb
