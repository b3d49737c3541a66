// OpenAiChatModel: a ChatModel behind an OpenAI-compatible HTTP server.
//
// DeepSeek's API and local servers (vLLM, SGLang, Ollama, llama.cpp). Retries what a retry may help
// (HTTP 429, 500, 503, no connection, an empty reply once) with growing pauses inside the deadline,
// and only while no text was handed on. The key appears in no message. Not for prompts or checking
// of text. Const after Create: any thread.

#ifndef POLICYKB_GENERATOR_OPENAI_CHAT_MODEL_H_
#define POLICYKB_GENERATOR_OPENAI_CHAT_MODEL_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "generator/chat_model.h"
#include "generator/reasoning_filter.h"

namespace policykb {

struct OpenAiChatModelOptions {
  std::string url = {};    // of the server, with or without /v1, with or without a slash at the end
  std::string model = {};  // name sent to the server
  std::string key = {};    // sent as bearer token; empty sends none
  ReasoningMarks marks = ReasoningMarks::kUnknown;
  int max_tokens = 4096;            // of the reply, reasoning included
  size_t max_text_bytes = 1 << 20;  // of the reply's text
  int max_attempts = 3;
  absl::Duration first_pause = absl::Milliseconds(250);  // before the second attempt; doubles
};

// Where chat completions are asked for at a base URL.
// Errors: InvalidArgument (neither http nor https, or no host).
absl::StatusOr<std::string> ChatCompletionsUrl(std::string_view base_url);

class OpenAiChatModel : public ChatModel {
 public:
  // Errors: InvalidArgument (URL, empty model name, a key with control characters).
  static absl::StatusOr<std::unique_ptr<OpenAiChatModel>> Create(OpenAiChatModelOptions options);

  const std::string& name() const override { return options_.model; }
  absl::Status StreamChat(const ChatRequest& request, const ChatTextSink& on_text) override;

 private:
  struct Attempt;

  OpenAiChatModel(OpenAiChatModelOptions options, std::string url);
  Attempt Try(const ChatRequest& request, const std::string& body,
              const ChatTextSink& on_text) const;

  OpenAiChatModelOptions options_;
  std::string url_;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_OPENAI_CHAT_MODEL_H_
