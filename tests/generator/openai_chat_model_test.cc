#include "generator/openai_chat_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "tests/testing/fake_chat_server.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kKey[] = "sk-secret-0123456789";

struct Outcome {
  absl::Status status;
  std::string text;
  absl::Duration took;
  ChatUsage usage;
};

class OpenAiChatModelTest : public ::testing::Test {
 protected:
  Outcome Ask(absl::Duration limit = absl::Seconds(10),
              ReasoningMarks marks = ReasoningMarks::kUnknown) {
    const auto model = OpenAiChatModel::Create({.url = server_.url(),
                                                .model = "m",
                                                .key = kKey,
                                                .marks = marks,
                                                .first_pause = absl::Milliseconds(1)});
    EXPECT_TRUE(model.ok()) << model.status();
    Outcome outcome;
    const absl::Time start = absl::Now();
    ChatRequest request{.messages = {{ChatRole::kUser, "问题"}},
                        .deadline = start + limit,
                        .cancelled = cancelled_};
    const ChatOutcome told = WaitForChat(**model, request, [&](std::string_view text) {
      outcome.text += text;
      return true;
    });
    outcome.status = told.status;
    outcome.usage = told.usage;
    outcome.took = absl::Now() - start;
    EXPECT_THAT(std::string(outcome.status.message()), Not(HasSubstr("secret")));
    EXPECT_EQ(outcome.status.message().find('\n'), absl::string_view::npos);
    return outcome;
  }

  FakeChatServer server_;
  std::function<bool()> cancelled_;
};

TEST(ChatCompletionsUrlTest, TakesBaseUrlsWithAndWithoutVersionAndSlash) {
  for (const std::string base : {"http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/v1/",
                                 "http://h:1/v1/chat/completions", " http://h:1// "}) {
    EXPECT_EQ(ChatCompletionsUrl(base).value_or("?"), "http://h:1/v1/chat/completions") << base;
  }
  EXPECT_EQ(ChatCompletionsUrl("https://h/api/v3").value_or("?"),
            "https://h/api/v3/chat/completions");
  EXPECT_EQ(ChatCompletionsUrl("https://api.deepseek.com").value_or("?"),
            "https://api.deepseek.com/v1/chat/completions");
  for (const std::string base : {"", "h:1", "ftp://h", "http://", "http:///x", "http://u:p@h",
                                 "http://h/?q", "http://h/ x"}) {
    EXPECT_EQ(ChatCompletionsUrl(base).status().code(), absl::StatusCode::kInvalidArgument) << base;
  }
}

TEST_F(OpenAiChatModelTest, StreamsTextAndSendsTheRequest) {
  server_.Enqueue(FakeStream({"甲", "乙。"}));
  const Outcome outcome = Ask();
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.text, "甲乙。");
  ASSERT_EQ(server_.requests().size(), 1u);
  EXPECT_THAT(server_.requests()[0], HasSubstr("POST /v1/chat/completions HTTP/1.1\r\n"));
  EXPECT_THAT(server_.requests()[0], HasSubstr(Cat("Authorization: Bearer ", kKey)));
  EXPECT_THAT(server_.requests()[0], HasSubstr("\"stream\":true"));
  EXPECT_THAT(server_.requests()[0], HasSubstr("问题"));
}

TEST_F(OpenAiChatModelTest, ReadsAStreamWhereverItsBytesAreCut) {
  std::string stream = ": keep-alive\n\n" + FakeFieldEvent("reasoning_content", "SECRET") +
                       FakeTextEvent("甲") + ": \r\n\r\n" + FakeTextEvent("乙") +
                       FakeFinishEvents();
  for (size_t cut = 0; cut < stream.size(); cut += 7) {
    server_.Enqueue({.pieces = {stream.substr(0, cut), stream.substr(cut)}});
    EXPECT_EQ(Ask().text, "甲乙") << cut;
  }
}

TEST_F(OpenAiChatModelTest, TakesAReplyThatIsNotStreamed) {
  server_.Enqueue({.content_type = "application/json",
                   .pieces = {"{\"choices\":[{\"message\":{\"reasoning_content\":\"SECRET\",",
                              "\"content\":\"<think>SECRET</think>甲\"}}]}"}});
  const Outcome outcome = Ask();
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.text, "甲");
}

