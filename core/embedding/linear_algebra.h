// Small dense linear algebra for training: the wall around BLAS and LAPACK.
//
// Matrices are row-major vectors of float with the number of columns as stride. One thread inside,
// so that equal input gives equal bytes on one type of machine. Not for the query path. Any thread.

#ifndef POLICYKB_CORE_EMBEDDING_LINEAR_ALGEBRA_H_
#define POLICYKB_CORE_EMBEDDING_LINEAR_ALGEBRA_H_

#include <cstddef>
#include <optional>
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

// Replaces the columns by an orthonormal basis of a space that holds their span (Householder).
// False when LAPACK refuses the values. REQUIRES: 0 < columns <= rows.
bool OrthonormalizeColumns(DenseMatrix& matrix);

// matrix^T * matrix.
DenseMatrix Gram(const DenseMatrix& matrix);

// a * b. REQUIRES: a.columns == b.rows.
DenseMatrix Multiply(const DenseMatrix& a, const DenseMatrix& b);

// Eigenvalues of a symmetric matrix, largest first, and the eigenvectors as the columns in that
// order.
struct SymmetricEigen {
  std::vector<float> values;
  DenseMatrix vectors;
};
// nullopt when LAPACK does not converge (values that are not finite).
std::optional<SymmetricEigen> EigenOfSymmetric(const DenseMatrix& matrix);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_LINEAR_ALGEBRA_H_
