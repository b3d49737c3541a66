// Decodes a vector index whose checksum is made to fit and searches what opens, by scan and by
// graph.

#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "core/base/checksum.h"
#include "core/snapshot/vector_file.h"
#include "core/snapshot/vector_walk.h"

namespace {

struct alignas(64) Block {
  uint8_t bytes[64];
};

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 8 || size > 1 << 16) return 0;
  std::vector<Block> blocks(size / 64 + 1);
  std::memcpy(blocks.data(), data, size);
  char* bytes = reinterpret_cast<char*>(blocks.data());
  const uint64_t checksum = policykb::Checksum64({bytes, size - 8});
  std::memcpy(bytes + size - 8, &checksum, 8);
  const auto content = policykb::DecodeVectorFile({bytes, size});
  if (!content.ok() || content->codes.entries() == 0) return 0;
  std::vector<float> query(content->codes.dimension);
  for (size_t i = 0; i < query.size(); ++i) query[i] = static_cast<float>(i % 7) - 3;
  const policykb::CodedQuery coded(query);
  const uint32_t entries = content->codes.entries();
  for (const uint32_t ordinal : policykb::ScanCodes(content->codes, coded, {}, 10)) {
    Require(ordinal < entries);
  }
  if (!content->has_graph) return 0;
  const policykb::VectorWalk walk(*content);
  const std::vector<uint64_t> odd(entries / 64 + 1, 0xAAAAAAAAAAAAAAAA);
  for (const policykb::BitmapView allowed : {policykb::BitmapView(), policykb::BitmapView(odd)}) {
    for (const uint32_t ordinal : walk.Search(coded, 10, 128, allowed)) {
      Require(ordinal < entries && policykb::IsAllowed(allowed, ordinal));
    }
  }
  return 0;
}
