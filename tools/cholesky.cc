#include "tools/cholesky.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace policykb {

std::vector<double> SolvePositiveDefinite(SquareMatrix matrix, std::vector<double> right) {
  // What rounding leaves of a pivot is never less, so that no root is of a negative number.
  constexpr double kLeastPivot = 1e-12;
  const size_t n = right.size();
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = 0; b <= a; ++b) {
      for (size_t c = 0; c < b; ++c) matrix[a][b] -= matrix[a][c] * matrix[b][c];
      matrix[a][b] =
          a == b ? std::sqrt(std::max(matrix[a][a], kLeastPivot)) : matrix[a][b] / matrix[b][b];
    }
    for (size_t c = 0; c < a; ++c) right[a] -= matrix[a][c] * right[c];
    right[a] /= matrix[a][a];
  }
  for (size_t a = n; a-- > 0;) {
    for (size_t c = a + 1; c < n; ++c) right[a] -= matrix[c][a] * right[c];
    right[a] /= matrix[a][a];
  }
  return right;
}

}  // namespace policykb
