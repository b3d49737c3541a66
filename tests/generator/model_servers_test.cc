// Replies in the shapes that model servers document, each played on a socket: text, usage and
// errors are read, reasoning never is.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "generator/openai_chat_model.h"
#include "tests/testing/fake_chat_server.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kText = "每户限养二只。[1]";

struct Served {
  std::string name;
  FakeReply reply;
  ChatUsage usage = {};
};

std::string Event(std::string_view json) { return Cat("data: ", json, "\n\n"); }

// DeepSeek's API: keep-alive comments while a request waits, reasoning in a field of its own, the
// usage with hits of its prefix cache in the last event.
FakeReply DeepSeekStream() {
  constexpr std::string_view kHead =
      R"({"id":"9","object":"chat.completion.chunk","created":1,"model":"deepseek-reasoner",)"
      R"("system_fingerprint":"fp","choices":[{"index":0,"delta":)";
  const auto chunk = [&](std::string_view delta, std::string_view rest) {
    return Event(Cat(kHead, delta, R"(,"logprobs":null,"finish_reason":)", rest));
  };
  return {
      .pieces = {": keep-alive\n\n", ": keep-alive\n\n",
                 chunk(R"({"role":"assistant","content":null,"reasoning_content":""})", "null}]}"),
                 chunk(R"({"content":null,"reasoning_content":"SECRET[1]。"})", "null}]}"),
                 chunk(R"({"content":"每户限养","reasoning_content":null})", "null}]}"),
                 chunk(R"({"content":"二只。[1]","reasoning_content":null})", "null}]}"),
                 chunk(R"({"content":"","reasoning_content":null})",
                       R"("stop"}],"usage":{"prompt_tokens":900,"completion_tokens":40,)"
                       R"("total_tokens":940,"prompt_tokens_details":{"cached_tokens":640},)"
                       R"("completion_tokens_details":{"reasoning_tokens":20},)"
                       R"("prompt_cache_hit_tokens":640,"prompt_cache_miss_tokens":260}})"),
                 "data: [DONE]\n\n"}};
}

FakeReply DeepSeekWhole() {
  return {
      .content_type = "application/json",
      .pieces = {
          // Empty lines keep the connection of a request that waits.
          "\n\n\n",
          R"({"id":"9","object":"chat.completion","created":1,"model":"deepseek-chat","choices":)"
          R"([{"index":0,"message":{"role":"assistant","content":"每户限养二只。[1]",)"
          R"("reasoning_content":"SECRET"},"logprobs":null,"finish_reason":"stop"}],)"
          R"("usage":{"prompt_tokens":900,"completion_tokens":40,"total_tokens":940,)"
          R"("prompt_cache_hit_tokens":0,"prompt_cache_miss_tokens":900}})"}};
}

// vLLM with a reasoning parser; the usage comes in an event without choices.
FakeReply VllmStream(std::string_view reasoning_field) {
  constexpr std::string_view kHead =
      R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":)";
  return {.pieces = {
              Event(Cat(kHead,
                        R"([{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,)"
                        R"("finish_reason":null}]})")),
              Event(Cat(kHead, R"([{"index":0,"delta":{")", reasoning_field,
                        R"(":"SECRET"},"logprobs":null,"finish_reason":null}]})")),
              Event(Cat(kHead, R"([{"index":0,"delta":{"content":"每户限养二只。[1]"},)",
                        R"("logprobs":null,"finish_reason":null}]})")),
              Event(Cat(kHead, R"([{"index":0,"delta":{"content":""},"logprobs":null,)",
                        R"("finish_reason":"stop","stop_reason":null}]})")),
              Event(Cat(kHead, R"([],"usage":{"prompt_tokens":900,"total_tokens":940,)",
                        R"("completion_tokens":40}})")),
              "data: [DONE]\n\n"}};
}

// SGLang: null fields beside the text, and what stopped it.
FakeReply SglangStream() {
  constexpr std::string_view kHead =
      R"({"id":"a","object":"chat.completion.chunk","created":1,"model":"m","choices":)"
      R"([{"index":0,"delta":)";
  constexpr std::string_view kGoesOn =
      R"(,"logprobs":null,"finish_reason":null,"matched_stop":null}],"usage":null})";
  return {.pieces = {
              Event(Cat(kHead,
                        R"({"role":"assistant","content":"","reasoning_content":null,)"
                        R"("tool_calls":null})",
                        kGoesOn)),
              Event(Cat(kHead,
                        R"({"role":null,"content":null,"reasoning_content":"SECRET",)"
                        R"("tool_calls":null})",
                        kGoesOn)),
              Event(Cat(kHead,
                        R"({"role":null,"content":"每户限养二只。[1]",)"
                        R"("reasoning_content":null,"tool_calls":null})",
                        kGoesOn)),
              Event(Cat(kHead, R"({"role":null,"content":null,"reasoning_content":null},)"
                               R"("logprobs":null,"finish_reason":"stop","matched_stop":151645}],)"
                               R"("usage":null})")),
              Event(R"({"id":"a","object":"chat.completion.chunk","choices":[],"usage":)"
                    R"({"prompt_tokens":900,"total_tokens":940,"completion_tokens":40,)"
                    R"("prompt_tokens_details":{"cached_tokens":512}}})"),
              "data: [DONE]\n\n"}};
}

