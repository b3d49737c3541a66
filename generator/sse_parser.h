// SseParser: bytes of a server-sent event stream -> events.
//
// Follows the WHATWG grammar (lines ended by LF, CR or CRLF, comments, fields, an optional byte
// order mark), and is lenient in one point: an event that the end of the stream cuts off before its
// empty line is given out by Finish. Not for what the events mean. One thread at a time.

#ifndef POLICYKB_GENERATOR_SSE_PARSER_H_
#define POLICYKB_GENERATOR_SSE_PARSER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct SseEvent {
  std::string type;  // of the "event" field; empty where there is none
  std::string data;  // "data" fields joined by LF

  friend bool operator==(const SseEvent&, const SseEvent&) = default;
};

class SseParser {
 public:
  // A line or an event longer than this is an error.
  explicit SseParser(size_t max_event_bytes = 1 << 20) : max_event_bytes_(max_event_bytes) {}

  // Events completed by these bytes. Errors: ResourceExhausted (an event above the limit); the
  // parser is then of no use.
  absl::StatusOr<std::vector<SseEvent>> Add(std::string_view bytes);
  // The event left open at the end of the stream, if it has data.
  absl::StatusOr<std::vector<SseEvent>> Finish();

 private:
  absl::Status TakeLine(std::vector<SseEvent>& events);
  absl::Status CheckSize() const;

  size_t max_event_bytes_;
  std::string line_;
  SseEvent event_;
  bool has_data_ = false;
  bool at_start_ = true;
  bool after_cr_ = false;
};

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_SSE_PARSER_H_
