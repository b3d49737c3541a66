// Vectors of floats in the width of the instruction set that a function is compiled for.
//
// A kernel is written once as a template over these types and always inlined into functions that
// each have a target of their own, so that one file serves all CPUs and the rest of it is compiled
// for the plain machine. For .cc files of kernels only. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_LANES_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_LANES_H_

#include <cstddef>
#include <cstdint>

// Everything that takes or returns these types is inlined, so how they are passed never matters.
#pragma GCC diagnostic ignored "-Wpsabi"

#define POLICYKB_INLINE inline __attribute__((always_inline))
#define POLICYKB_TARGET_AVX2 __attribute__((target("avx2,fma")))
#define POLICYKB_TARGET_AVX512 \
  __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")))

namespace policykb {

struct PortableLanes {
  static constexpr size_t kCount = 4;
  typedef float Float __attribute__((vector_size(16)));
  typedef int32_t Int __attribute__((vector_size(16)));
  typedef uint16_t Short __attribute__((vector_size(8)));
  typedef uint8_t Byte __attribute__((vector_size(4)));
  // Each lane with the one `n` places away in its group of 2n: SwapN.
  static POLICYKB_INLINE Float Swap1(const Float& v) {
    return __builtin_shufflevector(v, v, 1, 0, 3, 2);
  }
  static POLICYKB_INLINE Float Swap2(const Float& v) {
    return __builtin_shufflevector(v, v, 2, 3, 0, 1);
  }
};

struct Avx2Lanes {
  static constexpr size_t kCount = 8;
  typedef float Float __attribute__((vector_size(32)));
  typedef int32_t Int __attribute__((vector_size(32)));
  typedef uint16_t Short __attribute__((vector_size(16)));
  typedef uint8_t Byte __attribute__((vector_size(8)));
  static POLICYKB_INLINE Float Swap1(const Float& v) {
    return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6);
  }
  static POLICYKB_INLINE Float Swap2(const Float& v) {
    return __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5);
  }
  static POLICYKB_INLINE Float Swap4(const Float& v) {
    return __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3);
  }
};

struct Avx512Lanes {
  static constexpr size_t kCount = 16;
  typedef float Float __attribute__((vector_size(64)));
  typedef int32_t Int __attribute__((vector_size(64)));
  typedef uint16_t Short __attribute__((vector_size(32)));
  typedef uint8_t Byte __attribute__((vector_size(16)));
  static POLICYKB_INLINE Float Swap1(const Float& v) {
    return __builtin_shufflevector(v, v, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  }
  static POLICYKB_INLINE Float Swap2(const Float& v) {
    return __builtin_shufflevector(v, v, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  }
  static POLICYKB_INLINE Float Swap4(const Float& v) {
    return __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  }
  static POLICYKB_INLINE Float Swap8(const Float& v) {
    return __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  }
};

template <typename V, typename T>
POLICYKB_INLINE V LoadLanes(const T* from) {
  V lanes;
  __builtin_memcpy(&lanes, from, sizeof(lanes));
  return lanes;
}

template <typename V, typename T>
POLICYKB_INLINE void StoreLanes(T* to, const V& lanes) {
  __builtin_memcpy(to, &lanes, sizeof(lanes));
}

template <typename V>
POLICYKB_INLINE V AllLanes(float value) {
  return value - V{};
}

template <typename V>
POLICYKB_INLINE V Larger(const V& a, const V& b) {
  return a > b ? a : b;
}

template <typename V>
POLICYKB_INLINE V Smaller(const V& a, const V& b) {
  return a < b ? a : b;
}

template <typename L>
POLICYKB_INLINE float SumOfLanes(const typename L::Float& lanes) {
  typename L::Float sums = lanes;
  if constexpr (L::kCount >= 16) sums += L::Swap8(sums);
  if constexpr (L::kCount >= 8) sums += L::Swap4(sums);
  sums += L::Swap2(sums);
  sums += L::Swap1(sums);
  return sums[0];
}

template <typename L>
POLICYKB_INLINE float LargestLane(const typename L::Float& lanes) {
  typename L::Float largest = lanes;
  if constexpr (L::kCount >= 16) largest = Larger(largest, L::Swap8(largest));
  if constexpr (L::kCount >= 8) largest = Larger(largest, L::Swap4(largest));
  largest = Larger(largest, L::Swap2(largest));
  largest = Larger(largest, L::Swap1(largest));
  return largest[0];
}

// Nearest integers, ties to even, of values below 2^22: adding 1.5 * 2^23 leaves no bits for
// fractions.
template <typename L>
POLICYKB_INLINE typename L::Int NearestIntegers(const typename L::Float& values) {
  const typename L::Float shifted = values + 12582912.0F;
  return reinterpret_cast<typename L::Int>(shifted) - 0x4B400000;
}

// e^x, relative error below 2e-7 (Cody and Waite 1980: reduction by ln 2 in two parts, then the
// series to the sixth power on [-ln 2 / 2, ln 2 / 2]); 0 below -87.
template <typename L>
POLICYKB_INLINE typename L::Float Exponential(const typename L::Float& x) {
  using Float = typename L::Float;
  using Int = typename L::Int;
  const Float bounded = Larger(x, AllLanes<Float>(-87.0F));
  const Int power = NearestIntegers<L>(bounded * 1.44269504F);
  const Float whole = __builtin_convertvector(power, Float);
  const Float rest = bounded - whole * 0.693359375F + whole * 2.12194440e-4F;
  Float series = AllLanes<Float>(1.0F / 720);
  series = series * rest + 1.0F / 120;
  series = series * rest + 1.0F / 24;
  series = series * rest + 1.0F / 6;
  series = series * rest + 0.5F;
  series = series * rest + 1.0F;
  series = series * rest + 1.0F;
  const Int scaled = reinterpret_cast<Int>(series) + (power << 23);
  return x < -87.0F ? Float{} : reinterpret_cast<Float>(scaled);
}

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_LANES_H_