TEST_F(OpenAiChatModelTest, NeverHandsOnReasoning) {
  server_.Enqueue({.pieces = {FakeFieldEvent("reasoning", "SECRET"), FakeTextEvent("甲。"),
                              FakeFinishEvents()}});
  EXPECT_EQ(Ask().text, "甲。");
  server_.Enqueue(FakeStream({"SECRET", "SECRET</thi", "nk>甲。"}));
  EXPECT_EQ(Ask().text, "甲。");
  server_.Enqueue(FakeStream({"<th", "ink>SECRET</thi", "nk>甲。"}));
  EXPECT_EQ(Ask().text, "甲。");
  // Cut off before anything shows what the text was.
  server_.SetDefault({.pieces = {FakeTextEvent("SECRET。")}});
  const Outcome outcome = Ask();
  EXPECT_FALSE(outcome.status.ok());
  EXPECT_EQ(outcome.text, "");
}

TEST_F(OpenAiChatModelTest, RetriesWhatMayPassAndNothingElse) {
  for (const int status : {429, 500, 503}) {
    server_.Enqueue(FakeError(status, "{\"error\":{\"message\":\"later\"}}"));
    server_.Enqueue(FakeStream({"甲。"}));
    const size_t before = server_.requests().size();
    EXPECT_EQ(Ask().text, "甲。") << status;
    EXPECT_EQ(server_.requests().size(), before + 2) << status;
  }
  for (const int status : {400, 401, 402, 404, 422, 302}) {
    server_.Enqueue(FakeError(status, "{\"error\":{\"message\":\"no\"}}"));
    const size_t before = server_.requests().size();
    EXPECT_FALSE(Ask().status.ok()) << status;
    EXPECT_EQ(server_.requests().size(), before + 1) << status;
  }
}

TEST_F(OpenAiChatModelTest, GivesUpAfterThreeAttempts) {
  server_.SetDefault(FakeError(503, "{\"message\":\"busy\"}"));
  const Outcome outcome = Ask();
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(outcome.status.message()), HasSubstr("busy"));
  EXPECT_EQ(server_.requests().size(), 3u);
}

TEST_F(OpenAiChatModelTest, DoesNotWaitForARetryBeyondTheDeadline) {
  FakeReply later = FakeError(429, "{}");
  later.headers = {"Retry-After: 3600"};
  server_.SetDefault(later);
  const Outcome outcome = Ask(absl::Seconds(5));
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_LT(outcome.took, absl::Seconds(4));
  EXPECT_EQ(server_.requests().size(), 1u);
}

TEST_F(OpenAiChatModelTest, RetriesAnErrorInsideAStreamOnlyBeforeText) {
  const std::string error = "data: {\"error\":{\"message\":\"busy\",\"code\":503}}\n\n";
  server_.Enqueue({.pieces = {error}});
  server_.Enqueue(FakeStream({"甲。"}));
  EXPECT_EQ(Ask().text, "甲。");
  server_.Enqueue({.pieces = {FakeTextEvent("乙。"), error}});
  server_.Enqueue(FakeStream({"丙。"}));
  const size_t before = server_.requests().size();
  const Outcome outcome = Ask(absl::Seconds(10), ReasoningMarks::kNone);
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(outcome.text, "乙。");
  EXPECT_EQ(server_.requests().size(), before + 1);
}

TEST_F(OpenAiChatModelTest, AsksOnceMoreAfterAnEmptyReply) {
  server_.Enqueue(FakeStream({"<think>SECRET</think>", " \n"}));
  server_.Enqueue(FakeStream({"甲。"}));
  EXPECT_EQ(StripAsciiSpace(Ask().text), "甲。");
  server_.SetDefault(FakeStream({}));
  const size_t before = server_.requests().size();
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server_.requests().size(), before + 2);
}

TEST_F(OpenAiChatModelTest, TellsOfAServerThatIsNotThere) {
  const auto model = OpenAiChatModel::Create(
      {.url = "http://127.0.0.1:1", .model = "m", .first_pause = absl::Milliseconds(1)});
  ASSERT_TRUE(model.ok());
  const absl::Status status =
      WaitForChat(**model, {.messages = {}, .deadline = absl::Now() + absl::Seconds(5)},
                  [](std::string_view) { return true; })
          .status;
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("http://127.0.0.1:1/v1/chat/completions"));
}

TEST_F(OpenAiChatModelTest, RefusesHtmlAndGarbage) {
  server_.Enqueue({.content_type = "text/html", .pieces = {"<html><body>Login</body></html>"}});
  EXPECT_THAT(std::string(Ask().status.message()), HasSubstr("HTML"));
  server_.Enqueue({.pieces = {"data: garbage\n\n"}});
  EXPECT_THAT(std::string(Ask().status.message()), HasSubstr("expected a JSON object"));
  server_.Enqueue({.pieces = {"\xFF\xFE\x01\x02"}});
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kUnavailable);
  server_.Enqueue({.pieces = {"SSH-2.0-OpenSSH\r\n"}, .head = false});
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kUnavailable);
  server_.Enqueue(
      {.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ndata: x"}, .head = false});
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kUnavailable);
}

