#include "core/snapshot/dot_kernels.h"

#include "core/snapshot/runnable_kernels.h"

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

constexpr size_t kFloatLanes = 16;

// Adds 16 lanes pairwise: lanes i and i+8, then i and i+4, and so on.
inline float AddLanes(float* lanes) {
  for (size_t half = kFloatLanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

void PortableCodeRows(const uint8_t* codes, size_t rows, const int8_t* query, size_t dimension,
                      int32_t* out) {
  for (size_t row = 0; row < rows; ++row, codes += dimension) {
    int32_t sum = 0;
    for (size_t i = 0; i < dimension; ++i) sum += codes[i] * query[i];
    out[row] = sum;
  }
}

void PortableCodeRowsAt(const uint8_t* codes, const uint32_t* rows, size_t count,
                        const int8_t* query, size_t dimension, int32_t* out) {
  for (size_t i = 0; i < count; ++i)
    PortableCodeRows(codes + rows[i] * dimension, 1, query, dimension, out + i);
}

int32_t PortableCodeCode(const uint8_t* a, const uint8_t* b, size_t dimension) {
  int32_t sum = 0;
  for (size_t i = 0; i < dimension; ++i) sum += (a[i] - 128) * (b[i] - 128);
  return sum;
}

uint64_t PortableScoresAbove(const int32_t* sums, const float* scales, int32_t offset,
                             float threshold, float* scores) {
  uint64_t above = 0;
  for (size_t row = 0; row < kScoredRows; ++row) {
    scores[row] = static_cast<float>(sums[row] - offset) * scales[row];
    above |= uint64_t{scores[row] > threshold} << row;
  }
  return above;
}

float PortableCodeFloat(const uint8_t* codes, const float* query, size_t dimension) {
  float lanes[kFloatLanes] = {};
  for (size_t i = 0; i < dimension; i += kFloatLanes) {
    for (size_t lane = 0; lane < kFloatLanes; ++lane) {
      const float product = static_cast<float>(codes[i + lane] - 128) * query[i + lane];
      lanes[lane] += product;
    }
  }
  return AddLanes(lanes);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) inline int32_t AddLanes256(__m256i sums) {
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
  sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
  return _mm_cvtsi128_si32(sum);
}

__attribute__((target("avx2"))) inline __m256i Load16(const void* bytes) {
  return _mm256_cvtepu8_epi16(_mm_loadu_si128(static_cast<const __m128i*>(bytes)));
}

// The sum of one pair of 16-bit products is at most 2 * 255 * 128, so madd cannot saturate.
__attribute__((target("avx2"))) void Avx2CodeRows(const uint8_t* codes, size_t rows,
                                                  const int8_t* query, size_t dimension,
                                                  int32_t* out) {
  for (size_t row = 0; row < rows; ++row, codes += dimension) {
    __m256i even = _mm256_setzero_si256();
    __m256i odd = even;
    for (size_t i = 0; i < dimension; i += 32) {
      const __m128i* q = reinterpret_cast<const __m128i*>(query + i);
      even = _mm256_add_epi32(
          even, _mm256_madd_epi16(Load16(codes + i), _mm256_cvtepi8_epi16(_mm_loadu_si128(q))));
      odd = _mm256_add_epi32(odd, _mm256_madd_epi16(Load16(codes + i + 16),
                                                    _mm256_cvtepi8_epi16(_mm_loadu_si128(q + 1))));
    }
    out[row] = AddLanes256(_mm256_add_epi32(even, odd));
  }
}

__attribute__((target("avx2"))) void Avx2CodeRowsAt(const uint8_t* codes, const uint32_t* rows,
                                                    size_t count, const int8_t* query,
                                                    size_t dimension, int32_t* out) {
  for (size_t i = 0; i < count; ++i)
    Avx2CodeRows(codes + rows[i] * dimension, 1, query, dimension, out + i);
}

__attribute__((target("avx2"))) int32_t Avx2CodeCode(const uint8_t* a, const uint8_t* b,
                                                     size_t dimension) {
  const __m256i offset = _mm256_set1_epi16(128);
  __m256i sums = _mm256_setzero_si256();
  for (size_t i = 0; i < dimension; i += 16) {
    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(_mm256_sub_epi16(Load16(a + i), offset),
                                                    _mm256_sub_epi16(Load16(b + i), offset)));
  }
  return AddLanes256(sums);
}

__attribute__((target("avx2"))) uint64_t Avx2ScoresAbove(const int32_t* sums, const float* scales,
                                                         int32_t offset, float threshold,
                                                         float* scores) {
  const __m256i offsets = _mm256_set1_epi32(offset);
  const __m256 thresholds = _mm256_set1_ps(threshold);
  uint64_t above = 0;
  for (size_t row = 0; row < kScoredRows; row += 8) {
    const __m256i sum = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(sums + row));
    const __m256 score = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_sub_epi32(sum, offsets)),
                                       _mm256_loadu_ps(scales + row));
    _mm256_storeu_ps(scores + row, score);
    const int mask = _mm256_movemask_ps(_mm256_cmp_ps(score, thresholds, _CMP_GT_OQ));
    above |= static_cast<uint64_t>(mask) << row;
  }
  return above;
}

