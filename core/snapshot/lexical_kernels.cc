#include "core/snapshot/lexical_kernels.h"

#include <algorithm>
#include <bit>
#include <cstring>

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

using namespace lexical_format;

namespace {

void PortableAddDense(const char* codes, uint32_t n, uint32_t weight, uint32_t* scores) {
  for (uint32_t i = 0; i < n; ++i) scores[i] += weight * static_cast<uint8_t>(codes[i]);
}

uint32_t PortableLargest(const uint32_t* scores, size_t n) {
  uint32_t largest = 0;
  for (size_t i = 0; i < n; ++i) largest = std::max(largest, scores[i]);
  return largest;
}

uint64_t PortableAtLeast(const uint32_t* scores, uint32_t n, uint32_t least) {
  uint64_t marked = 0;
  for (uint32_t i = 0; i < n; ++i) marked |= uint64_t{scores[i] >= least} << i;
  return marked;
}

// Where `wanted` stands among n > 0 ascending distances, or where it does not.
inline uint32_t Find16(const char* distances, uint32_t n, uint16_t wanted) {
  uint32_t at = 0;  // the last distance that is not larger, or the first of all
  for (uint32_t size = n; size > 1;) {
    const uint32_t half = size / 2;
    at = Load<uint16_t>(distances + (at + half) * sizeof(uint16_t)) <= wanted ? at + half : at;
    size -= half;
  }
  return at;
}

uint64_t PortableFind16(const char* distances, uint32_t n, const uint16_t* wanted, uint32_t count,
                        uint8_t* at) {
  if (n == 0) return 0;
  uint64_t found = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t place = Find16(distances, n, wanted[i]);
    at[i] = static_cast<uint8_t>(place);
    const bool stands = Load<uint16_t>(distances + place * sizeof(uint16_t)) == wanted[i];
    found |= uint64_t{stands} << i;
  }
  return found;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) void Avx2AddDense(const char* codes, uint32_t n, uint32_t weight,
                                                  uint32_t* scores) {
  const __m256i weights = _mm256_set1_epi32(static_cast<int>(weight));
  uint32_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256i code =
        _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(codes + i)));
    __m256i* const at = reinterpret_cast<__m256i*>(scores + i);
    _mm256_storeu_si256(
        at, _mm256_add_epi32(_mm256_loadu_si256(at), _mm256_mullo_epi32(code, weights)));
  }
  PortableAddDense(codes + i, n - i, weight, scores + i);
}

__attribute__((target("avx2"))) uint32_t Avx2Largest(const uint32_t* scores, size_t n) {
  __m256i largest = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    largest =
        _mm256_max_epu32(largest, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(scores + i)));
  }
  uint32_t lanes[8];
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(lanes), largest);
  return std::max(PortableLargest(lanes, 8), PortableLargest(scores + i, n - i));
}

__attribute__((target("avx2"))) uint64_t Avx2AtLeast(const uint32_t* scores, uint32_t n,
                                                     uint32_t least) {
  const __m256i bound = _mm256_set1_epi32(static_cast<int>(least));
  uint64_t marked = 0;
  uint32_t i = 0;
  for (; i + 8 <= n; i += 8) {
    const __m256i score = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(scores + i));
    const __m256i enough = _mm256_cmpeq_epi32(_mm256_max_epu32(score, bound), score);
    const auto lanes = static_cast<uint32_t>(_mm256_movemask_ps(_mm256_castsi256_ps(enough)));
    marked |= uint64_t{lanes} << i;
  }
  return i < n ? marked | PortableAtLeast(scores + i, n - i, least) << i : marked;
}

#define POLICYKB_AVX512_TARGET __attribute__((target("avx512f,avx512bw,avx512vl")))

POLICYKB_AVX512_TARGET void Avx512AddDense(const char* codes, uint32_t n, uint32_t weight,
                                           uint32_t* scores) {
  const __m512i weights = _mm512_set1_epi32(static_cast<int>(weight));
  for (uint32_t i = 0; i < n; i += 16) {
    const uint32_t left = n - i;
    const auto lanes = static_cast<__mmask16>(left >= 16 ? 0xFFFF : (1U << left) - 1);
    const __m512i code = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(lanes, codes + i));
    const __m512i sum = _mm512_add_epi32(_mm512_maskz_loadu_epi32(lanes, scores + i),
                                         _mm512_mullo_epi32(code, weights));
    _mm512_mask_storeu_epi32(scores + i, lanes, sum);
  }
}

POLICYKB_AVX512_TARGET uint32_t Avx512Largest(const uint32_t* scores, size_t n) {
  __m512i largest = _mm512_setzero_si512();
  for (size_t i = 0; i < n; i += 16) {
    const size_t left = n - i;
    const auto lanes = static_cast<__mmask16>(left >= 16 ? 0xFFFF : (1U << left) - 1);
    largest = _mm512_max_epu32(largest, _mm512_maskz_loadu_epi32(lanes, scores + i));
  }
  return _mm512_reduce_max_epu32(largest);
}

POLICYKB_AVX512_TARGET uint64_t Avx512AtLeast(const uint32_t* scores, uint32_t n, uint32_t least) {
  const __m512i bound = _mm512_set1_epi32(static_cast<int>(least));
  uint64_t marked = 0;
  for (uint32_t i = 0; i < n; i += 16) {
    const uint32_t left = n - i;
    const auto lanes = static_cast<__mmask16>(left >= 16 ? 0xFFFF : (1U << left) - 1);
    const __m512i score = _mm512_maskz_loadu_epi32(lanes, scores + i);
    marked |= uint64_t{_mm512_mask_cmpge_epu32_mask(lanes, score, bound)} << i;
  }
  return marked;
}

