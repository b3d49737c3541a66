#include "core/embedding/latent_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/embedding/linear_algebra.h"

namespace policykb {
namespace {

SparseMatrix Sparse(const DenseMatrix& dense) {
  SparseMatrix sparse;
  sparse.column_count = dense.columns;
  for (size_t row = 0; row < dense.rows; ++row) {
    for (size_t column = 0; column < dense.columns; ++column) {
      if (dense.row(row)[column] == 0) continue;
      sparse.columns.push_back(static_cast<uint32_t>(column));
      sparse.values.push_back(dense.row(row)[column]);
    }
    sparse.starts.push_back(sparse.columns.size());
  }
  return sparse;
}

DenseMatrix RandomMatrix(size_t rows, size_t columns, double density, uint32_t seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> uniform;
  DenseMatrix matrix(rows, columns);
  for (float& value : matrix.values) {
    const float chance = uniform(random);
    const float drawn = uniform(random);
    if (static_cast<double>(chance) < density) value = drawn;
  }
  return matrix;
}

void ExpectOrthonormal(const DenseMatrix& matrix) {
  const DenseMatrix gram = Gram(matrix);
  for (size_t i = 0; i < gram.rows; ++i) {
    for (size_t j = 0; j < gram.columns; ++j) {
      EXPECT_NEAR(gram.row(i)[j], i == j ? 1 : 0, 1e-4);
    }
  }
}

TEST(LatentSpaceTest, FindsTheDirectionsOfADiagonalMatrix) {
  // diag(3, 2, 1): singular values 3, 2, 1 with the axes as directions.
  DenseMatrix diagonal(3, 3);
  diagonal.row(0)[0] = 3;
  diagonal.row(1)[1] = 2;
  diagonal.row(2)[2] = 1;
  const auto space = FindLatentSpace(Sparse(diagonal), {.dimension = 2}, {});
  ASSERT_TRUE(space.has_value());
  ASSERT_EQ(space->singular_values.size(), 2U);
  EXPECT_NEAR(space->singular_values[0], 3, 1e-4);
  EXPECT_NEAR(space->singular_values[1], 2, 1e-4);
  EXPECT_NEAR(std::fabs(space->directions.row(0)[0]), 1, 1e-4);
  EXPECT_NEAR(std::fabs(space->directions.row(1)[1]), 1, 1e-4);
  EXPECT_NEAR(space->directions.row(2)[0], 0, 1e-4);
}

TEST(LatentSpaceTest, AgreesWithTheEigenvaluesOfTheGramMatrix) {
  const DenseMatrix dense = RandomMatrix(900, 120, 0.1, 1);
  const auto space = FindLatentSpace(Sparse(dense), {.dimension = 20, .power_iterations = 4}, {});
  ASSERT_TRUE(space.has_value());
  ASSERT_EQ(space->singular_values.size(), 20U);
  const auto eigen = EigenOfSymmetric(Gram(dense));
  ASSERT_TRUE(eigen.has_value());
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_NEAR(space->singular_values[i], std::sqrt(eigen->values[i]),
                0.01 * std::sqrt(eigen->values[0]));
  }
  ExpectOrthonormal(space->directions);
}

TEST(LatentSpaceTest, TheRankIsThatOfTheMatrix) {
  // 40 rows that are multiples of two.
  DenseMatrix dense(40, 70);
  for (size_t i = 0; i < 40; ++i) {
    for (size_t j = 0; j < 70; ++j) {
      if (j % 2 == i % 2) dense.row(i)[j] = static_cast<float>(i + 1) / 40;
    }
  }
  const auto space = FindLatentSpace(Sparse(dense), {.dimension = 64}, {});
  ASSERT_TRUE(space.has_value());
  EXPECT_EQ(space->singular_values.size(), 2U);
  ExpectOrthonormal(space->directions);
}

TEST(LatentSpaceTest, MatricesOfNothingHaveRankZero) {
  SparseMatrix none;
  EXPECT_TRUE(FindLatentSpace(none, {}, {})->singular_values.empty());
  SparseMatrix zeros;
  zeros.column_count = 5;
  zeros.starts = {0, 0, 0};
  EXPECT_TRUE(FindLatentSpace(zeros, {}, {})->singular_values.empty());
}

TEST(LatentSpaceTest, TheSameMatrixGivesTheSameBytes) {
  const SparseMatrix sparse = Sparse(RandomMatrix(2000, 300, 0.05, 2));
  const auto once = FindLatentSpace(sparse, {.dimension = 64, .seed = 3}, {});
  const auto twice = FindLatentSpace(sparse, {.dimension = 64, .seed = 3}, {});
  EXPECT_EQ(once->directions.values, twice->directions.values);
  EXPECT_EQ(once->singular_values, twice->singular_values);
}

TEST(LinearAlgebraTest, MultipliesByHand) {
  // (1 2; 3 4) * (5; 6) = (17; 39).
  DenseMatrix a(2, 2);
  a.values = {1, 2, 3, 4};
  DenseMatrix b(2, 1);
  b.values = {5, 6};
  EXPECT_EQ(Multiply(a, b).values, (std::vector<float>{17, 39}));
  // (1 2; 3 4)^T (1 2; 3 4) = (10 14; 14 20).
  EXPECT_EQ(Gram(a).values, (std::vector<float>{10, 14, 14, 20}));
}

TEST(LinearAlgebraTest, OrthonormalColumnsSpanWhatTheColumnsSpanned) {
  DenseMatrix matrix = RandomMatrix(50, 7, 1, 4);
  const DenseMatrix before = matrix;
  ASSERT_TRUE(OrthonormalizeColumns(matrix));
  ExpectOrthonormal(matrix);
  // Projected onto the basis and back, the columns are what they were.
  DenseMatrix transposed(7, 50);
  for (size_t i = 0; i < 50; ++i) {
    for (size_t j = 0; j < 7; ++j) transposed.row(j)[i] = matrix.row(i)[j];
  }
  const DenseMatrix after = Multiply(matrix, Multiply(transposed, before));
  for (size_t i = 0; i < before.values.size(); ++i) {
    EXPECT_NEAR(after.values[i], before.values[i], 1e-4);
  }
}

}  // namespace
}  // namespace policykb
