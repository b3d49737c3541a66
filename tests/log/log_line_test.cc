#include "core/log/log_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(LogLineTest, FieldsStandInTheOrderTheyWereGiven) {
  const LogLine line =
      LogLine("call").Add("method", "Search").Add("ms", 1.25).Add("hits", 10).Add("cached", false);
  EXPECT_EQ(line.ToText(), "event=call method=Search ms=1.250 hits=10 cached=false");
  EXPECT_EQ(line.ToJson(),
            R"({"event":"call","method":"Search","ms":1.250,"hits":10,"cached":false})");
}

TEST(LogLineTest, ValuesOfOtherCharactersAreQuoted) {
  EXPECT_EQ(LogLine("x").Add("a", "").Add("b", "two words").Add("c", "窗口").ToText(),
            R"(event=x a="" b="two words" c="窗口")");
  EXPECT_EQ(LogLine("x").AddList("a", {"documents/a", "b\"c"}).ToJson(),
            R"({"event":"x","a":["documents/a","b\"c"]})");
}

TEST(LogLineTest, NoValueBeginsALineOrAField) {
  const std::string forged[] = {
      "a\nevent=forged",   "a\r\nevent=forged",        "a event=forged",
      "a\" event=forged",  "a\\\" event=forged",       "a\xE2\x80\xA8 event=forged",
      "a\xC2\x85 x",       "a\x1B[2K event=forged",    "\xE2\x80\xAE event=forged",
      "a\",\"code\":\"OK", std::string("a\0b\xFF", 4),
  };
  for (const std::string& value : forged) {
    const LogLine line = LogLine("call").Add("caller", value).Add("code", "NOT_FOUND");
    const std::string text = line.ToText();
    EXPECT_THAT(text, ::testing::StartsWith("event=call caller=\""));
    EXPECT_THAT(text, ::testing::EndsWith("\" code=NOT_FOUND"));
    // Between these two quotes none stands without a backslash.
    const size_t begin = std::string_view("event=call caller=\"").size();
    const size_t end = text.size() - std::string_view("\" code=NOT_FOUND").size();
    for (size_t at = begin; at < end; ++at) {
      EXPECT_NE(text[at], '"') << text;
      EXPECT_GE(static_cast<unsigned char>(text[at]), 0x20) << text;
      if (text[at] == '\\') ++at;
    }
    EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xA8")));
    EXPECT_THAT(text, Not(HasSubstr("\xC2\x85")));
    const nlohmann::json parsed = nlohmann::json::parse(line.ToJson(), nullptr, false);
    ASSERT_TRUE(parsed.is_object()) << line.ToJson();
    EXPECT_EQ(parsed.size(), 3U);
    EXPECT_EQ(parsed["event"], "call");
    EXPECT_EQ(parsed["code"], "NOT_FOUND");
  }
}

TEST(LogLineTest, MessagesFromElsewhereCarryNoNumbersOfPersons) {
  const LogLine line = LogLine("x").AddMessage("reason", "no such answer: 13800138000 at 10.0.0.1");
  EXPECT_EQ(line.ToText(), R"(event=x reason="no such answer: [phone] at 10.0.0.1")");
}

TEST(LogLineTest, LongValuesEndAtAWholeCharacter) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "法";
  const std::string line = LogLine("x").Add("a", text).ToText();
  // 334 characters of three bytes are the first to reach 1000 bytes.
  EXPECT_EQ(line.size(), std::string_view("event=x a=\"...\"").size() + 334 * 3);
}

}  // namespace
}  // namespace policykb
