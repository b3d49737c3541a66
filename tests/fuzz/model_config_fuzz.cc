// Reads config.json; sizes that it takes fit each other.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/embedding/transformer/model_config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto config = policykb::ParseEncoderConfig({reinterpret_cast<const char*>(data), size});
  if (!config.ok()) return 0;
  if (config->hidden % config->heads != 0 || config->most_tokens() < 3) __builtin_trap();
  return 0;
}
