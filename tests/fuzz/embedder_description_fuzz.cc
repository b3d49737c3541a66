// Decodes the description of an embedder; what it takes comes back as it was.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/embedding/embedder_description.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto decoded =
      policykb::DecodeEmbedderDescription({reinterpret_cast<const char*>(data), size});
  if (!decoded.ok()) return 0;
  const std::string encoded = policykb::EncodeEmbedderDescription(*decoded);
  const auto again = policykb::DecodeEmbedderDescription(encoded);
  if (!again.ok() || again->kind != decoded->kind) __builtin_trap();
  if (policykb::EncodeEmbedderDescription(*again) != encoded) __builtin_trap();
  return 0;
}