__attribute__((target("avx2"))) float Avx2CodeFloat(const uint8_t* codes, const float* query,
                                                    size_t dimension) {
  const __m256i offset = _mm256_set1_epi32(128);
  __m256 low = _mm256_setzero_ps();
  __m256 high = low;
  for (size_t i = 0; i < dimension; i += kFloatLanes) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + i));
    const __m256i first = _mm256_sub_epi32(_mm256_cvtepu8_epi32(bytes), offset);
    const __m256i second = _mm256_sub_epi32(_mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8)), offset);
    low = _mm256_add_ps(low, _mm256_mul_ps(_mm256_cvtepi32_ps(first), _mm256_loadu_ps(query + i)));
    high = _mm256_add_ps(high,
                         _mm256_mul_ps(_mm256_cvtepi32_ps(second), _mm256_loadu_ps(query + i + 8)));
  }
  float lanes[kFloatLanes];
  _mm256_storeu_ps(lanes, low);
  _mm256_storeu_ps(lanes + 8, high);
  return AddLanes(lanes);
}

#define POLICYKB_VNNI_TARGET \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))

// One row against the query, 64 components at a time.
POLICYKB_VNNI_TARGET inline __m512i RowSums(const uint8_t* row, const int8_t* query,
                                            size_t dimension) {
  __m512i sums = _mm512_setzero_si512();
  for (size_t i = 0; i < dimension; i += kDotLanes) {
    sums = _mm512_dpbusd_epi32(sums, _mm512_loadu_si512(row + i), _mm512_loadu_si512(query + i));
  }
  return sums;
}

// The sums of four rows from their 16 partial sums each, added crosswise, which costs a third of
// adding each up alone.
POLICYKB_VNNI_TARGET inline __m128i AddCrosswise(__m512i a, __m512i b, __m512i c, __m512i d) {
  const __m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
  const __m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
  const __m512i sums =
      _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd), _mm512_unpackhi_epi64(ab, cd));
  const __m256i half =
      _mm256_add_epi32(_mm512_castsi512_si256(sums), _mm512_extracti64x4_epi64(sums, 1));
  return _mm_add_epi32(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}

POLICYKB_VNNI_TARGET void VnniCodeRows(const uint8_t* codes, size_t rows, const int8_t* query,
                                       size_t dimension, int32_t* out) {
  size_t row = 0;
  for (; row + 4 <= rows; row += 4, codes += 4 * dimension) {
    // Row by row, as they lie in memory: reading four at once halves the speed out of cache.
    const __m512i a = RowSums(codes, query, dimension);
    const __m512i b = RowSums(codes + dimension, query, dimension);
    const __m512i c = RowSums(codes + 2 * dimension, query, dimension);
    const __m512i d = RowSums(codes + 3 * dimension, query, dimension);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + row), AddCrosswise(a, b, c, d));
  }
  for (; row < rows; ++row, codes += dimension) {
    out[row] = _mm512_reduce_add_epi32(RowSums(codes, query, dimension));
  }
}

