#include "generator/chat_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "sk-0123456789abcdef";

ChatDelta DecodeDelta(std::string_view json) {
  const absl::StatusOr<ChatEvent> event = DecodeChatEvent(json, kKey);
  EXPECT_TRUE(event.ok()) << event.status();
  EXPECT_TRUE(event->error.status.ok()) << event->error.status;
  return event->delta;
}

TEST(ChatProtocolTest, EncodesMessagesAndSurvivesMalformedText) {
  const std::string body = EncodeChatRequest(
      "m", {{ChatRole::kSystem, "s"}, {ChatRole::kUser, "q\"\n\xFF"}}, 7, ChatStreaming::kPlain);
  EXPECT_EQ(body,
            "{\"max_tokens\":7,\"messages\":[{\"content\":\"s\",\"role\":\"system\"},"
            "{\"content\":\"q\\\"\\n\xEF\xBF\xBD\",\"role\":\"user\"}],\"model\":\"m\","
            "\"stream\":true,\"temperature\":0}");
}

TEST(ChatProtocolTest, ReadsTextAndFinish) {
  const ChatDelta delta =
      DecodeDelta("{\"choices\":[{\"delta\":{\"content\":\"甲\"},\"finish_reason\":\"stop\"}]}");
  EXPECT_EQ(delta.text, "甲");
  EXPECT_EQ(delta.finish, ChatFinish::kStop);
  EXPECT_EQ(DecodeDelta("{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}").finish,
            ChatFinish::kLength);
  EXPECT_EQ(DecodeDelta("{\"choices\":[],\"usage\":{}}").finish, ChatFinish::kNotYet);
  EXPECT_EQ(DecodeDelta("{\"choices\":[{\"message\":{\"content\":\"乙\"}}]}").text, "乙");
}

TEST(ChatProtocolTest, SeesReasoningFieldsAndKeepsNothingOfThem) {
  for (const char* json :
       {"{\"choices\":[{\"delta\":{\"reasoning_content\":\"SECRET\"}}]}",
        "{\"choices\":[{\"delta\":{\"reasoning\":\"SECRET\",\"content\":null}}]}",
        "{\"choices\":[{\"delta\":{\"thinking\":\"SECRET\"}}]}",
        "{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"thinking\",\"text\":\"SECRET\"}]}}]"
        "}"}) {
    const ChatDelta delta = DecodeDelta(json);
    EXPECT_TRUE(delta.has_reasoning) << json;
    EXPECT_EQ(delta.text, "") << json;
  }
  EXPECT_FALSE(
      DecodeDelta("{\"choices\":[{\"delta\":{\"reasoning_content\":null,\"content\":\"x\"}}]}")
          .has_reasoning);
}

TEST(ChatProtocolTest, ReadsErrorsInsideAStream) {
  const auto event =
      DecodeChatEvent("{\"error\":{\"message\":\"overloaded\",\"type\":\"x\",\"code\":503}}", kKey);
  ASSERT_TRUE(event.ok());
  EXPECT_EQ(event->error.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(event->error.status.message()), HasSubstr("overloaded"));
  EXPECT_TRUE(event->error.retry_may_help);
  const auto flat =
      DecodeChatEvent("{\"object\":\"error\",\"message\":\"bad\",\"code\":400}", kKey);
  ASSERT_TRUE(flat.ok());
  EXPECT_EQ(flat->error.status.code(), absl::StatusCode::kInvalidArgument);
}

TEST(ChatProtocolTest, TurnsEveryErrorInEveryShapeIntoItsCode) {
  struct Case {
    int http;
    absl::StatusCode code;
    bool retry;
  };
  for (const Case& c : {Case{400, absl::StatusCode::kInvalidArgument, false},
                        Case{401, absl::StatusCode::kUnauthenticated, false},
                        Case{402, absl::StatusCode::kResourceExhausted, false},
                        Case{422, absl::StatusCode::kInvalidArgument, false},
                        Case{429, absl::StatusCode::kResourceExhausted, true},
                        Case{500, absl::StatusCode::kUnavailable, true},
                        Case{503, absl::StatusCode::kUnavailable, true},
                        Case{302, absl::StatusCode::kUnavailable, false}}) {
    for (const std::string& body :
         {std::string("{\"error\":{\"message\":\"why not\"}}"),
          std::string("{\"message\":\"why not\"}"), std::string("{\"error\":\"why not\"}"),
          std::string("{\"detail\":\"why not\"}"), std::string("why not")}) {
      const ChatError error = DecodeChatError(c.http, body, kKey);
      EXPECT_EQ(error.status.code(), c.code) << c.http << body;
      EXPECT_EQ(error.retry_may_help, c.retry) << c.http << body;
      EXPECT_THAT(std::string(error.status.message()), HasSubstr(Cat("HTTP ", c.http)));
      if (c.http != 401) {
        EXPECT_THAT(std::string(error.status.message()), HasSubstr("why not"));
      }
    }
  }
  EXPECT_THAT(std::string(DecodeChatError(503, "<html>...", kKey).status.message()),
              HasSubstr("an HTML page"));
}

TEST(ChatProtocolTest, StrikesTheKeyOutOfEveryMessage) {
  for (size_t before = 0; before < 300; ++before) {
    const std::string words = Cat(std::string(before, 'x'), kKey, "tail");
    const std::string body = Cat("{\"error\":{\"message\":\"", words, "\"}}");
    for (const std::string& message :
         {std::string(DecodeChatError(400, body, kKey).status.message()),
          std::string(DecodeChatError(500, words, kKey).status.message()),
          std::string(DecodeChatEvent(body, kKey)->error.status.message()),
          std::string(DecodeChatEvent(words, kKey).status().message())}) {
      EXPECT_THAT(message, Not(HasSubstr("sk-0"))) << before;
      EXPECT_LE(message.size(), 300u);
    }
  }
}

TEST(ChatProtocolTest, RefusesWhatIsNoReplyWithOneReadableLine) {
  for (const std::string& junk :
       {std::string("<html>\n<b>\x01"), std::string("null"), std::string("[]"), std::string("{}"),
        std::string("{\"choices\":7}"), std::string("{\"choices\":"), std::string("\xFF\xFE"),
        std::string(100000, '[')}) {
    const auto event = DecodeChatEvent(junk, kKey);
    ASSERT_FALSE(event.ok()) << junk.substr(0, 20);
    EXPECT_EQ(event.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_EQ(event.status().message().find('\n'), absl::string_view::npos);
  }
}

TEST(ChatProtocolTest, SurvivesEveryFlippedAndCutByte) {
  const std::string event =
      "{\"choices\":[{\"delta\":{\"content\":\"甲\",\"reasoning\":\"r\"},\"finish_reason\":null}],"
      "\"error\":{\"code\":\"503\",\"message\":\"x\"}}";
  std::mt19937 random(1);
  for (size_t i = 0; i < event.size(); ++i) {
    std::string flipped = event;
    flipped[i] = static_cast<char>(random());
    DecodeChatEvent(flipped, kKey).IgnoreError();
    DecodeChatError(500, flipped, kKey).status.IgnoreError();
    EXPECT_FALSE(DecodeChatEvent(event.substr(0, i), kKey).ok());
  }
}

}  // namespace
}  // namespace policykb
