#include "core/embedding/transformer/attention.h"

#include <algorithm>

#include "core/embedding/transformer/lanes.h"

namespace policykb {

namespace {

// Vectors of a block's row: with these and the rows of a block, the sums fill the registers.
constexpr size_t kVectors = 4;

template <typename L>
constexpr size_t kBlockRows = L::kCount == 16 ? 6 : 3;

// Rows of a matrix, `stride` floats from one to the next.
struct Rows {
  const float* first;
  size_t stride;
};

// out[r][c] = sum over i < inner of a[r][i] * b[i][c], for kVectors * kUsed lanes of columns.
template <typename L, size_t kUsed>
POLICYKB_INLINE void MultiplyBlock(const float* const* a, size_t inner, const Rows& b, float factor,
                                   float* const* out) {
  using Float = typename L::Float;
  Float sums[kBlockRows<L>][kUsed] = {};
  const float* b_row = b.first;
  for (size_t i = 0; i < inner; ++i, b_row += b.stride) {
    Float columns[kUsed];
    for (size_t v = 0; v < kUsed; ++v) columns[v] = LoadLanes<Float>(b_row + v * L::kCount);
    for (size_t r = 0; r < kBlockRows<L>; ++r) {
      for (size_t v = 0; v < kUsed; ++v) sums[r][v] += columns[v] * a[r][i];
    }
  }
  for (size_t r = 0; r < kBlockRows<L>; ++r) {
    for (size_t v = 0; v < kUsed; ++v) StoreLanes(out[r] + v * L::kCount, sums[r][v] * factor);
  }
}

// The same for any number of columns, a multiple of the lanes.
template <typename L>
POLICYKB_INLINE void MultiplyRows(const float* const* a, size_t inner, Rows b, size_t columns,
                                  float factor, float* const* out) {
  float* to[kBlockRows<L>];
  for (size_t r = 0; r < kBlockRows<L>; ++r) to[r] = out[r];
  for (size_t c = 0; c < columns;) {
    const size_t left = (columns - c) / L::kCount;
    size_t used = kVectors;
    if (left >= kVectors) {
      MultiplyBlock<L, kVectors>(a, inner, b, factor, to);
    } else if (left >= 2) {
      MultiplyBlock<L, 2>(a, inner, b, factor, to);
      used = 2;
    } else {
      MultiplyBlock<L, 1>(a, inner, b, factor, to);
      used = 1;
    }
    c += used * L::kCount;
    b.first += used * L::kCount;
    for (size_t r = 0; r < kBlockRows<L>; ++r) to[r] += used * L::kCount;
  }
}

// row = e^(row - its largest), 0 behind `count`; returns the sum.
template <typename L>
POLICYKB_INLINE float ExponentialsOf(float* row, size_t count, size_t columns) {
  using Float = typename L::Float;
  for (size_t c = count; c < columns; ++c) row[c] = row[0];
  auto largest = LoadLanes<Float>(row);
  for (size_t c = L::kCount; c < columns; c += L::kCount)
    largest = Larger(largest, LoadLanes<Float>(row + c));
  const float highest = LargestLane<L>(largest);
  for (size_t c = 0; c < columns; c += L::kCount)
    StoreLanes(row + c, Exponential<L>(LoadLanes<Float>(row + c) - highest));
  for (size_t c = count; c < columns; ++c) row[c] = 0;
  Float sum = {};
  for (size_t c = 0; c < columns; c += L::kCount) sum += LoadLanes<Float>(row + c);
  return SumOfLanes<L>(sum);
}

template <typename L>
POLICYKB_INLINE void ScaleRow(float* row, size_t columns, float factor) {
  using Float = typename L::Float;
  for (size_t c = 0; c < columns; c += L::kCount)
    StoreLanes(row + c, LoadLanes<Float>(row + c) * factor);
}

POLICYKB_INLINE void Transpose(const AttentionHead& head, size_t columns, float* keys) {
  for (size_t row = 0; row < head.tokens; ++row) {
    const float* key = head.key + row * head.stride;
    for (size_t i = 0; i < head.size; ++i) keys[i * columns + row] = key[i];
  }
  for (size_t i = 0; i < head.size; ++i) {
    for (size_t row = head.tokens; row < columns; ++row) keys[i * columns + row] = 0;
  }
}

template <typename L>
POLICYKB_INLINE void AttendIn(const AttentionHead& head, AttentionScratch& scratch, float* context,
                              size_t context_stride) {
  constexpr size_t kRows = kBlockRows<L>;
  const size_t columns = (head.tokens + L::kCount - 1) / L::kCount * L::kCount;
  float* keys = scratch.keys.data();
  Transpose(head, columns, keys);
  for (size_t first = 0; first < head.queries; first += kRows) {
    const float* queries[kRows];
    float* scores[kRows];
    const float* weights[kRows];
    float* out[kRows];
    for (size_t r = 0; r < kRows; ++r) {
      // What is missing in the last block is computed again.
      const size_t row = std::min(first + r, head.queries - 1);
      queries[r] = head.query + row * head.stride;
      scores[r] = scratch.scores.data() + r * columns;
      weights[r] = scores[r];
      out[r] = context + row * context_stride;
    }
    MultiplyRows<L>(queries, head.size, {keys, columns}, columns, head.scale, scores);
    for (size_t r = 0; r < kRows; ++r) {
      const float sum = ExponentialsOf<L>(scores[r], head.tokens, columns);
      ScaleRow<L>(scores[r], columns, 1.0F / sum);
    }
    MultiplyRows<L>(weights, head.tokens, {head.value, head.stride}, head.size, 1.0F, out);
  }
}

void PortableAttend(const AttentionHead& head, AttentionScratch& scratch, float* context,
                    size_t context_stride) {
  AttendIn<PortableLanes>(head, scratch, context, context_stride);
}

#if defined(__x86_64__)
POLICYKB_TARGET_AVX2 void Avx2Attend(const AttentionHead& head, AttentionScratch& scratch,
                                     float* context, size_t context_stride) {
  AttendIn<Avx2Lanes>(head, scratch, context, context_stride);
}

POLICYKB_TARGET_AVX512 void Avx512Attend(const AttentionHead& head, AttentionScratch& scratch,
                                         float* context, size_t context_stride) {
  AttendIn<Avx512Lanes>(head, scratch, context, context_stride);
}
#endif

struct Runnable {
  AttentionKernel kernels[3];
  size_t count = 0;
};

Runnable FindRunnable() {
  Runnable runnable;
  runnable.kernels[runnable.count++] = PortableAttend;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    runnable.kernels[runnable.count++] = Avx2Attend;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      runnable.kernels[runnable.count++] = Avx512Attend;
    }
  }
#endif
  return runnable;
}

}  // namespace

std::span<const AttentionKernel> RunnableAttentionKernels() {
  static const Runnable runnable = FindRunnable();
  return {runnable.kernels, runnable.count};
}

void AttentionScratch::Prepare(const AttentionHead& head) {
  constexpr size_t kMostLanes = 16;
  constexpr size_t kMostBlockRows = 6;
  const size_t columns = (head.tokens + kMostLanes - 1) / kMostLanes * kMostLanes;
  if (keys.size() < head.size * columns) keys.resize(head.size * columns);
  if (scores.size() < kMostBlockRows * columns) scores.resize(kMostBlockRows * columns);
}

void Attend(const AttentionHead& head, AttentionScratch& scratch, float* context,
            size_t context_stride) {
  scratch.Prepare(head);
  RunnableAttentionKernels().back()(head, scratch, context, context_stride);
}

}  // namespace policykb