POLICYKB_VNNI_TARGET void VnniCodeRowsAt(const uint8_t* codes, const uint32_t* rows, size_t count,
                                         const int8_t* query, size_t dimension, int32_t* out) {
  const auto sums = [&](size_t i) POLICYKB_VNNI_TARGET {
    return RowSums(codes + rows[i] * dimension, query, dimension);
  };
  size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out + i),
                     AddCrosswise(sums(i), sums(i + 1), sums(i + 2), sums(i + 3)));
  }
  for (; i < count; ++i) out[i] = _mm512_reduce_add_epi32(sums(i));
}

// a * (b - 128) by VNNI, minus 128 * sum(b - 128), itself a VNNI product with ones.
POLICYKB_VNNI_TARGET int32_t VnniCodeCode(const uint8_t* a, const uint8_t* b, size_t dimension) {
  const __m512i flip = _mm512_set1_epi8(static_cast<char>(0x80));
  __m512i sums = _mm512_setzero_si512();
  __m512i offsets = sums;
  for (size_t i = 0; i < dimension; i += kDotLanes) {
    const __m512i components = _mm512_xor_si512(_mm512_loadu_si512(b + i), flip);
    sums = _mm512_dpbusd_epi32(sums, _mm512_loadu_si512(a + i), components);
    offsets = _mm512_dpbusd_epi32(offsets, flip, components);
  }
  return _mm512_reduce_add_epi32(_mm512_sub_epi32(sums, offsets));
}

POLICYKB_VNNI_TARGET uint64_t VnniScoresAbove(const int32_t* sums, const float* scales,
                                              int32_t offset, float threshold, float* scores) {
  const __m512i offsets = _mm512_set1_epi32(offset);
  const __m512 thresholds = _mm512_set1_ps(threshold);
  uint64_t above = 0;
  for (size_t row = 0; row < kScoredRows; row += 16) {
    const __m512i sum = _mm512_sub_epi32(_mm512_loadu_si512(sums + row), offsets);
    const __m512 score = _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_loadu_ps(scales + row));
    _mm512_storeu_ps(scores + row, score);
    above |= uint64_t{_mm512_cmp_ps_mask(score, thresholds, _CMP_GT_OQ)} << row;
  }
  return above;
}

POLICYKB_VNNI_TARGET float VnniCodeFloat(const uint8_t* codes, const float* query,
                                         size_t dimension) {
  const __m512i offset = _mm512_set1_epi32(128);
  __m512 sums = _mm512_setzero_ps();
  for (size_t i = 0; i < dimension; i += kFloatLanes) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(codes + i));
    const __m512i components = _mm512_sub_epi32(_mm512_cvtepu8_epi32(bytes), offset);
    const __m512 products =
        _mm512_mul_ps(_mm512_cvtepi32_ps(components), _mm512_loadu_ps(query + i));
    sums = _mm512_add_ps(sums, products);
  }
  float lanes[kFloatLanes];
  _mm512_storeu_ps(lanes, sums);
  return AddLanes(lanes);
}

#undef POLICYKB_VNNI_TARGET

#endif  // defined(__x86_64__)

const RunnableKernels<DotKernels>& TheRunnable() {
  static const RunnableKernels<DotKernels> runnable({
    {true,
     {"portable", PortableCodeRows, PortableCodeRowsAt, PortableCodeCode, PortableScoresAbove,
      PortableCodeFloat}},
#if defined(__x86_64__)
        {HasAvx2(),
         {"avx2", Avx2CodeRows, Avx2CodeRowsAt, Avx2CodeCode, Avx2ScoresAbove, Avx2CodeFloat}},
        {HasAvx512() && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"),
         {"avx512vnni", VnniCodeRows, VnniCodeRowsAt, VnniCodeCode, VnniScoresAbove,
          VnniCodeFloat}},
#endif
  });
  return runnable;
}

}  // namespace

std::span<const DotKernels> RunnableDotKernels() { return TheRunnable().all(); }

const DotKernels& BestDotKernels() { return RunnableDotKernels().back(); }

}  // namespace policykb