TEST_F(OpenAiChatModelTest, EndsAtTheDeadlineHoweverTheServerStalls) {
  const absl::Duration limit = absl::Milliseconds(300);
  const FakeReply stalls[] = {
      {.pieces = {}, .ending = FakeEnding::kHang, .head = false},
      {.pieces = {}, .ending = FakeEnding::kHang},
      {.pieces = {FakeTextEvent("甲")}, .ending = FakeEnding::kHang},
      {.pieces = {": drip\n\n"},
       .pause = absl::Milliseconds(10),
       .ending = FakeEnding::kRepeatLast},
      {.pieces = {FakeFieldEvent("reasoning_content", "SECRET")},
       .pause = absl::Milliseconds(5),
       .ending = FakeEnding::kRepeatLast},
  };
  for (const FakeReply& stall : stalls) {
    server_.Enqueue(stall);
    const Outcome outcome = Ask(limit);
    EXPECT_EQ(outcome.status.code(), absl::StatusCode::kDeadlineExceeded) << outcome.status;
    EXPECT_LT(outcome.took, absl::Seconds(3));
  }
}

TEST_F(OpenAiChatModelTest, EndsAReplyThatNeverEnds) {
  server_.Enqueue(
      {.pieces = {FakeTextEvent(std::string(4000, 'x'))}, .ending = FakeEnding::kRepeatLast});
  EXPECT_EQ(Ask(absl::Seconds(60)).status.code(), absl::StatusCode::kResourceExhausted);
  server_.Enqueue({.pieces = {std::string(4000, 'x')}, .ending = FakeEnding::kRepeatLast});
  EXPECT_EQ(Ask(absl::Seconds(60)).status.code(), absl::StatusCode::kResourceExhausted);
  server_.Enqueue({.content_type = "application/json",
                   .pieces = {"{\"a\":\"", std::string(4000, 'x')},
                   .ending = FakeEnding::kRepeatLast});
  EXPECT_EQ(Ask(absl::Seconds(60)).status.code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(OpenAiChatModelTest, TellsOfAReplyThatIsCutOff) {
  // In the middle of a character, of an event, and by a reset.
  const std::string event = FakeTextEvent("甲。");
  for (size_t cut = 0; cut < event.size() - 2; cut += 5) {
    server_.SetDefault({.pieces = {FakeTextEvent("乙。") + event.substr(0, cut)}});
    const Outcome outcome = Ask(absl::Seconds(10), ReasoningMarks::kNone);
    EXPECT_EQ(outcome.status.code(), absl::StatusCode::kUnavailable) << cut;
    EXPECT_EQ(outcome.text, "乙。");
  }
  server_.SetDefault({.pieces = {event}, .ending = FakeEnding::kReset});
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kUnavailable);
  server_.SetDefault({.pieces = {FakeTextEvent("甲，"), FakeFinishEvents("length")}});
  EXPECT_EQ(Ask().status.code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(OpenAiChatModelTest, IsDoneAtTheEndMarkThoughTheConnectionStaysOpen) {
  FakeReply reply = FakeStream({"甲。"});
  reply.ending = FakeEnding::kHang;
  server_.Enqueue(reply);
  const Outcome outcome = Ask();
  EXPECT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.text, "甲。");
  EXPECT_LT(outcome.took, absl::Seconds(5));
}

TEST_F(OpenAiChatModelTest, EndsWhenTheCallerCancels) {
  server_.Enqueue({.pieces = {}, .ending = FakeEnding::kHang});
  int asked = 0;
  cancelled_ = [&asked] { return ++asked > 2; };
  const Outcome outcome = Ask();
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kCancelled);
  EXPECT_LT(outcome.took, absl::Seconds(5));
}

TEST_F(OpenAiChatModelTest, UsesItsConnectionAgain) {
  FakeReply reply = FakeStream({"甲。"});
  reply.keep_alive = true;
  server_.SetDefault(reply);
  const auto model = OpenAiChatModel::Create({.url = server_.url(), .model = "m"});
  ASSERT_TRUE(model.ok());
  for (int i = 0; i < 3; ++i) {
    // The end of a reply follows its last event; a call that comes in between takes another.
    absl::SleepFor(absl::Milliseconds(i * 50));
    EXPECT_TRUE(WaitForChat(**model, {}, [](std::string_view) { return true; }).status.ok());
  }
  EXPECT_EQ(server_.requests().size(), 3u);
  EXPECT_LE(server_.connections(), 2);
}

TEST_F(OpenAiChatModelTest, LeavesAServerAloneThatFailsAllTheTime) {
  server_.SetDefault(FakeError(500, "{}"));
  const auto model =
      OpenAiChatModel::Create({.url = server_.url(),
                               .model = "m",
                               .max_attempts = 1,
                               .circuit = {.failures = 2, .rest = absl::Seconds(1)}});
  ASSERT_TRUE(model.ok());
  const auto ask = [&] {
    return WaitForChat(**model, {.messages = {}, .deadline = absl::Now() + absl::Seconds(9)},
                       [](std::string_view) { return true; })
        .status;
  };
  EXPECT_FALSE(ask().ok());
  EXPECT_FALSE(ask().ok());
  EXPECT_EQ((*model)->circuit().state, CircuitState::kOpen);
  EXPECT_THAT(std::string(ask().message()), HasSubstr("not asked: it failed 2 times in a row"));
  EXPECT_EQ(server_.requests().size(), 2u);
  server_.SetDefault(FakeStream({"甲。"}));
  const absl::Time limit = absl::Now() + absl::Seconds(20);
  while (!ask().ok() && absl::Now() < limit) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ((*model)->circuit().state, CircuitState::kClosed);
  // What is wrong with the request says nothing on the server.
  server_.SetDefault(FakeError(400, "{}"));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(ask().ok());
  EXPECT_EQ((*model)->circuit().state, CircuitState::kClosed);
}

TEST_F(OpenAiChatModelTest, ShortDeadlinesOfCallersDoNotOpenTheCircuit) {
  server_.SetDefault({.pieces = {}, .ending = FakeEnding::kHang});
  const auto model = OpenAiChatModel::Create(
      {.url = server_.url(), .model = "m", .circuit = {.failures = 1, .rest = absl::Hours(1)}});
  ASSERT_TRUE(model.ok());
  EXPECT_EQ(WaitForChat(**model, {.messages = {}, .deadline = absl::Now() + absl::Milliseconds(50)},
                        [](std::string_view) { return true; })
                .status.code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ((*model)->circuit().state, CircuitState::kClosed);
}

TEST_F(OpenAiChatModelTest, FailsWhenTheServerCutThePrompt) {
  // 3,000 Han at .38 are at least 1,140 tokens.
  std::string prompt;
  for (int i = 0; i < 3000; ++i) prompt += "犬";
  const auto model =
      OpenAiChatModel::Create({.url = server_.url(), .model = "m", .max_attempts = 2});
  ASSERT_TRUE(model.ok());
  const auto ask = [&](int counted) {
    server_.Enqueue(
        {.pieces = {FakeTextEvent("甲。"),
                    Cat("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":",
                        "{\"prompt_tokens\":", counted, "}}\n\ndata: [DONE]\n\n")}});
    return WaitForChat(**model, {.messages = {{ChatRole::kUser, prompt}}},
                       [](std::string_view) { return true; })
        .status;
  };
  EXPECT_TRUE(ask(1800).ok());
  EXPECT_TRUE(ask(1140).ok());
  const absl::Status cut = ask(1024);
  EXPECT_EQ(cut.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(cut.message()),
              HasSubstr("it counts 1024 prompt tokens of at least 1140 that were sent"));
  // A server that does not count is believed.
  EXPECT_TRUE(ask(0).ok());
}

TEST(JitteredPauseTest, IsHalfToAllOfThePause) {
  EXPECT_EQ(JitteredPause(absl::Seconds(2), 0), absl::Seconds(1));
  EXPECT_EQ(JitteredPause(absl::Seconds(2), 0.5), absl::Milliseconds(1500));
  EXPECT_EQ(JitteredPause(absl::Seconds(2), 1), absl::Seconds(2));
}

TEST(OpenAiChatModelCreateTest, RefusesOptionsThatCannotWork) {
  EXPECT_FALSE(OpenAiChatModel::Create({.url = "h", .model = "m"}).ok());
  EXPECT_FALSE(OpenAiChatModel::Create({.url = "http://h", .model = ""}).ok());
  const auto status =
      OpenAiChatModel::Create({.url = "http://h", .model = "m", .key = "a\r\nX: y"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("X: y")));
}

}  // namespace
}  // namespace policykb
