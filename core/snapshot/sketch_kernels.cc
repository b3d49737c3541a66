#include "core/snapshot/sketch_kernels.h"

#include <algorithm>

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

constexpr size_t kPartSketches = kPartBytes * kSketchRows;
constexpr size_t kPartTables = kPartFields * kFieldValues;
static_assert(kPartFields * kLargestFieldDistance <= 255, "one byte adds up a part");

uint64_t PortableNearer(const uint8_t* sketches, const uint8_t* tables, size_t parts,
                        uint32_t limit, uint16_t* distances) {
  std::fill_n(distances, kSketchRows, uint16_t{0});
  for (size_t part = 0; part < parts; ++part) {
    for (size_t row = 0; row < kSketchRows; ++row) {
      size_t upper = 0;
      int sum = 0;
      for (size_t i = 0; i < kPartBytes; ++i) {
        const uint8_t byte = sketches[i * kSketchRows + row];
        sum += tables[i * kFieldValues + byte % kFieldValues];
        upper |= size_t{byte} / kFieldValues << (2 * i);
      }
      sum += tables[kPartBytes * kFieldValues + upper];
      distances[row] = static_cast<uint16_t>(distances[row] + sum);
    }
    sketches += kPartSketches;
    tables += kPartTables;
  }
  uint64_t nearer = 0;
  for (size_t row = 0; row < kSketchRows; ++row) nearer |= uint64_t{distances[row] < limit} << row;
  return nearer;
}

#if defined(__x86_64__)

// Looks 32 values of a field up: their lowest four bits in each quarter of the table, the two
// others choose the quarter.
__attribute__((target("avx2"))) inline __m256i Avx2LookUp(const uint8_t* table, __m256i values) {
  const auto in_quarter = [&](size_t quarter) __attribute__((target("avx2"))) {
    const __m128i entries = _mm_loadu_si128(reinterpret_cast<const __m128i*>(table) + quarter);
    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(entries), values);
  };
  // A blend goes by the highest bit of each byte.
  const __m256i fifth = _mm256_slli_epi16(values, 3);
  const __m256i sixth = _mm256_slli_epi16(values, 2);
  return _mm256_blendv_epi8(_mm256_blendv_epi8(in_quarter(0), in_quarter(1), fifth),
                            _mm256_blendv_epi8(in_quarter(2), in_quarter(3), fifth), sixth);
}

__attribute__((target("avx2"))) uint64_t Avx2Nearer(const uint8_t* sketches, const uint8_t* tables,
                                                    size_t parts, uint32_t limit,
                                                    uint16_t* distances) {
  constexpr size_t kRows = 32;
  const __m256i field = _mm256_set1_epi8(kFieldValues - 1);
  for (size_t row = 0; row < kSketchRows; row += kRows) {
    __m256i low = _mm256_setzero_si256();
    __m256i high = low;
    for (size_t part = 0; part < parts; ++part) {
      const uint8_t* const of_part = sketches + part * kPartSketches + row;
      const uint8_t* const table = tables + part * kPartTables;
      __m256i sum = _mm256_setzero_si256();
      __m256i upper = sum;
      for (size_t i = 0; i < kPartBytes; ++i) {
        const __m256i bytes =
            _mm256_loadu_si256(reinterpret_cast<const __m256i*>(of_part + i * kSketchRows));
        sum = _mm256_add_epi8(sum,
                              Avx2LookUp(table + i * kFieldValues, _mm256_and_si256(bytes, field)));
        const __m256i two = _mm256_andnot_si256(field, bytes);
        upper = _mm256_or_si256(upper, _mm256_srli_epi16(two, static_cast<int>(6 - 2 * i)));
      }
      sum = _mm256_add_epi8(sum, Avx2LookUp(table + kPartBytes * kFieldValues, upper));
      low = _mm256_add_epi16(low, _mm256_cvtepu8_epi16(_mm256_castsi256_si128(sum)));
      high = _mm256_add_epi16(high, _mm256_cvtepu8_epi16(_mm256_extracti128_si256(sum, 1)));
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(distances + row), low);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(distances + row + kRows / 2), high);
  }
  uint64_t nearer = 0;
  for (size_t row = 0; row < kSketchRows; ++row) nearer |= uint64_t{distances[row] < limit} << row;
  return nearer;
}

#define POLICYKB_VBMI_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))

// All rows at a time, a table in one register; a look-up heeds the lowest six bits only.
POLICYKB_VBMI_TARGET uint64_t VbmiNearer(const uint8_t* sketches, const uint8_t* tables,
                                         size_t parts, uint32_t limit, uint16_t* distances) {
  constexpr int kFirstWhereSet = 0xCA;  // mask ? a : b by rows of their truth table
  const __m512i two_bits = _mm512_set1_epi8(0x03);
  const __m512i four_bits = _mm512_set1_epi8(0x0F);
  __m512i low = _mm512_setzero_si512();
  __m512i high = low;
  for (size_t part = 0; part < parts; ++part) {
    const __m512i a = _mm512_loadu_si512(sketches);
    const __m512i b = _mm512_loadu_si512(sketches + kSketchRows);
    const __m512i c = _mm512_loadu_si512(sketches + 2 * kSketchRows);
    __m512i upper = _mm512_ternarylogic_epi64(two_bits, _mm512_srli_epi16(a, 6),
                                              _mm512_srli_epi16(b, 4), kFirstWhereSet);
    upper = _mm512_ternarylogic_epi64(four_bits, upper, _mm512_srli_epi16(c, 2), kFirstWhereSet);
    const auto look_up = [&](size_t of, __m512i values) POLICYKB_VBMI_TARGET {
      return _mm512_permutexvar_epi8(values, _mm512_loadu_si512(tables + of * kFieldValues));
    };
    const __m512i sum = _mm512_add_epi8(_mm512_add_epi8(look_up(0, a), look_up(1, b)),
                                        _mm512_add_epi8(look_up(2, c), look_up(3, upper)));
    low = _mm512_add_epi16(low, _mm512_cvtepu8_epi16(_mm512_castsi512_si256(sum)));
    high = _mm512_add_epi16(high, _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(sum, 1)));
    sketches += kPartSketches;
    tables += kPartTables;
  }
  _mm512_storeu_si512(distances, low);
  _mm512_storeu_si512(distances + kSketchRows / 2, high);
  const __m512i limits = _mm512_set1_epi16(static_cast<int16_t>(limit));
  return uint64_t{_mm512_cmplt_epu16_mask(low, limits)} |
         uint64_t{_mm512_cmplt_epu16_mask(high, limits)} << (kSketchRows / 2);
}

#undef POLICYKB_VBMI_TARGET

#endif  // defined(__x86_64__)

const RunnableKernels<SketchKernels>& TheRunnable() {
  static const RunnableKernels<SketchKernels> runnable({
    {true, {"portable", PortableNearer}},
#if defined(__x86_64__)
        {HasAvx2(), {"avx2", Avx2Nearer}},
        {HasAvx512() && __builtin_cpu_supports("avx512vbmi"), {"avx512vbmi", VbmiNearer}},
#endif
  });
  return runnable;
}

}  // namespace

std::span<const SketchKernels> RunnableSketchKernels() { return TheRunnable().all(); }

const SketchKernels& BestSketchKernels() { return RunnableSketchKernels().back(); }

}  // namespace policykb
