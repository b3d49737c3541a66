// ChatStream: the bytes of one chat completion's response -> answer text.
//
// Puts event framing, JSON and the reasoning filter together, for replies that are streamed and for
// servers that send one JSON object all the same. Not for HTTP. One thread at a time.

#ifndef POLICYKB_GENERATOR_CHAT_STREAM_H_
#define POLICYKB_GENERATOR_CHAT_STREAM_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "generator/chat_model.h"
#include "generator/chat_protocol.h"
#include "generator/reasoning_filter.h"
#include "generator/sse_parser.h"

namespace policykb {

class ChatStream {
 public:
  // `secret` and `on_text` must outlive the stream. A reply with more text than `max_text_bytes` is
  // an error; messages have `secret` struck out.
  ChatStream(ReasoningMarks marks, size_t max_text_bytes, std::string_view secret,
             const ChatTextSink& on_text)
      : filter_(marks), max_text_bytes_(max_text_bytes), secret_(secret), on_text_(on_text) {}

  // Takes bytes of the body; `content_type` is that of the response.
  absl::Status Add(std::string_view content_type, std::string_view bytes);
  // Ends a body that arrived whole. Errors: Unavailable (the reply is not whole, or no reply at
  // all).
  absl::Status Finish();

  // The last usage that the server told.
  const ChatUsage& usage() const { return usage_; }
  // True once the reply said that it is whole; what follows is of no interest.
  bool done() const { return done_; }
  // True once text was handed on.
  bool handed_on() const { return handed_on_; }
  // True when the last error is the server's own and may pass.
  bool retry_may_help() const { return retry_may_help_; }

 private:
  enum class Framing { kUndecided, kEvents, kObject };

  absl::Status TakeEvent(const SseEvent& event);
  absl::Status TakeDelta(const ChatDelta& delta);
  absl::Status HandOn(const std::string& text);

  SseParser events_;
  ReasoningFilter filter_;
  size_t max_text_bytes_;
  std::string_view secret_;
  const ChatTextSink& on_text_;
  Framing framing_ = Framing::kUndecided;
  std::string object_;  // the body so far, while it may be one JSON object
  size_t text_bytes_ = 0;
  ChatUsage usage_ = {};
  ChatFinish finish_ = ChatFinish::kNotYet;
  bool done_ = false;
  bool handed_on_ = false;
  bool retry_may_help_ = false;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_CHAT_STREAM_H_