// Ollama: reasoning in the text, opening mark and all, or in a field.
FakeReply OllamaStream(std::string_view before_text) {
  constexpr std::string_view kHead =
      R"({"id":"chatcmpl-7","object":"chat.completion.chunk","created":1,"model":"deepseek-r1:7b",)"
      R"("system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":)";
  return {.pieces = {Event(Cat(kHead, before_text, R"(,"finish_reason":null}]})")),
                     Event(Cat(kHead, R"({"role":"assistant","content":"每户限养二只。[1]"})",
                               R"(,"finish_reason":null}]})")),
                     Event(Cat(kHead, R"({"role":"assistant","content":""})",
                               R"(,"finish_reason":"stop"}]})")),
                     Event(R"({"id":"chatcmpl-7","object":"chat.completion.chunk","choices":[],)"
                           R"("usage":{"prompt_tokens":900,"completion_tokens":40,)"
                           R"("total_tokens":940}})"),
                     "data: [DONE]\n\n"}};
}

// llama.cpp's server: the chat template wrote the opening mark, so only the closing one comes.
FakeReply LlamaCppStream() {
  constexpr std::string_view kHead = R"({"choices":[{"finish_reason":null,"index":0,"delta":)";
  constexpr std::string_view kTail =
      R"(}],"created":1,"id":"chatcmpl-x","model":"m","system_fingerprint":"b5000",)"
      R"("object":"chat.completion.chunk"})";
  return {.pieces = {Event(Cat(kHead, R"({"role":"assistant","content":null})", kTail)),
                     Event(Cat(kHead, R"({"content":"SECRET 每户"})", kTail)),
                     Event(Cat(kHead, R"({"content":"</thi"})", kTail)),
                     Event(Cat(kHead, R"({"content":"nk>\n\n每户限养"})", kTail)),
                     Event(Cat(kHead, R"({"content":"二只。[1]"})", kTail)),
                     Event(R"({"choices":[{"finish_reason":"stop","index":0,"delta":{}}],"usage":)"
                           R"({"completion_tokens":40,"prompt_tokens":900,"total_tokens":940},)"
                           R"("timings":{"prompt_n":900,"predicted_n":40}})"),
                     "data: [DONE]\n\n"}};
}

std::vector<Served> AllServers() {
  const ChatUsage usage{.prompt_tokens = 900, .cached_prompt_tokens = 0, .completion_tokens = 40};
  ChatUsage deepseek = usage;
  deepseek.cached_prompt_tokens = 640;
  ChatUsage sglang = usage;
  sglang.cached_prompt_tokens = 512;
  return {
      {"DeepSeek", DeepSeekStream(), deepseek},
      {"DeepSeek, not streamed", DeepSeekWhole(), usage},
      {"vLLM", VllmStream("reasoning_content"), usage},
      {"vLLM, newer", VllmStream("reasoning"), usage},
      {"SGLang", SglangStream(), sglang},
      {"Ollama", OllamaStream(R"({"role":"assistant","content":"<think>\nSECRET\n</think>\n\n"})"),
       usage},
      {"Ollama, newer", OllamaStream(R"({"role":"assistant","content":"","reasoning":"SECRET"})"),
       usage},
      {"llama.cpp", LlamaCppStream(), usage}};
}

class ModelServersTest : public ::testing::Test {
 protected:
  ChatOutcome Ask(std::string* text, ChatStreaming streaming = ChatStreaming::kWithUsage) {
    const auto model = OpenAiChatModel::Create({.url = server_.url(),
                                                .model = "m",
                                                .key = "sk-secret",
                                                .streaming = streaming,
                                                .max_attempts = 1});
    EXPECT_TRUE(model.ok()) << model.status();
    return WaitForChat(
        **model,
        {.messages = {{ChatRole::kUser, "问"}}, .deadline = absl::Now() + absl::Seconds(20)},
        [text](std::string_view piece) {
          *text += piece;
          return true;
        });
  }

  FakeChatServer server_;
};

