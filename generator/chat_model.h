// ChatModel: writes text for a conversation, piece by piece.
//
// The seam between the answerer and a language model. What comes out is answer text only: an
// implementation never hands on reasoning. No thread waits for a reply: its text and its end are
// told as they come. Not for grounding. StartChat may be called from any thread at once.

#ifndef POLICYKB_GENERATOR_CHAT_MODEL_H_
#define POLICYKB_GENERATOR_CHAT_MODEL_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "core/rpc/trace_context.h"

namespace policykb {

enum class ChatRole { kSystem, kUser, kAssistant };

struct ChatMessage {
  ChatRole role = ChatRole::kUser;
  std::string content;  // UTF-8
};

struct ChatRequest {
  std::vector<ChatMessage> messages;
  absl::Time deadline = absl::InfiniteFuture();
  TraceContext trace = {};  // told to the server where there is one
  // Asked often until the call is over, from any thread; true ends it. Empty means never.
  std::function<bool()> cancelled = {};
};

// What a call cost, as the server counts; zeros where it does not say.
struct ChatUsage {
  int64_t prompt_tokens = 0;         // all of the prompt
  int64_t cached_prompt_tokens = 0;  // those of them that the server's cache had
  int64_t completion_tokens = 0;     // reasoning included

  friend bool operator==(const ChatUsage&, const ChatUsage&) = default;
};

// How a call ended. OK means that the reply is whole; after any error the text handed on so far may
// end in the middle of a sentence. Codes: Cancelled (by the caller), DeadlineExceeded, Unavailable,
// ResourceExhausted (quota, length), InvalidArgument, Unauthenticated, PermissionDenied, NotFound
// (as the server says), FailedPrecondition (the server cut the prompt). Messages may be logged:
// they hold no text of question, passages or reply.
struct ChatOutcome {
  absl::Status status = {};
  ChatUsage usage = {};
  int attempts = 0;  // requests sent
};

// Takes the next piece of text; false ends the call. Must not block.
using ChatTextSink = std::function<bool(std::string_view)>;
// Told once, last. Must not block.
using ChatDone = std::function<void(const ChatOutcome&)>;

class ChatModel {
 public:
  virtual ~ChatModel() = default;
  // Name of the model as answers tell it.
  virtual const std::string& name() const = 0;
  // Begins one reply and returns at once. The functions are called one at a time, from any thread,
  // also from within this call; `on_done` soon after the deadline at the latest.
  virtual void StartChat(ChatRequest request, ChatTextSink on_text, ChatDone on_done) = 0;
};

// One reply, waited for. REQUIRES: not called from a function that a model calls.
ChatOutcome WaitForChat(ChatModel& model, ChatRequest request, const ChatTextSink& on_text);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_CHAT_MODEL_H_
