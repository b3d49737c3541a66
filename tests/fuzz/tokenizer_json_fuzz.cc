// Reads the first part of the input as tokenizer.json and cuts the rest with it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/embedding/tokenizer/character_map.h"
#include "core/embedding/tokenizer/tokenizer_json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t split = std::min(bytes.find('\0'), bytes.size());
  const std::string_view text = bytes.substr(std::min(split + 1, bytes.size()));
  if (const auto map = policykb::CharacterMap::Decode(bytes); map.ok()) (void)map->Apply(text);
  for (const policykb::Casing casing : {policykb::Casing::kAsModel, policykb::Casing::kLower}) {
    const auto tokenizer = policykb::ParseTokenizerJson(bytes.substr(0, split), casing);
    if (!tokenizer.ok()) continue;
    for (const int32_t id : (*tokenizer)->Encode(text)) {
      if (id < 0 || id >= (*tokenizer)->vocabulary()) __builtin_trap();
    }
  }
  return 0;
}
