#include "core/embedding/transformer/row_kernels.h"

#include <cmath>

#include "core/embedding/transformer/lanes.h"

namespace policykb {

namespace {

template <typename L>
POLICYKB_INLINE typename L::Float ValueAt(const ProductRow& product, size_t column) {
  using Float = typename L::Float;
  const Float bias = LoadLanes<Float>(product.bias + column);
  if (product.floats != nullptr) return LoadLanes<Float>(product.floats + column) + bias;
  const Float sum =
      __builtin_convertvector(LoadLanes<typename L::Int>(product.integers + column), Float);
  const Float centered = sum - LoadLanes<Float>(product.sums + column) * product.row.zero;
  return centered * (LoadLanes<Float>(product.scales + column) * product.row.scale) + bias;
}

// x * Phi(x) with Phi by Abramowitz and Stegun 1964, 7.1.26 (absolute error of erf 1.5e-7); the
// complement is computed directly, so that small values of the negative side stay exact.
template <typename L>
POLICYKB_INLINE typename L::Float Gelu(const typename L::Float& x) {
  using Float = typename L::Float;
  const Float size = (x < 0.0F ? -x : x) * 0.70710678F;
  const Float t = 1.0F / (1.0F + 0.3275911F * size);
  Float series = AllLanes<Float>(1.061405429F);
  series = series * t - 1.453152027F;
  series = series * t + 1.421413741F;
  series = series * t - 0.284496736F;
  series = series * t + 0.254829592F;
  const Float complement = series * t * Exponential<L>(-size * size);
  return 0.5F * x * (x < 0.0F ? complement : 2.0F - complement);
}

// x * Phi(x) with Phi - 1/2 = x * series(x^2) up to 4.25, behind which the error of leaving it as
// it is there is as small. The series is the least-squares fit of degree 8 in t, which runs over
// [-1, 1].
template <typename L>
POLICYKB_INLINE typename L::Float RoughGelu(const typename L::Float& x) {
  using Float = typename L::Float;
  constexpr float kEnd = 4.25F;
  const Float bounded = Smaller(Larger(x, AllLanes<Float>(-kEnd)), AllLanes<Float>(kEnd));
  const Float t = bounded * bounded * (2 / (kEnd * kEnd)) - 1.0F;
  Float series = AllLanes<Float>(2.40712776e-3F);
  series = series * t - 6.39743498e-3F;
  series = series * t + 8.69846530e-3F;
  series = series * t - 1.41295986e-2F;
  series = series * t + 2.55207773e-2F;
  series = series * t - 3.93396318e-2F;
  series = series * t + 5.57145216e-2F;
  series = series * t - 8.07629749e-2F;
  series = series * t + 1.65934995e-1F;
  return x * (bounded * series + 0.5F);
}

// Hendrycks and Gimpel 2016, section 2: 0.5 x (1 + tanh(u)) = x / (1 + e^(-2u)).
template <typename L>
POLICYKB_INLINE typename L::Float GeluTanh(const typename L::Float& x) {
  using Float = typename L::Float;
  const Float twice = 1.59576912F * (x + 0.044715F * x * x * x);
  return x / (1.0F + Exponential<L>(Smaller(-twice, AllLanes<Float>(80.0F))));
}

template <typename L>
POLICYKB_INLINE void AddBiasIn(const ProductRow& product, size_t columns, float* out) {
  for (size_t c = 0; c < columns; c += L::kCount) StoreLanes(out + c, ValueAt<L>(product, c));
}

template <typename L>
POLICYKB_INLINE void AddBiasActivateIn(const ProductRow& product, Activation activation,
                                       size_t columns, float* out) {
  using Float = typename L::Float;
  for (size_t c = 0; c < columns; c += L::kCount) {
    const Float value = ValueAt<L>(product, c);
    if (activation == Activation::kGelu) {
      StoreLanes(out + c, Gelu<L>(value));
    } else if (activation == Activation::kGeluTanh) {
      StoreLanes(out + c, GeluTanh<L>(value));
    } else {
      StoreLanes(out + c, Larger(value, Float{}));
    }
  }
}

template <typename L>
POLICYKB_INLINE void AddBiasGeluRoughlyIn(const ProductRow& product, size_t columns, float* out) {
  for (size_t c = 0; c < columns; c += L::kCount)
    StoreLanes(out + c, RoughGelu<L>(ValueAt<L>(product, c)));
}

// Ba et al. 2016, eq. 4; `sum` is that of the row.
template <typename L>
POLICYKB_INLINE void NormSummed(const NormRow& norm, size_t columns, float sum, float* row) {
  using Float = typename L::Float;
  const float mean = sum / static_cast<float>(columns);
  Float squares = {};
  for (size_t c = 0; c < columns; c += L::kCount) {
    const Float difference = LoadLanes<Float>(row + c) - mean;
    squares += difference * difference;
  }
  const float variance = SumOfLanes<L>(squares) / static_cast<float>(columns);
  const float inverse = 1.0F / std::sqrt(variance + norm.epsilon);
  for (size_t c = 0; c < columns; c += L::kCount) {
    const Float centered = (LoadLanes<Float>(row + c) - mean) * inverse;
    StoreLanes(row + c,
               centered * LoadLanes<Float>(norm.scale + c) + LoadLanes<Float>(norm.shift + c));
  }
}

template <typename L>
POLICYKB_INLINE void AddResidualNormIn(const ProductRow& product, const NormRow& norm,
                                       size_t columns, float* row) {
  using Float = typename L::Float;
  Float sum = {};
  for (size_t c = 0; c < columns; c += L::kCount) {
    const Float value = LoadLanes<Float>(row + c) + ValueAt<L>(product, c);
    StoreLanes(row + c, value);
    sum += value;
  }
  NormSummed<L>(norm, columns, SumOfLanes<L>(sum), row);
}

template <typename L>
POLICYKB_INLINE void NormIn(const NormRow& norm, size_t columns, float* row) {
  using Float = typename L::Float;
  Float sum = {};
  for (size_t c = 0; c < columns; c += L::kCount) sum += LoadLanes<Float>(row + c);
  NormSummed<L>(norm, columns, SumOfLanes<L>(sum), row);
}

template <typename L>
POLICYKB_INLINE void ToBf16In(const float* row, size_t columns, uint16_t* out) {
  for (size_t c = 0; c < columns; c += L::kCount) {
    const auto bits = LoadLanes<typename L::Int>(row + c);
    const typename L::Int rounded = bits + 0x7FFF + ((bits >> 16) & 1);
    StoreLanes(out + c, __builtin_convertvector((rounded >> 16) & 0xFFFF, typename L::Short));
  }
}

template <typename L>
POLICYKB_INLINE RowScale ToBytesIn(const float* row, size_t columns, uint8_t* out) {
  using Float = typename L::Float;
  // Zero is in the range, so that it is exact.
  Float largest = {};
  Float smallest = {};
  for (size_t c = 0; c < columns; c += L::kCount) {
    const auto value = LoadLanes<Float>(row + c);
    largest = Larger(largest, value);
    smallest = Smaller(smallest, value);
  }
  const float low = -LargestLane<L>(-smallest);
  const float range = LargestLane<L>(largest) - low;
  if (!(range > 0)) {
    for (size_t c = 0; c < columns; ++c) out[c] = 0;
    return {};
  }
  const float inverse = 255.0F / range;
  const float zero = std::nearbyint(-low * inverse);
  for (size_t c = 0; c < columns; c += L::kCount) {
    const Float scaled = LoadLanes<Float>(row + c) * inverse + zero;
    const Float bounded = Smaller(Larger(scaled, Float{}), AllLanes<Float>(255.0F));
    StoreLanes(out + c, __builtin_convertvector(NearestIntegers<L>(bounded), typename L::Byte));
  }
  return {.scale = range / 255.0F, .zero = zero};
}

// The kernels of one width: functions with a target, into which the bodies above are inlined.
#define POLICYKB_ROW_KERNELS(L, TARGET)                                                            \
  struct L##RowKernels {                                                                           \
    TARGET static void AddBias(const ProductRow& product, size_t columns, float* out) {            \
      AddBiasIn<L>(product, columns, out);                                                         \
    }                                                                                              \
    TARGET static void AddBiasActivate(const ProductRow& product, Activation activation,           \
                                       size_t columns, float* out) {                               \
      AddBiasActivateIn<L>(product, activation, columns, out);                                     \
    }                                                                                              \
    TARGET static void AddBiasGeluRoughly(const ProductRow& product, size_t columns, float* out) { \
      AddBiasGeluRoughlyIn<L>(product, columns, out);                                              \
    }                                                                                              \
    TARGET static void AddResidualNorm(const ProductRow& product, const NormRow& norm,             \
                                       size_t columns, float* row) {                               \
      AddResidualNormIn<L>(product, norm, columns, row);                                           \
    }                                                                                              \
    TARGET static void Norm(const NormRow& norm, size_t columns, float* row) {                     \
      NormIn<L>(norm, columns, row);                                                               \
    }                                                                                              \
    TARGET static void ToBf16(const float* row, size_t columns, uint16_t* out) {                   \
      ToBf16In<L>(row, columns, out);                                                              \
    }                                                                                              \
    TARGET static RowScale ToBytes(const float* row, size_t columns, uint8_t* out) {               \
      return ToBytesIn<L>(row, columns, out);                                                      \
    }                                                                                              \
    static constexpr RowKernels kTable = {                                                         \
        AddBias, AddBiasActivate, AddBiasGeluRoughly, AddResidualNorm, Norm, ToBf16, ToBytes};     \
  }

POLICYKB_ROW_KERNELS(PortableLanes, );
#if defined(__x86_64__)
POLICYKB_ROW_KERNELS(Avx2Lanes, POLICYKB_TARGET_AVX2);
POLICYKB_ROW_KERNELS(Avx512Lanes, POLICYKB_TARGET_AVX512);
#endif

struct Runnable {
  RowKernels kernels[3];
  size_t count = 0;
};

Runnable FindRunnable() {
  Runnable runnable;
  runnable.kernels[runnable.count++] = PortableLanesRowKernels::kTable;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    runnable.kernels[runnable.count++] = Avx2LanesRowKernels::kTable;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
      runnable.kernels[runnable.count++] = Avx512LanesRowKernels::kTable;
    }
  }
#endif
  return runnable;
}

}  // namespace

std::span<const RowKernels> RunnableRowKernels() {
  static const Runnable runnable = FindRunnable();
  return {runnable.kernels, runnable.count};
}

const RowKernels& BestRowKernels() { return RunnableRowKernels().back(); }

}  // namespace policykb
