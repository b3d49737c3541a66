#include "generator/chat_stream.h"

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kMaxObjectBytes = 8 << 20;

bool IsHtml(std::string_view content_type, std::string_view start) {
  return content_type == "text/html" || start.starts_with('<');
}

}  // namespace

absl::Status ChatStream::Add(std::string_view content_type, std::string_view bytes) {
  if (done_) return absl::OkStatus();
  if (framing_ == Framing::kUndecided) {
    object_ += bytes;
    const std::string_view start = StripAsciiSpace(object_);
    if (start.empty() && object_.size() < kMaxObjectBytes) return absl::OkStatus();
    if (IsHtml(content_type, start)) {
      return absl::UnavailableError("model server: an HTML page instead of a reply");
    }
    if (start.starts_with('{')) {
      framing_ = Framing::kObject;
      return absl::OkStatus();
    }
    framing_ = Framing::kEvents;
    const std::string begun = std::move(object_);
    object_.clear();
    return Add(content_type, begun);
  }
  if (framing_ == Framing::kObject) {
    object_ += bytes;
    if (object_.size() <= kMaxObjectBytes) return absl::OkStatus();
    return absl::ResourceExhaustedError("model server: the reply is too long");
  }
  ASSIGN_OR_RETURN_IN(const std::vector<SseEvent> events, events_.Add(bytes), "model server");
  for (const SseEvent& event : events) RETURN_IF_ERROR(TakeEvent(event));
  return absl::OkStatus();
}

absl::Status ChatStream::Finish() {
  if (framing_ == Framing::kObject) {
    RETURN_IF_ERROR(TakeEvent({.type = "", .data = object_}));
    if (finish_ == ChatFinish::kNotYet) finish_ = ChatFinish::kStop;
  } else if (!done_) {
    ASSIGN_OR_RETURN_IN(const std::vector<SseEvent> events, events_.Finish(), "model server");
    for (const SseEvent& event : events) RETURN_IF_ERROR(TakeEvent(event));
  }
  if (finish_ == ChatFinish::kLength) {
    return absl::ResourceExhaustedError("model: the reply reached its length limit");
  }
  if (finish_ == ChatFinish::kRefused) {
    return absl::UnavailableError("model: the server broke the reply off");
  }
  if (!done_ && finish_ == ChatFinish::kNotYet) {
    return absl::UnavailableError("model server: the stream ended before the reply was whole");
  }
  return HandOn(filter_.Finish());
}

absl::Status ChatStream::TakeEvent(const SseEvent& event) {
  if (done_) return absl::OkStatus();
  const std::string_view payload = StripAsciiSpace(event.data);
  if (payload.empty()) return absl::OkStatus();
  if (payload == "[DONE]") {
    done_ = true;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const ChatEvent decoded, DecodeChatEvent(payload, secret_));
  if (!decoded.error.status.ok()) {
    retry_may_help_ = decoded.error.retry_may_help;
    return decoded.error.status;
  }
  return TakeDelta(decoded.delta);
}

absl::Status ChatStream::TakeDelta(const ChatDelta& delta) {
  if (delta.usage) usage_ = *delta.usage;
  if (delta.has_reasoning) filter_.SawReasoningField();
  if (!delta.text.empty()) {
    text_bytes_ += delta.text.size();
    if (text_bytes_ > max_text_bytes_) {
      return absl::ResourceExhaustedError(
          Cat("model: the reply is longer than ", max_text_bytes_, " bytes"));
    }
    ASSIGN_OR_RETURN(const std::string text, filter_.Add(delta.text));
    RETURN_IF_ERROR(HandOn(text));
  }
  if (delta.finish != ChatFinish::kNotYet) finish_ = delta.finish;
  return absl::OkStatus();
}

absl::Status ChatStream::HandOn(const std::string& text) {
  if (text.empty()) return absl::OkStatus();
  if (!StripAsciiSpace(text).empty()) handed_on_ = true;
  return on_text_(text) ? absl::OkStatus() : absl::CancelledError("cancelled");
}

}  // namespace policykb
