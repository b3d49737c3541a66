#include "generator/sse_parser.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

absl::StatusOr<std::vector<SseEvent>> SseParser::Add(std::string_view bytes) {
  std::vector<SseEvent> events;
  size_t at = 0;
  while (at < bytes.size()) {
    if (after_cr_) {
      after_cr_ = false;
      if (bytes[at] == '\n') {
        ++at;
        continue;
      }
    }
    const size_t end = bytes.find_first_of("\r\n", at);
    line_ += bytes.substr(at, end - at);
    RETURN_IF_ERROR(CheckSize());
    if (end == std::string_view::npos) break;
    after_cr_ = bytes[end] == '\r';
    at = end + 1;
    RETURN_IF_ERROR(TakeLine(events));
  }
  return events;
}

absl::StatusOr<std::vector<SseEvent>> SseParser::Finish() {
  std::vector<SseEvent> events;
  if (!line_.empty()) RETURN_IF_ERROR(TakeLine(events));
  RETURN_IF_ERROR(TakeLine(events));
  return events;
}

absl::Status SseParser::TakeLine(std::vector<SseEvent>& events) {
  std::string_view line = line_;
  if (at_start_ && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  at_start_ = false;
  if (line.empty()) {
    if (has_data_) events.push_back(std::move(event_));
    event_ = {};
    has_data_ = false;
  } else if (line[0] != ':') {
    const size_t colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    std::string_view value;
    if (colon != std::string_view::npos) value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    if (field == "data") {
      if (has_data_) event_.data += '\n';
      event_.data += value;
      has_data_ = true;
    } else if (field == "event") {
      event_.type = value;
    }
  }
  line_.clear();
  return CheckSize();
}

absl::Status SseParser::CheckSize() const {
  if (line_.size() + event_.data.size() + event_.type.size() <= max_event_bytes_) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      Cat("event stream: an event is longer than ", max_event_bytes_, " bytes"));
}

}  // namespace policykb
