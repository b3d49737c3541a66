// Fuzz target: a manifest of any bytes. What is read is written and read again as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/snapshot/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read =
      policykb::DecodeManifest(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read.ok()) {
    if (read.status().message().empty()) std::abort();
    return 0;
  }
  const auto again = policykb::DecodeManifest(policykb::EncodeManifest(*read));
  if (!again.ok() || *again != *read) std::abort();
  return 0;
}
