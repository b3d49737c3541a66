// Inner products of int8 vectors, in the fastest form this machine has.
//
// A stored component c in [-127,127] is kept as the byte c + 128 ("code"), so that one operand is
// unsigned as the VNNI instruction wants it. All kernels of one kind return exactly the same value:
// the integer ones because integers do, the float one because every form adds in the same order.
// Pure functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_DOT_KERNELS_H_
#define POLICYKB_CORE_SNAPSHOT_DOT_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace policykb {

// Dimensions are multiples of this.
inline constexpr size_t kDotLanes = 64;
// Rows that scores_above takes at a time.
inline constexpr size_t kScoredRows = 64;
// The largest dimension for which the integer sums cannot overflow: 65536 * 255 * 127 < 2^31.
inline constexpr size_t kMaxDotDimension = 65536;

struct DotKernels {
  const char* name;
  // For each of `rows` rows of `codes` (rows*dimension, row-major): out[row] = sum of code[i] *
  // query[i]. The inner product of the components is out[row] - 128 * (sum of query[i]).
  void (*code_rows)(const uint8_t* codes, size_t rows, const int8_t* query, size_t dimension,
                    int32_t* out);
  // The same for the `count` rows of `codes` that `rows` names, wherever they lie.
  void (*code_rows_at)(const uint8_t* codes, const uint32_t* rows, size_t count,
                       const int8_t* query, size_t dimension, int32_t* out);
  // Inner product of the components (code - 128) of two stored vectors.
  int32_t (*code_code)(const uint8_t* a, const uint8_t* b, size_t dimension);
  // For kScoredRows rows: scores[row] = float(sums[row] - offset) * scales[row]; bit `row` of what
  // is returned is set when scores[row] > threshold.
  uint64_t (*scores_above)(const int32_t* sums, const float* scales, int32_t offset,
                           float threshold, float* scores);
  // Sum of (code[i] - 128) * query[i], added up in 16 lanes and then pairwise.
  float (*code_float)(const uint8_t* codes, const float* query, size_t dimension);
};

// The fastest kernels of this machine.
const DotKernels& BestDotKernels();

// All kernels that this machine can run, the portable ones first.
std::span<const DotKernels> RunnableDotKernels();

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_DOT_KERNELS_H_
