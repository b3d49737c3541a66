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

#include "absl/status/status.h"
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

// Components of vectors and queries are at most this large; unit vectors are far below.
inline constexpr float kLargestComponent = 1024;

// Errors: InvalidArgument (a value that is not finite or larger).
absl::Status CheckComponents(std::span<const float> values);

// Rounds `vector` to components in [-127,127] (same number of them) and returns their scale, max|x|
// / 127; zero for the zero vector. REQUIRES: finite values.
float QuantizeVector(std::span<const float> vector, std::span<int8_t> components);

// The vectors of the entries [begin, end) as they are stored, row-major.
std::vector<float> DecodedRows(const VectorCodes& codes, size_t begin, size_t end);

// Vectors in their coded form, one after the other.
class CodedVectors {
 public:
  // REQUIRES: a positive multiple of 64.
  explicit CodedVectors(size_t dimension) : dimension_(dimension) {}

  // Codes whole vectors, row-major. Errors: InvalidArgument (not a multiple of the dimension; a
  // component that is not finite or above kLargestComponent); nothing is added then.
  absl::Status Append(std::span<const float> vectors);
  // A row that is coded already. REQUIRES: `codes` has dimension() bytes.
  void AppendRow(std::span<const uint8_t> codes, float scale);

  size_t dimension() const { return dimension_; }
  uint32_t entries() const { return static_cast<uint32_t>(scales_.size()); }
  // Valid until the next Append.
  VectorCodes View() const { return {.dimension = dimension_, .codes = codes_, .scales = scales_}; }

 private:
  size_t dimension_;
  std::vector<uint8_t> codes_;
  std::vector<float> scales_;
};

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
// The ordinals from word * 64 that are allowed and < entries, the lowest bit first. REQUIRES: word
// * 64 < entries.
uint64_t AllowedWord(BitmapView allowed, size_t word, uint32_t entries);
// Number of ordinals < entries that are allowed.
uint32_t CountAllowed(BitmapView allowed, uint32_t entries);

// The `keep` allowed entries of the highest approximate score, in no order; ties at the edge go to
// the lower ordinal.
std::vector<uint32_t> ScanCodes(const VectorCodes& codes, const CodedQuery& query,
                                BitmapView allowed, size_t keep);

// The same among `ordinals`, which ascend. REQUIRES: each below codes.entries().
std::vector<uint32_t> ScanEntries(const VectorCodes& codes, const CodedQuery& query,
                                  std::span<const uint32_t> ordinals, size_t keep);

// The best `k` of the candidates by exact score, best first, ties by lower ordinal.
std::vector<ScoredOrdinal> Rescore(const VectorCodes& codes, std::span<const float> query,
                                   std::span<const uint32_t> candidates, size_t k);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_CODES_H_
