// Int8 codes of unit vectors: quantisation, the exact scan with a filter, and rescoring.
//
// The part of the vector index that knows neither the file nor FAISS. Pure functions over views,
// any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_CODES_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_CODES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/snapshot/vector_index.h"

namespace policykb {

// n vectors: component i of vector v is (codes[v*dimension + i] - 128) * scales[v].
struct VectorCodes {
  size_t dimension = 0;            // multiple of 64
  std::span<const uint8_t> codes;  // n*dimension, row-major
  std::span<const float> scales;   // n, finite, >= 0

  uint32_t entries() const { return static_cast<uint32_t>(scales.size()); }
  const uint8_t* row(size_t entry) const { return codes.data() + entry * dimension; }
};

// Rounds `vector` to components in [-127,127] (same number of them) and returns their scale, max|x|
// / 127; zero for the zero vector. REQUIRES: finite values.
float QuantizeVector(std::span<const float> vector, std::span<int8_t> components);

// A query as the integer kernels take it.
struct CodedQuery {
  explicit CodedQuery(std::span<const float> query);

  std::vector<int8_t> components;
  float scale = 0;
  int32_t offset = 0;  // 128 * sum of the components: what the codes' own offset adds to every sum
};

// Approximate inner product of entry `entry` with the query.
float CodedScore(const VectorCodes& codes, const CodedQuery& query, size_t entry);
// Inner product of two entries.
float EntryScore(const VectorCodes& codes, size_t a, size_t b);
// Inner product of the entry, as it is stored, with `query` (dimension components).
float ExactScore(const VectorCodes& codes, std::span<const float> query, size_t entry);

// True when the bit of `ordinal` is set; everything is allowed by an empty view, nothing beyond the
// end of another.
inline bool IsAllowed(BitmapView allowed, uint32_t ordinal) {
  if (allowed.empty()) return true;
  return ordinal / 64 < allowed.size() && (allowed[ordinal / 64] >> (ordinal % 64) & 1) != 0;
}
// Number of ordinals < entries that are allowed.
uint32_t CountAllowed(BitmapView allowed, uint32_t entries);

// The `keep` allowed entries of the highest approximate score, in no order; ties at the edge go to
// the lower ordinal.
std::vector<uint32_t> ScanCodes(const VectorCodes& codes, const CodedQuery& query,
                                BitmapView allowed, size_t keep);

// The best `k` of the candidates by exact score, best first, ties by lower ordinal.
std::vector<ScoredOrdinal> Rescore(const VectorCodes& codes, std::span<const float> query,
                                   std::span<const uint32_t> candidates, size_t k);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_CODES_H_
