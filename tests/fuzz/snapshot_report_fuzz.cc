// Fuzz target: reports kept with a snapshot, of any bytes. What is read is written and read again
// as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/snapshot/snapshot_report.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto report = policykb::DecodeRunReport(bytes); report.ok()) {
    const auto again = policykb::DecodeRunReport(policykb::EncodeRunReport(*report));
    if (!again.ok() || *again != *report) std::abort();
  }
  if (const auto verdict = policykb::DecodeVerdict(bytes); verdict.ok()) {
    const auto again = policykb::DecodeVerdict(policykb::EncodeVerdict(*verdict));
    if (!again.ok() || *again != *verdict) std::abort();
  }
  return 0;
}
