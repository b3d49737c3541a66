// Any bytes: what is read is written as it was, but for version and what follows of later versions.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/rpc/trace_context.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::optional<policykb::TraceContext> trace = policykb::ParseTraceParent(text);
  if (!trace) return 0;
  const std::string written = trace->ToTraceParent();
  if (written.substr(2) != text.substr(2, written.size() - 2)) std::abort();
  if (policykb::ParseTraceParent(written) != trace) std::abort();
  if (!policykb::ParseTraceParent(policykb::PartOf(trace).ToTraceParent())) std::abort();
  return 0;
}
