#include "core/snapshot/sketch_kernels.h"

#include <bit>

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

uint64_t PortableNearer(const uint64_t* sketches, const uint64_t* signs, const uint64_t* planes,
                        size_t words, uint32_t limit, uint16_t* distances) {
  uint64_t nearer = 0;
  for (size_t row = 0; row < kSketchRows; ++row) {
    uint32_t distance = 0;
    for (size_t word = 0; word < words; ++word) {
      const uint64_t differ = sketches[word * kSketchRows + row] ^ signs[word];
      for (size_t plane = 0; plane < kSketchPlanes; ++plane) {
        const int bits = std::popcount(differ & planes[word * kSketchPlanes + plane]);
        distance += static_cast<uint32_t>(bits) << plane;
      }
    }
    distances[row] = static_cast<uint16_t>(distance);
    nearer |= uint64_t{distance < limit} << row;
  }
  return nearer;
}

#if defined(__x86_64__)

static_assert(kSketchPlanes == 3, "the vector forms are written for three planes");

// Bits set in each byte.
__attribute__((target("avx2"))) inline __m256i ByteCounts(__m256i bits) {
  const __m256i counts = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,  //
                                          0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
  const __m256i low = _mm256_set1_epi8(0x0F);
  return _mm256_add_epi8(
      _mm256_shuffle_epi8(counts, _mm256_and_si256(bits, low)),
      _mm256_shuffle_epi8(counts, _mm256_and_si256(_mm256_srli_epi16(bits, 4), low)));
}

// Four rows at a time. The weighted counts of a byte are at most 8 * 7.
__attribute__((target("avx2"))) uint64_t Avx2Nearer(const uint64_t* sketches, const uint64_t* signs,
                                                    const uint64_t* planes, size_t words,
                                                    uint32_t limit, uint16_t* distances) {
  uint64_t nearer = 0;
  for (size_t row = 0; row < kSketchRows; row += 4) {
    __m256i sums = _mm256_setzero_si256();
    for (size_t word = 0; word < words; ++word) {
      const auto* const at = reinterpret_cast<const __m256i*>(sketches + word * kSketchRows + row);
      const __m256i differ = _mm256_xor_si256(
          _mm256_loadu_si256(at), _mm256_set1_epi64x(static_cast<int64_t>(signs[word])));
      const auto counts = [&](size_t plane) __attribute__((target("avx2"))) {
        const uint64_t mask = planes[word * kSketchPlanes + plane];
        return ByteCounts(_mm256_and_si256(differ, _mm256_set1_epi64x(static_cast<int64_t>(mask))));
      };
      const __m256i upper = _mm256_add_epi8(counts(1), _mm256_add_epi8(counts(2), counts(2)));
      const __m256i bytes = _mm256_add_epi8(counts(0), _mm256_add_epi8(upper, upper));
      sums = _mm256_add_epi64(sums, _mm256_sad_epu8(bytes, _mm256_setzero_si256()));
    }
    alignas(32) uint64_t lanes[4];
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes), sums);
    for (size_t i = 0; i < 4; ++i) {
      distances[row + i] = static_cast<uint16_t>(lanes[i]);
      nearer |= uint64_t{lanes[i] < limit} << (row + i);
    }
  }
  return nearer;
}

#define POLICYKB_POPCNT_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vpopcntdq")))

// Bits that differ and are in the mask.
POLICYKB_POPCNT_TARGET inline __m512i CountBits(__m512i bits, __m512i signs, uint64_t mask) {
  constexpr int kXorThenAnd = 0x28;  // (a ^ b) & c by rows of their truth table
  return _mm512_popcnt_epi64(_mm512_ternarylogic_epi64(
      bits, signs, _mm512_set1_epi64(static_cast<int64_t>(mask)), kXorThenAnd));
}

// Eight rows at a time.
POLICYKB_POPCNT_TARGET uint64_t PopcntNearer(const uint64_t* sketches, const uint64_t* signs,
                                             const uint64_t* planes, size_t words, uint32_t limit,
                                             uint16_t* distances) {
  const __m512i limits = _mm512_set1_epi64(limit);
  uint64_t nearer = 0;
  for (size_t row = 0; row < kSketchRows; row += 8) {
    __m512i ones = _mm512_setzero_si512();
    __m512i twos = ones;
    __m512i fours = ones;
    for (size_t word = 0; word < words; ++word) {
      const __m512i bits = _mm512_loadu_si512(sketches + word * kSketchRows + row);
      const __m512i sign = _mm512_set1_epi64(static_cast<int64_t>(signs[word]));
      const uint64_t* const masks = planes + word * kSketchPlanes;
      ones = _mm512_add_epi64(ones, CountBits(bits, sign, masks[0]));
      twos = _mm512_add_epi64(twos, CountBits(bits, sign, masks[1]));
      fours = _mm512_add_epi64(fours, CountBits(bits, sign, masks[2]));
    }
    const __m512i upper = _mm512_add_epi64(twos, _mm512_add_epi64(fours, fours));
    const __m512i sums = _mm512_add_epi64(ones, _mm512_add_epi64(upper, upper));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(distances + row), _mm512_cvtepi64_epi16(sums));
    nearer |= uint64_t{_mm512_cmplt_epu64_mask(sums, limits)} << row;
  }
  return nearer;
}

#undef POLICYKB_POPCNT_TARGET

#endif  // defined(__x86_64__)

const RunnableKernels<SketchKernels>& TheRunnable() {
  static const RunnableKernels<SketchKernels> runnable({
    {true, {"portable", PortableNearer}},
#if defined(__x86_64__)
        {HasAvx2(), {"avx2", Avx2Nearer}},
        {HasAvx512() && __builtin_cpu_supports("avx512vpopcntdq"), {"avx512popcnt", PopcntNearer}},
#endif
  });
  return runnable;
}

}  // namespace

std::span<const SketchKernels> RunnableSketchKernels() { return TheRunnable().all(); }

const SketchKernels& BestSketchKernels() { return RunnableSketchKernels().back(); }

}  // namespace policykb
