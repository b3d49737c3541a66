// Reads a reply of an embedding server and the reason of an error.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/embedding/embeddings_protocol.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  const size_t count = data[0] % 4;
  const size_t dimension = data[1] % 4;
  if (policykb::EmbeddingsErrorReason(body).size() > 200) __builtin_trap();
  const auto vectors = policykb::DecodeEmbeddings(body, count, dimension);
  if (!vectors.ok()) return 0;
  if (dimension > 0 && vectors->size() != count * dimension) __builtin_trap();
  for (const float value : *vectors) {
    if (!(std::abs(value) <= 1.001F)) __builtin_trap();
  }
  return 0;
}