TEST_F(ModelServersTest, TextAndUsageOfEveryServerAreReadAndReasoningIsNot) {
  for (const Served& served : AllServers()) {
    for (const bool keep_alive : {false, true}) {
      FakeReply reply = served.reply;
      reply.keep_alive = keep_alive;
      server_.Enqueue(reply);
      std::string text;
      const ChatOutcome outcome = Ask(&text);
      EXPECT_TRUE(outcome.status.ok()) << served.name << ": " << outcome.status;
      EXPECT_EQ(StripAsciiSpace(text), kText) << served.name;
      EXPECT_EQ(outcome.usage, served.usage) << served.name;
    }
  }
}

TEST_F(ModelServersTest, StreamsMayBeCutAnywhereAndUseOtherLineEnds) {
  for (const Served& served : AllServers()) {
    std::string bytes;
    for (const std::string& piece : served.reply.pieces) bytes += piece;
    for (size_t cut = 1; cut < bytes.size(); cut += bytes.size() / 9) {
      FakeReply reply = served.reply;
      reply.pieces = {ReplaceAll(bytes.substr(0, cut), "\n", "\r\n"),
                      ReplaceAll(bytes.substr(cut), "\n", "\r\n")};
      server_.Enqueue(reply);
      std::string text;
      EXPECT_TRUE(Ask(&text).status.ok()) << served.name << " cut at " << cut;
      EXPECT_EQ(StripAsciiSpace(text), kText) << served.name << " cut at " << cut;
    }
  }
}

TEST_F(ModelServersTest, AsksForWhatTheServerCanDo) {
  std::string text;
  server_.SetDefault(DeepSeekWhole());
  Ask(&text, ChatStreaming::kNone);
  Ask(&text, ChatStreaming::kPlain);
  Ask(&text, ChatStreaming::kWithUsage);
  EXPECT_THAT(server_.requests()[0], HasSubstr(R"("stream":false)"));
  EXPECT_THAT(server_.requests()[1], HasSubstr(R"("stream":true)"));
  EXPECT_THAT(server_.requests()[1], Not(HasSubstr("stream_options")));
  EXPECT_THAT(server_.requests()[2], HasSubstr(R"("stream_options":{"include_usage":true})"));
}

TEST_F(ModelServersTest, ErrorsOfEveryShapeAreToldInOneLineWithoutTheKey) {
  struct Refusal {
    FakeReply reply;
    absl::StatusCode code;
    std::string told;
  };
  const Refusal refusals[] = {
      {FakeError(401, R"({"error":{"message":"Authentication Fails, sk-secret","type":)"
                      R"("authentication_error","param":null,"code":"invalid_request_error"}})"),
       absl::StatusCode::kUnauthenticated, "HTTP 401 (key missing or wrong)"},
      {FakeError(402, R"({"error":{"message":"Insufficient Balance","code":"x"}})"),
       absl::StatusCode::kResourceExhausted, "Insufficient Balance"},
      {FakeError(400, R"({"object":"error","message":"maximum context length is 4096",)"
                      R"("type":"BadRequestError","param":null,"code":400})"),
       absl::StatusCode::kInvalidArgument, "maximum context length is 4096"},
      {FakeError(422, R"({"detail":"Failed to deserialize sk-secret"})"),
       absl::StatusCode::kInvalidArgument, "Failed to deserialize ***"},
      {FakeError(404, R"({"error":{"message":"model 'm' not found","type":"api_error",)"
                      R"("param":null,"code":null}})"),
       absl::StatusCode::kNotFound, "model 'm' not found"},
      {FakeError(503, R"({"error":{"code":503,"message":"Loading model",)"
                      R"("type":"unavailable_error"}})"),
       absl::StatusCode::kUnavailable, "Loading model"},
      {FakeError(500, R"({"error":"llama runner process has terminated"})"),
       absl::StatusCode::kUnavailable, "llama runner process has terminated"},
      {{.pieces = {Event(R"({"error":{"message":"engine sk-secret died","code":500}})")}},
       absl::StatusCode::kUnavailable,
       "engine *** died"},
      {{.pieces = {Event(R"({"object":"error","message":"aborted","code":429})")}},
       absl::StatusCode::kResourceExhausted,
       "aborted"},
  };
  for (const Refusal& refusal : refusals) {
    server_.Enqueue(refusal.reply);
    std::string text;
    const ChatOutcome outcome = Ask(&text);
    EXPECT_EQ(outcome.status.code(), refusal.code) << outcome.status;
    const std::string message(outcome.status.message());
    EXPECT_THAT(message, HasSubstr(refusal.told));
    EXPECT_THAT(message, Not(HasSubstr("secret")));
    EXPECT_EQ(message.find('\n'), std::string::npos);
    EXPECT_EQ(text, "");
  }
}

}  // namespace
}  // namespace policykb
