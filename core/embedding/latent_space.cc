#include "core/embedding/latent_space.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/embedding/parallel.h"
#include "core/embedding/row_sums.h"

namespace policykb {

namespace {

// Directions beyond the wanted ones: the sample then holds the wanted ones well (section 4.2 of the
// paper asks for 5 to 10; a whole block costs little here).
constexpr size_t kOversampling = 64;
// Singular values below this part of the largest are noise of the float sums.
constexpr float kSmallestRatio = 1e-3F;
constexpr size_t kRowsWorthThreads = 512;

size_t BlockUp(size_t size) { return (size + kRowLanes - 1) / kRowLanes * kRowLanes; }

SparseMatrix Transposed(const SparseMatrix& matrix) {
  SparseMatrix transposed;
  transposed.column_count = matrix.rows();
  transposed.starts.assign(matrix.column_count + 1, 0);
  for (const uint32_t column : matrix.columns) ++transposed.starts[column + 1];
  for (size_t i = 0; i < matrix.column_count; ++i) {
    transposed.starts[i + 1] += transposed.starts[i];
  }
  transposed.columns.resize(matrix.columns.size());
  transposed.values.resize(matrix.values.size());
  std::vector<size_t> next(transposed.starts.begin(), transposed.starts.end() - 1);
  for (size_t row = 0; row < matrix.rows(); ++row) {
    for (size_t i = matrix.starts[row]; i < matrix.starts[row + 1]; ++i) {
      const size_t to = next[matrix.columns[i]]++;
      transposed.columns[to] = static_cast<uint32_t>(row);
      transposed.values[to] = matrix.values[i];
    }
  }
  return transposed;
}

// sparse * dense. REQUIRES: dense.columns % kRowLanes == 0.
DenseMatrix Multiply(const SparseMatrix& sparse, const DenseMatrix& dense) {
  DenseMatrix product(sparse.rows(), dense.columns);
  ParallelRanges(sparse.rows(), kRowsWorthThreads, [&](size_t begin, size_t end) {
    for (size_t row = begin; row < end; ++row) {
      const size_t start = sparse.starts[row];
      SumRows(dense.values.data(), dense.columns, sparse.columns.data() + start,
              sparse.values.data() + start, sparse.starts[row + 1] - start, product.row(row));
    }
  });
  return product;
}

// The first `columns` columns.
DenseMatrix Narrowed(const DenseMatrix& matrix, size_t columns) {
  DenseMatrix narrowed(matrix.rows, columns);
  for (size_t row = 0; row < matrix.rows; ++row) {
    std::copy_n(matrix.row(row), columns, narrowed.row(row));
  }
  return narrowed;
}

DenseMatrix Widened(const DenseMatrix& matrix, size_t columns) {
  DenseMatrix widened(matrix.rows, columns);
  for (size_t row = 0; row < matrix.rows; ++row) {
    std::copy_n(matrix.row(row), matrix.columns, widened.row(row));
  }
  return widened;
}

// SplitMix64 (Steele, Lea and Flood 2014): the i-th value of the sequence that `seed` names.
uint64_t RandomBits(uint64_t seed, uint64_t i) {
  uint64_t z = seed + (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

// rows*columns of random signs.
DenseMatrix RandomSigns(size_t rows, size_t columns, uint64_t seed) {
  DenseMatrix signs(rows, columns);
  for (size_t i = 0; i < signs.values.size(); ++i) {
    signs.values[i] = (RandomBits(seed, i / 64) >> (i % 64) & 1) != 0 ? 1.0F : -1.0F;
  }
  return signs;
}

}  // namespace

std::optional<LatentSpace> FindLatentSpace(const SparseMatrix& matrix,
                                           const LatentSpaceOptions& options,
                                           const std::function<void(double)>& progress) {
  LatentSpace space;
  const size_t sample = std::min(options.dimension + kOversampling, matrix.column_count);
  if (sample == 0 || matrix.rows() == 0) return space;
  const size_t wide = BlockUp(sample);
  const SparseMatrix transposed = Transposed(matrix);
  DenseMatrix basis = RandomSigns(matrix.column_count, sample, options.seed);
  const int steps = options.power_iterations + 1;
  for (int step = 0; step < steps; ++step) {
    // One application of matrix^T * matrix.
    basis = Multiply(transposed, Multiply(matrix, Widened(basis, wide)));
    basis = Narrowed(basis, sample);
    if (!OrthonormalizeColumns(basis)) return std::nullopt;
    if (progress) progress(static_cast<double>(step + 1) / (steps + 1));
  }
  // Within the basis the problem is small: (matrix * basis)^T * (matrix * basis) has the squared
  // singular values.
  const DenseMatrix projected = Narrowed(Multiply(matrix, Widened(basis, wide)), sample);
  const std::optional<SymmetricEigen> eigen = EigenOfSymmetric(Gram(projected));
  if (!eigen || !std::isfinite(eigen->values[0])) return std::nullopt;
  const float largest = std::sqrt(std::max(eigen->values[0], 0.0F));
  for (size_t i = 0; i < std::min(sample, options.dimension); ++i) {
    const float value = std::sqrt(std::max(eigen->values[i], 0.0F));
    if (!(value > largest * kSmallestRatio)) break;
    space.singular_values.push_back(value);
  }
  if (space.singular_values.empty()) return space;
  space.directions = Multiply(basis, Narrowed(eigen->vectors, space.singular_values.size()));
  if (progress) progress(1);
  return space;
}

}  // namespace policykb
