// Event streams cut anywhere: the events are the same as of the whole, and a chat stream of them
// never crashes.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "generator/chat_stream.h"
#include "generator/sse_parser.h"

namespace policykb {
namespace {

// Events of `bytes` given in two pieces, or nothing when the parser refused.
std::vector<SseEvent> Parse(std::string_view bytes, size_t cut) {
  SseParser parser(1 << 12);
  std::vector<SseEvent> all;
  for (const std::string_view piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    auto events = parser.Add(piece);
    if (!events.ok()) return {};
    all.insert(all.end(), events->begin(), events->end());
  }
  auto events = parser.Finish();
  if (!events.ok()) return {};
  all.insert(all.end(), events->begin(), events->end());
  return all;
}

}  // namespace
}  // namespace policykb

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t cut = data[0] % bytes.size();
  if (policykb::Parse(bytes, 0) != policykb::Parse(bytes, cut)) std::abort();
  const policykb::ChatTextSink take = [](std::string_view) { return true; };
  policykb::ChatStream stream(policykb::ReasoningMarks::kUnknown, 1 << 12, "secret", take);
  absl::Status status = stream.Add("text/event-stream", bytes.substr(0, cut));
  if (status.ok()) status = stream.Add("text/event-stream", bytes.substr(cut));
  if (status.ok()) status = stream.Finish();
  if (status.message().find("secret") != absl::string_view::npos) std::abort();
  return 0;
}
