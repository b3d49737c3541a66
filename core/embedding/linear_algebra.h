// Matrix products for training: the wall around BLAS.
//
// Matrices are row-major floats. The split over threads does not depend on how many there are, so
// that equal input gives equal bytes on one type of machine. Not for the query path. Any thread.

#ifndef POLICYKB_CORE_EMBEDDING_LINEAR_ALGEBRA_H_
#define POLICYKB_CORE_EMBEDDING_LINEAR_ALGEBRA_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace policykb {

// rows*columns, row-major.
struct DenseMatrix {
  DenseMatrix() = default;
  DenseMatrix(size_t row_count, size_t column_count)
      : rows(row_count), columns(column_count), values(row_count * column_count) {}
  float* row(size_t i) { return values.data() + i * columns; }
  const float* row(size_t i) const { return values.data() + i * columns; }

  size_t rows = 0;
  size_t columns = 0;
  std::vector<float> values;
};

// Which factor is stored the other way round.
enum class Transpose : uint8_t { kNone, kFirst, kSecond };

// Of the product; `inner` is summed over.
struct ProductShape {
  size_t rows = 0;
  size_t columns = 0;
  size_t inner = 0;
};

// Lets BLAS compute in the thread that calls it and no other, from now on and in the whole program,
// also where a library calls it: more threads change bytes.
void UseOneBlasThread();

// product = scale * a * b, computed as the upper and the lower half of its rows, each in one
// thread. `a` is rows*inner (inner*rows for kFirst), `b` inner*columns (columns*inner for kSecond),
// without gaps; `product` is rows*columns and overwritten.
void MultiplyInTwo(Transpose transpose, const ProductShape& shape, float scale, const float* a,
                   const float* b, float* product);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_LINEAR_ALGEBRA_H_
