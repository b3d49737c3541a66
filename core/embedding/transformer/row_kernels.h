// What an encoder does between its matrix products, row by row: bias, activation, residual, layer
// norm, and turning rows into the activations of the next product.
//
// One source in three widths (AVX-512, AVX2 with FMA, portable), chosen at run time. Columns are a
// multiple of kEncoderLanes everywhere. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_ROW_KERNELS_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_ROW_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/embedding/transformer/model_config.h"

namespace policykb {

inline constexpr size_t kEncoderLanes = 16;

// How a row of activations became bytes: value = scale * (byte - zero).
struct RowScale {
  float scale = 1;
  float zero = 0;
};

// A row of a product on its way to floats: value + bias, or, where the sums are integers,
// row.scale * scales[c] * (sum - row.zero * sums[c]) + bias[c].
struct ProductRow {
  const float* floats = nullptr;
  const int32_t* integers = nullptr;  // used where `floats` is null
  const float* bias = nullptr;
  const float* scales = nullptr;  // by column, for integers
  const float* sums = nullptr;
  RowScale row;
};

// scale and shift of a layer norm by column.
struct NormRow {
  const float* scale = nullptr;
  const float* shift = nullptr;
  float epsilon = 0;
};

struct RowKernels {
  // out = the row with its bias. `out` may be where the product is.
  void (*add_bias)(const ProductRow& product, size_t columns, float* out);
  // out = activation of that.
  void (*add_bias_activate)(const ProductRow& product, Activation activation, size_t columns,
                            float* out);
  // The same for gelu, to an error of 4e-5: for what is rounded to less than that afterwards.
  void (*add_bias_gelu_roughly)(const ProductRow& product, size_t columns, float* out);
  // row = norm(row + product with bias)
  void (*add_residual_norm)(const ProductRow& product, const NormRow& norm, size_t columns,
                            float* row);
  // row = norm(row)
  void (*norm)(const NormRow& norm, size_t columns, float* row);
  // Rounds to nearest, ties to even.
  void (*to_bf16)(const float* row, size_t columns, uint16_t* out);
  // The smallest value becomes 0 and the largest 255; zero is among the values that are exact.
  RowScale (*to_bytes)(const float* row, size_t columns, uint8_t* out);
};

// The best kernels of this machine.
const RowKernels& BestRowKernels();
// Those that this machine can run, the portable ones first; for tests.
std::span<const RowKernels> RunnableRowKernels();

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_ROW_KERNELS_H_