// All distances of a block at once, for each that is wanted.
POLICYKB_AVX512_TARGET uint64_t Avx512Find16(const char* distances, uint32_t n,
                                             const uint16_t* wanted, uint32_t count, uint8_t* at) {
  constexpr uint32_t kLanes = 32;
  const auto lanes_from = [n](uint32_t begin) {
    const uint32_t left = n > begin ? n - begin : 0;
    return static_cast<__mmask32>(left >= kLanes ? ~0U : (1U << left) - 1);
  };
  const auto load = [&](uint32_t begin) POLICYKB_AVX512_TARGET {
    return _mm512_maskz_loadu_epi16(lanes_from(begin), distances + begin * sizeof(uint16_t));
  };
  const __m512i a = load(0);
  const __m512i b = load(kLanes);
  const __m512i c = load(2 * kLanes);
  const __m512i d = load(3 * kLanes);
  uint64_t found = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const __m512i all = _mm512_set1_epi16(static_cast<int16_t>(wanted[i]));
    const uint64_t low = uint64_t{_mm512_cmpeq_epi16_mask(a, all)} |
                         uint64_t{_mm512_cmpeq_epi16_mask(b, all)} << kLanes;
    const uint64_t high = uint64_t{_mm512_cmpeq_epi16_mask(c, all)} |
                          uint64_t{_mm512_cmpeq_epi16_mask(d, all)} << kLanes;
    const int place = low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(high);
    at[i] = static_cast<uint8_t>(place);
    // Lanes behind the last distance hold zero.
    found |= uint64_t{(low | high) != 0 && static_cast<uint32_t>(place) < n} << i;
  }
  return found;
}

#undef POLICYKB_AVX512_TARGET

#endif  // defined(__x86_64__)

const RunnableKernels<LexicalKernels>& TheRunnable() {
  static const RunnableKernels<LexicalKernels> runnable({
    {true, {"portable", PortableAddDense, PortableLargest, PortableAtLeast, PortableFind16}},
#if defined(__x86_64__)
        {HasAvx2(), {"avx2", Avx2AddDense, Avx2Largest, Avx2AtLeast, PortableFind16}},
        {HasAvx512(), {"avx512", Avx512AddDense, Avx512Largest, Avx512AtLeast, Avx512Find16}},
#endif
  });
  return runnable;
}

template <typename Distance>
bool AddOffsets(const char* body, uint32_t n, uint32_t weight, uint32_t limit, uint32_t* scores) {
  // A whole block is always worked on: what lies behind n postings is zero and not added.
  alignas(64) Distance distances[kBlockSize];
  if (n < kBlockSize) std::memset(distances, 0, sizeof(distances));
  distances[kBlockSize - 1] = 0;
  std::memcpy(distances, body, (n - 1) * sizeof(Distance));
  Distance largest = 0;
  for (uint32_t i = 0; i < kBlockSize; ++i) largest = std::max(largest, distances[i]);
  if (largest >= limit) return false;
  const char* const codes = body + (n - 1) * sizeof(Distance);
  scores[0] += weight * static_cast<uint8_t>(codes[0]);
  for (uint32_t i = 1; i < n; ++i)
    scores[distances[i - 1]] += weight * static_cast<uint8_t>(codes[i]);
  return true;
}

template <typename Distance>
void AddOffsetsWithin(const LexicalBlock& block, uint32_t from, uint32_t to, uint32_t weight,
                      uint32_t* scores) {
  const char* const distances = block.body.data();
  const char* const codes = distances + (block.postings - 1) * sizeof(Distance);
  const auto distance_at = [distances](uint32_t i) -> uint32_t {
    return Load<Distance>(distances + i * sizeof(Distance));
  };
  const uint32_t begin = from - block.first;
  const uint32_t end = to - block.first;
  if (begin == 0 && end > 0) scores[0] += weight * static_cast<uint8_t>(codes[0]);
  uint32_t low = 0;  // the first distance that is not below `begin`
  for (uint32_t high = block.postings - 1; low < high;) {
    const uint32_t middle = (low + high) / 2;
    if (distance_at(middle) < begin) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (; low + 1 < block.postings; ++low) {
    const uint32_t distance = distance_at(low);
    // Written so that a distance that does not ascend leads nowhere either.
    if (distance - begin >= end - begin) return;
    scores[distance - begin] += weight * static_cast<uint8_t>(codes[low + 1]);
  }
}

}  // namespace

const LexicalKernels& BestLexicalKernels() { return RunnableLexicalKernels().back(); }

std::span<const LexicalKernels> RunnableLexicalKernels() { return TheRunnable().all(); }

bool AddOffsetCodes(Form form, const char* body, uint32_t n, uint32_t weight, uint32_t limit,
                    uint32_t* scores) {
  switch (form) {
    case kOffsets8:
      return AddOffsets<uint8_t>(body, n, weight, limit, scores);
    case kOffsets16:
      return AddOffsets<uint16_t>(body, n, weight, limit, scores);
    case kOffsets32:
      return AddOffsets<uint32_t>(body, n, weight, limit, scores);
    case kLong:
    case kDense:
      break;
  }
  return false;
}

void AddOffsetCodesWithin(const LexicalBlock& block, uint32_t from, uint32_t to, uint32_t weight,
                          uint32_t* scores) {
  if (block.form == kOffsets8) {
    AddOffsetsWithin<uint8_t>(block, from, to, weight, scores);
  } else if (block.form == kOffsets16) {
    AddOffsetsWithin<uint16_t>(block, from, to, weight, scores);
  } else {
    AddOffsetsWithin<uint32_t>(block, from, to, weight, scores);
  }
}

}  // namespace policykb
