#include "core/embedding/linear_algebra.h"

#include <cblas.h>

#include <algorithm>
#include <limits>

#include "core/embedding/parallel.h"

namespace policykb {

namespace {

constexpr size_t kRowsWorthThreads = 256;

int Int(size_t value) {
  return static_cast<int>(std::min<size_t>(value, std::numeric_limits<int>::max()));
}

}  // namespace

void UseOneBlasThread() { openblas_set_num_threads(1); }

void MultiplyInTwo(Transpose transpose, const ProductShape& shape, float scale, const float* a,
                   const float* b, float* product) {
  if (shape.rows == 0 || shape.columns == 0) return;
  UseOneBlasThread();
  const bool first = transpose == Transpose::kFirst;
  const bool second = transpose == Transpose::kSecond;
  const size_t upper = (shape.rows + 1) / 2;
  const size_t worthwhile = shape.rows < kRowsWorthThreads ? 3 : 2;
  ParallelRanges(2, worthwhile, [&](size_t begin, size_t end) {
    for (size_t half = begin; half < end; ++half) {
      const size_t from = half * upper;
      const size_t count = half == 0 ? upper : shape.rows - upper;
      if (count == 0) continue;
      cblas_sgemm(CblasRowMajor, first ? CblasTrans : CblasNoTrans,
                  second ? CblasTrans : CblasNoTrans, Int(count), Int(shape.columns),
                  Int(shape.inner), scale, a + (first ? from : from * shape.inner),
                  Int(first ? shape.rows : shape.inner), b,
                  Int(second ? shape.inner : shape.columns), 0, product + from * shape.columns,
                  Int(shape.columns));
    }
  });
}

}  // namespace policykb
