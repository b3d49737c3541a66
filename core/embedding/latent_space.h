// Latent semantic projection: the leading right singular vectors of a sparse passage-by-piece
// matrix.
//
// Randomised subspace iteration (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1) with a
// fixed seed; sums are taken in one order whatever the number of threads. For training only. Pure
// functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_LATENT_SPACE_H_
#define POLICYKB_CORE_EMBEDDING_LATENT_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/embedding/linear_algebra.h"

namespace policykb {

// A sparse matrix by rows: row r has the entries [starts[r], starts[r+1]) of `columns` and
// `values`.
struct SparseMatrix {
  size_t rows() const { return starts.size() - 1; }

  size_t column_count = 0;
  std::vector<size_t> starts = {0};
  std::vector<uint32_t> columns;  // < column_count
  std::vector<float> values;
};

struct LatentSpace {
  DenseMatrix directions;              // column_count * rank, orthonormal columns, leading first
  std::vector<float> singular_values;  // rank, > 0
};

struct LatentSpaceOptions {
  size_t dimension = 256;  // rank at the most
  int power_iterations = 2;
  uint64_t seed = 0;
};

// `progress` gets a fraction in [0,1] now and then; may be empty. The rank is lower than asked for
// when the matrix has no more; zero for a matrix of zeros. nullopt when the values are not finite.
std::optional<LatentSpace> FindLatentSpace(const SparseMatrix& matrix,
                                           const LatentSpaceOptions& options,
                                           const std::function<void(double)>& progress);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_LATENT_SPACE_H_
