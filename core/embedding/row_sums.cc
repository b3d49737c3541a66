#include "core/embedding/row_sums.h"

#if defined(__x86_64__)
#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 takes its own _mm512_undefined_* for a mistake of the caller (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#endif

namespace policykb {

namespace {

// Products and sums are separate operations in every form (no fused multiply-add), so that all
// round alike.

template <typename T>
void PortableSumRows(const T* table, size_t columns, const uint32_t* rows, const float* weights,
                     size_t count, float* sum) {
  for (size_t column = 0; column < columns; ++column) sum[column] = 0;
  for (size_t i = 0; i < count; ++i) {
    const T* row = table + static_cast<size_t>(rows[i]) * columns;
    for (size_t column = 0; column < columns; ++column) {
      const float product = static_cast<float>(row[column]) * weights[i];
      sum[column] += product;
    }
  }
}

#if defined(__x86_64__)

#define POLICYKB_AVX2 __attribute__((target("avx2")))
#define POLICYKB_AVX512 __attribute__((target("avx512f")))

POLICYKB_AVX2 inline __m256 Load8(const float* from) { return _mm256_loadu_ps(from); }
POLICYKB_AVX2 inline __m256 Load8(const int8_t* from) {
  return _mm256_cvtepi32_ps(
      _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from))));
}

template <typename T>
POLICYKB_AVX2 void Avx2SumRows(const T* table, size_t columns, const uint32_t* rows,
                               const float* weights, size_t count, float* sum) {
  for (size_t first = 0; first < columns; first += 32) {
    __m256 a = _mm256_setzero_ps();
    __m256 b = a;
    __m256 c = a;
    __m256 d = a;
    for (size_t i = 0; i < count; ++i) {
      const T* row = table + static_cast<size_t>(rows[i]) * columns + first;
      const __m256 weight = _mm256_set1_ps(weights[i]);
      a = _mm256_add_ps(a, _mm256_mul_ps(Load8(row), weight));
      b = _mm256_add_ps(b, _mm256_mul_ps(Load8(row + 8), weight));
      c = _mm256_add_ps(c, _mm256_mul_ps(Load8(row + 16), weight));
      d = _mm256_add_ps(d, _mm256_mul_ps(Load8(row + 24), weight));
    }
    _mm256_storeu_ps(sum + first, a);
    _mm256_storeu_ps(sum + first + 8, b);
    _mm256_storeu_ps(sum + first + 16, c);
    _mm256_storeu_ps(sum + first + 24, d);
  }
}

POLICYKB_AVX512 inline __m512 Load16(const float* from) { return _mm512_loadu_ps(from); }
POLICYKB_AVX512 inline __m512 Load16(const int8_t* from) {
  return _mm512_cvtepi32_ps(
      _mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
}

template <typename T>
POLICYKB_AVX512 void Avx512SumRows(const T* table, size_t columns, const uint32_t* rows,
                                   const float* weights, size_t count, float* sum) {
  for (size_t first = 0; first < columns; first += 64) {
    __m512 a = _mm512_setzero_ps();
    __m512 b = a;
    __m512 c = a;
    __m512 d = a;
    for (size_t i = 0; i < count; ++i) {
      const T* row = table + static_cast<size_t>(rows[i]) * columns + first;
      const __m512 weight = _mm512_set1_ps(weights[i]);
      a = _mm512_add_ps(a, _mm512_mul_ps(Load16(row), weight));
      b = _mm512_add_ps(b, _mm512_mul_ps(Load16(row + 16), weight));
      c = _mm512_add_ps(c, _mm512_mul_ps(Load16(row + 32), weight));
      d = _mm512_add_ps(d, _mm512_mul_ps(Load16(row + 48), weight));
    }
    _mm512_storeu_ps(sum + first, a);
    _mm512_storeu_ps(sum + first + 16, b);
    _mm512_storeu_ps(sum + first + 32, c);
    _mm512_storeu_ps(sum + first + 48, d);
  }
}

#undef POLICYKB_AVX2
#undef POLICYKB_AVX512

#endif  // defined(__x86_64__)

struct Runnable {
  RowSumKernels kernels[3];
  size_t count = 0;
};

Runnable FindRunnable() {
  Runnable runnable;
  runnable.kernels[runnable.count++] = {PortableSumRows<float>, PortableSumRows<int8_t>};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    runnable.kernels[runnable.count++] = {Avx2SumRows<float>, Avx2SumRows<int8_t>};
    if (__builtin_cpu_supports("avx512f")) {
      runnable.kernels[runnable.count++] = {Avx512SumRows<float>, Avx512SumRows<int8_t>};
    }
  }
#endif
  return runnable;
}

}  // namespace

std::span<const RowSumKernels> RunnableRowSumKernels() {
  static const Runnable runnable = FindRunnable();
  return {runnable.kernels, runnable.count};
}

void SumRows(const float* table, size_t columns, const uint32_t* rows, const float* weights,
             size_t count, float* sum) {
  RunnableRowSumKernels().back().floats(table, columns, rows, weights, count, sum);
}

void SumRows(const int8_t* table, size_t columns, const uint32_t* rows, const float* weights,
             size_t count, float* sum) {
  RunnableRowSumKernels().back().bytes(table, columns, rows, weights, count, sum);
}

}  // namespace policykb
