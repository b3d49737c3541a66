// Systems of linear equations with a positive definite matrix, by Cholesky's decomposition.
//
// For the few dozen unknowns of a Newton step (logistic_fit.h, ranking_fit.h); large matrices are
// the embedder's (core/embedding/linear_algebra.h). Pure functions, any thread.

#ifndef POLICYKB_TOOLS_CHOLESKY_H_
#define POLICYKB_TOOLS_CHOLESKY_H_

#include <vector>

namespace policykb {

// Rows of a square matrix.
using SquareMatrix = std::vector<std::vector<double>>;

// x with matrix * x = right. Only the lower half of `matrix` is read. REQUIRES: `matrix` is
// positive definite and has right.size() rows and columns.
std::vector<double> SolvePositiveDefinite(SquareMatrix matrix, std::vector<double> right);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CHOLESKY_H_
