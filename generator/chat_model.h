// ChatModel: writes text for a conversation, piece by piece.
//
// The seam between the answerer and a language model. What comes out is answer text only: an
// implementation never hands on reasoning. Not for grounding. StreamChat may be called from any
// thread at once.

#ifndef POLICYKB_GENERATOR_CHAT_MODEL_H_
#define POLICYKB_GENERATOR_CHAT_MODEL_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace policykb {

enum class ChatRole { kSystem, kUser, kAssistant };

struct ChatMessage {
  ChatRole role = ChatRole::kUser;
  std::string content;  // UTF-8
};

struct ChatRequest {
  std::vector<ChatMessage> messages;
  absl::Time deadline = absl::InfiniteFuture();
  // Asked often while waiting; true ends the call. Empty means never.
  std::function<bool()> cancelled;
};

// Takes the next piece of text; false ends the call.
using ChatTextSink = std::function<bool(std::string_view)>;

class ChatModel {
 public:
  virtual ~ChatModel() = default;
  // Name of the model as answers tell it.
  virtual const std::string& name() const = 0;
  // Streams one reply into `on_text`, on the calling thread; returns soon after the deadline at the
  // latest. OK means that the reply is whole; after any error the text handed on so far may end in
  // the middle of a sentence. Errors: Cancelled (by the caller), DeadlineExceeded, Unavailable,
  // ResourceExhausted (quota, length), InvalidArgument, Unauthenticated, PermissionDenied, NotFound
  // (as the server says).
  virtual absl::Status StreamChat(const ChatRequest& request, const ChatTextSink& on_text) = 0;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_CHAT_MODEL_H_
