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
      {"138  0013 - 8000", "[phone]"},
      {"138/0013/8000转2", "[phone]转2"},
      {"138\u200B00138000", "[phone]"},
      {"壹叁捌零零壹叁捌零零零", "[phone]"},
      {"(010)6200-0000", "([phone]"},
      {"110105 1949 1231 002 x", "[id]"},
      {"zhang ＠ example.com", "[e-mail]"},
      {"张三@example.com", "张三[e-mail]"},
  };
  for (const auto& [text, redacted] : samples) EXPECT_EQ(RedactPersonalNumbers(text), redacted);
}

TEST(RedactionTest, LeavesWhatQuestionsAreAbout) {
  for (const std::string text : {"劳动法第38条第一款",
                                 "打12345投诉",
                                 "2026年11月24日以前",
                                 "2025.01.01起",
                                 "补贴3000元",
                                 "第三十二条",
                                 "一年三次，每次20日",
                                 "a@ b",
                                 "@",
                                 "10%以上",
                                 "京政发〔2023〕12号",
                                 "",
                                 "How much is it in 2026?",
                                 "1/2 3/4",
                                 "2019-2023年",
                                 "20230101起施行",
                                 "3000-5000元",
                                 "12345678.90元",
                                 "第1001-1003条",
                                 "GB/T 19001-2016",
                                 "GB 50016-2014",
                                 "银发(2023)1234号",
                                 "罚款10000000元",
                                 "RMB 12345678",
                                 "２０２３－１１－２４",
                                 "Section 1001-1003",
                                 "9:00-17:30"}) {
    EXPECT_EQ(RedactPersonalNumbers(text), text);
  }
}

TEST(RedactionTest, AnAmountOrDateWithTheFormOfAPersonsNumberIsStruckOut) {
  const std::pair<std::string, std::string> samples[] = {
      {"13800138000元", "[phone]元"},   {"第13800138000号", "第[phone]号"},
      {"座机20231124", "座机[number]"}, {"电话2019-2023", "电话[number]"},
      {"1990-11-11-234", "[phone]"},  // a mobile number in odd groups
      {"62000000", "[number]"},
  };
  for (const auto& [text, redacted] : samples) EXPECT_EQ(RedactPersonalNumbers(text), redacted);
}

TEST(RedactionTest, MessagesOfProgramsKeepAddressesOfMachinesAndIdsOfSnapshots) {
  const std::string message =
      "snapshots/20261124-012927/MANIFEST.json: checksum; retriever at 192.168.100.200:50051";
  EXPECT_EQ(RedactMessage(message), message);
  EXPECT_NE(RedactPersonalNumbers(message), message);
  EXPECT_EQ(RedactMessage("query 13800138000 at 138.001.380.00"), "query [phone] at [phone]");
  EXPECT_EQ(RedactMessage("20261324-012927"), "[number]");  // no month 13
}

TEST(RedactionTest, LongListsOfNumbersTakeNoLongTime) {
  // One search from every group to every other would be 10^10 looks. Nines begin no number of a
  // person and pass Luhn for no length of cards.
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "9 ";
  EXPECT_EQ(RedactPersonalNumbers(text + "元"), text + "元");
  EXPECT_EQ(RedactPersonalNumbers(text), "[number] ");
}

TEST(RedactionTest, TakesBytesThatAreNoText) {
  EXPECT_EQ(RedactPersonalNumbers("\xFF"
                                  "13800138000"),
            "\xEF\xBF\xBD[phone]");
}

}  // namespace
}  // namespace policykb
