// Decodes an embedder table whose checksum is made to fit and reads all that it views.

#include <cstdint>
#include <cstring>
#include <vector>

#include "core/base/checksum.h"
#include "core/embedding/embedding_table.h"
#include "core/embedding/han_key_index.h"
#include "core/embedding/row_sums.h"

namespace {

struct alignas(64) Block {
  uint8_t bytes[64];
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 8 || size > 1 << 16) return 0;
  std::vector<Block> blocks(size / 64 + 1);
  std::memcpy(blocks.data(), data, size);
  char* bytes = reinterpret_cast<char*>(blocks.data());
  const uint64_t checksum = policykb::Checksum64({bytes, size - 8});
  std::memcpy(bytes + size - 8, &checksum, 8);
  const auto table = policykb::DecodeEmbeddingTable({bytes, size});
  if (!table.ok()) return 0;
  const policykb::HanKeyIndex index(table->han_keys, table->pieces);
  for (const uint64_t key : table->han_keys) {
    const auto row = index.Find(key);
    if (row.has_value() ? *row >= table->weights.size() : key != 0) __builtin_trap();
  }
  std::vector<uint32_t> rows(table->weights.size());
  for (uint32_t i = 0; i < rows.size(); ++i) rows[i] = i;
  std::vector<float> sum(table->dimension);
  policykb::SumRows(table->rows.data(), table->dimension, rows.data(), table->weights.data(),
                    rows.size(), sum.data());
  for (const float value : sum) {
    if (!(value >= -3e38F && value <= 3e38F)) __builtin_trap();
  }
  return 0;
}
