// Weighted sums of table rows, the inner loop of training and of embedding.
//
// Every form adds in the same order, one row after the other for each component, so that all
// machines agree. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_ROW_SUMS_H_
#define POLICYKB_CORE_EMBEDDING_ROW_SUMS_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace policykb {

// Columns of a table are a multiple of this.
inline constexpr size_t kRowLanes = 64;

// sum[c] = sum over i < count of weights[i] * table[rows[i] * columns + c]. REQUIRES: columns %
// kRowLanes == 0.
void SumRows(const float* table, size_t columns, const uint32_t* rows, const float* weights,
             size_t count, float* sum);
void SumRows(const int8_t* table, size_t columns, const uint32_t* rows, const float* weights,
             size_t count, float* sum);

// The same in the forms that this machine can run, the portable one first; for tests.
struct RowSumKernels {
  void (*floats)(const float* table, size_t columns, const uint32_t* rows, const float* weights,
                 size_t count, float* sum);
  void (*bytes)(const int8_t* table, size_t columns, const uint32_t* rows, const float* weights,
                size_t count, float* sum);
};
std::span<const RowSumKernels> RunnableRowSumKernels();

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_ROW_SUMS_H_
