// The JSON of OpenAI-compatible chat completions: request bodies, stream events and errors.
//
// The wall around the JSON library in the generator. Reads the dialects of DeepSeek, vLLM, SGLang,
// Ollama, llama.cpp and their like. Not for HTTP or event framing. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_CHAT_PROTOCOL_H_
#define POLICYKB_GENERATOR_CHAT_PROTOCOL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "generator/chat_model.h"

namespace policykb {

// Why a reply ended.
enum class ChatFinish { kNotYet, kStop, kLength, kRefused };

// One event of a stream, or a whole reply.
struct ChatDelta {
  std::string text;
  bool has_reasoning = false;  // a reasoning field with text in it; the text itself is not kept
  ChatFinish finish = ChatFinish::kNotYet;
  std::optional<ChatUsage> usage = {};  // where the server tells it
};

// An error that the server told of.
struct ChatError {
  absl::Status status;
  bool retry_may_help = false;
};

struct ChatEvent {
  ChatDelta delta;
  ChatError error;  // status OK when there is none
};

// How a reply is asked for.
enum class ChatStreaming {
  kWithUsage,  // as events, the last of which tells the usage
  kPlain,      // as events
  kNone,       // as one object
};

std::string EncodeChatRequest(std::string_view model, const std::vector<ChatMessage>& messages,
                              int max_tokens, ChatStreaming streaming);

// Decodes the data of one stream event, or the body of a reply that was not streamed. Unknown
// fields are passed over. `secret` is struck out of messages. Errors: Unavailable (no JSON object,
// or one that is neither a reply nor an error).
absl::StatusOr<ChatEvent> DecodeChatEvent(std::string_view json, std::string_view secret);

// The error behind an HTTP status that is not 200, with the server's message where the body holds
// one: flat
// ({"message": ..}, {"detail": ..}), nested ({"error": {"message": ..}}) or plain ({"error":
// ".."}). `secret` is struck out. REQUIRES: http_status is not 200.
ChatError DecodeChatError(int http_status, std::string_view body, std::string_view secret);

// One line of at most 200 bytes, without control characters and without `secret`.
std::string ShortReason(std::string_view text, std::string_view secret);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_CHAT_PROTOCOL_H_
