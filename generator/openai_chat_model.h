// OpenAiChatModel: a ChatModel behind an OpenAI-compatible HTTP server.
//
// DeepSeek's API and local servers (vLLM, SGLang, Ollama, llama.cpp). Retries what a retry may help
// (HTTP 429, 500, 503, no connection, an empty reply once) with growing, jittered pauses inside the
// deadline, and only while no text was handed on. A server that fails all the time is left alone
// for a while (circuit_breaker.h). A usage that counts clearly fewer prompt tokens than were sent
// means that the server cut the prompt, and fails the call. All calls share one thread of the
// HTTP client. The key appears in no message. Not for prompts or checking of text. Any thread.

#ifndef POLICYKB_GENERATOR_OPENAI_CHAT_MODEL_H_
#define POLICYKB_GENERATOR_OPENAI_CHAT_MODEL_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/random/random.h"
#include "absl/status/statusor.h"
#include "core/http/circuit_breaker.h"
#include "core/http/http_client.h"
#include "generator/chat_model.h"
#include "generator/chat_protocol.h"
#include "generator/reasoning_filter.h"

namespace policykb {

struct OpenAiChatModelOptions {
  std::string url = {};    // of the server, with or without /v1, with or without a slash at the end
  std::string model = {};  // name sent to the server
  std::string key = {};    // sent as bearer token; empty sends none
  ReasoningMarks marks = ReasoningMarks::kUnknown;
  int max_tokens = 4096;              // of the reply, reasoning included
  size_t max_text_bytes = 256 << 10;  // of the reply's text
  ChatStreaming streaming = ChatStreaming::kWithUsage;
  int max_attempts = 3;
  absl::Duration first_pause = absl::Milliseconds(250);  // before the second attempt; doubles
  // A call that its deadline ends earlier than this says nothing on the server.
  absl::Duration patience = absl::Seconds(5);
  CircuitBreakerOptions circuit = {};
  HttpClientOptions http = {};
};

// Where chat completions are asked for at a base URL.
// Errors: InvalidArgument (neither http nor https, or no host).
absl::StatusOr<std::string> ChatCompletionsUrl(std::string_view base_url);

class OpenAiChatModel : public ChatModel {
 public:
  // Errors: InvalidArgument (URL, empty model name, a key with control characters), and those of
  // HttpClient::Create.
  static absl::StatusOr<std::unique_ptr<OpenAiChatModel>> Create(OpenAiChatModelOptions options);

  const std::string& name() const override { return options_.model; }
  // A call that is under way when the model goes is told as Cancelled.
  void StartChat(ChatRequest request, ChatTextSink on_text, ChatDone on_done) override;

  CircuitFigures circuit() const { return circuit_.figures(); }

 private:
  class Call;

  OpenAiChatModel(OpenAiChatModelOptions options, std::string url,
                  std::unique_ptr<HttpClient> http);

  const OpenAiChatModelOptions options_;
  const std::string url_;
  CircuitBreaker circuit_;
  absl::BitGen random_;               // of the HTTP client's thread
  std::unique_ptr<HttpClient> http_;  // goes first, as its calls use the rest
};

// `pause` times a half to one, for `random` of 0 to 1: clients that were refused together do not
// come back together.
absl::Duration JitteredPause(absl::Duration pause, double random);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_OPENAI_CHAT_MODEL_H_
