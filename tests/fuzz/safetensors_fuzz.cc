// Reads a file of weights and every value of every tensor that it says to hold.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/embedding/transformer/safetensors.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto tensors = policykb::ParseSafetensors(bytes);
  if (!tensors.ok()) return 0;
  size_t covered = 0;
  for (const auto& [name, tensor] : *tensors) {
    covered += tensor.bytes.size();
    size_t elements = 1;
    for (const size_t count : tensor.shape) elements *= count;
    if (policykb::ReadFloats(tensor).size() != elements) __builtin_trap();
  }
  if (covered > size) __builtin_trap();
  return 0;
}
