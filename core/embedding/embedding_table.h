// The table of the corpus embedder: one int8 row and one weight per feature, encoded and decoded.
//
// Twins EncodeEmbeddingTable/DecodeEmbeddingTable (FORMAT.md "Embedder table"). Knows nothing of
// text. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_EMBEDDING_TABLE_H_
#define POLICYKB_CORE_EMBEDDING_EMBEDDING_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace policykb {

inline constexpr uint32_t kEmbeddingTableVersion = 1;
inline constexpr uint32_t kOldestReadableEmbeddingTableVersion = 1;

// Rows 0 to pieces-1 belong to the piece model's ids, the rows after them to the Han keys in their
// order.
struct EmbeddingTable {
  size_t dimension = 0;                // multiple of 64
  uint32_t pieces = 0;                 // ids of the piece model
  uint64_t piece_model_checksum = 0;   // Checksum64 of pieces.model
  std::span<const uint64_t> han_keys;  // rising
  std::span<const float>
      weights;  // pieces + han_keys; factor that gives a row its scale and its weight; >= 0
  std::span<const int8_t> rows;  // (pieces + han_keys) * dimension, row-major
};

// Bytes of the file.
std::string EncodeEmbeddingTable(const EmbeddingTable& table);

// Views into `bytes`, whose address is a multiple of 64. Errors: FailedPrecondition (version),
// DataLoss.
absl::StatusOr<EmbeddingTable> DecodeEmbeddingTable(std::string_view bytes);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_EMBEDDING_TABLE_H_
