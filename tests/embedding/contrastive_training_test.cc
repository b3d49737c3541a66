#include "core/embedding/contrastive_training.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/embedding/linear_algebra.h"

namespace policykb {
namespace {

// Passages whose context and text share no row: only training can bring them together. Passage p
// has the rows 4p, 4p + 1 as context and 4p + 2, 4p + 3 as text.
TrainingPairs DisjointPairs(uint32_t passages) {
  std::vector<PassageRows> rows;
  for (uint32_t p = 0; p < passages; ++p)
    rows.push_back({.context = {4 * p, 4 * p + 1}, .sentences = {{4 * p + 2, 4 * p + 3}}});
  return TrainingPairs(std::move(rows), std::vector<float>(size_t{4} * passages, 1));
}

std::vector<double> Sum(const DenseMatrix& table, size_t a, size_t b) {
  std::vector<double> sum(table.columns);
  for (size_t c = 0; c < table.columns; ++c) sum[c] = double{table.row(a)[c]} + table.row(b)[c];
  return sum;
}

double Cosine(const std::vector<double>& a, const std::vector<double>& b) {
  double dot = 0;
  double square_a = 0;
  double square_b = 0;
  for (size_t c = 0; c < a.size(); ++c) {
    dot += a[c] * b[c];
    square_a += a[c] * a[c];
    square_b += b[c] * b[c];
  }
  return dot / std::sqrt(square_a * square_b);
}

// Share of the passages whose context is nearest to their own text.
double Matched(const DenseMatrix& table, size_t passages) {
  size_t matched = 0;
  for (size_t p = 0; p < passages; ++p) {
    const std::vector<double> context = Sum(table, 4 * p, 4 * p + 1);
    size_t best = 0;
    double best_cosine = -2;
    for (size_t q = 0; q < passages; ++q) {
      const double cosine = Cosine(context, Sum(table, 4 * q + 2, 4 * q + 3));
      if (cosine > best_cosine) {
        best_cosine = cosine;
        best = q;
      }
    }
    matched += best == p;
  }
  return static_cast<double>(matched) / static_cast<double>(passages);
}

TEST(ContrastiveTrainingTest, BringsTogetherWhatBelongsTogether) {
  const TrainingPairs pairs = DisjointPairs(100);
  const ContrastiveOptions options = {.dimension = 64, .batch = 64, .steps = 300, .seed = 3};
  ContrastiveOptions untrained = options;
  untrained.steps = 0;
  EXPECT_LT(Matched(TrainRows(pairs, untrained, {}), 100), 0.1);
  EXPECT_EQ(Matched(TrainRows(pairs, options, {}), 100), 1);
}

TEST(ContrastiveTrainingTest, KnownQuestionsComeNearTheirPassages) {
  // As DisjointPairs, but each passage has its text only, and rows 4p, 4p + 1 are a question.
  constexpr uint32_t kCount = 100;
  std::vector<PassageRows> rows;
  for (uint32_t p = 0; p < kCount; ++p) {
    rows.push_back(
        {.context = {}, .sentences = {{4 * p + 2, 4 * p + 3}}, .questions = {{4 * p, 4 * p + 1}}});
  }
  const std::vector<float> idf(size_t{4} * kCount, 1);
  const ContrastiveOptions options = {.dimension = 64, .batch = 64, .steps = 600, .seed = 3};
  EXPECT_GT(Matched(TrainRows(TrainingPairs(rows, idf), options, {}), kCount), 0.9);
  for (PassageRows& row : rows) row.questions.clear();
  EXPECT_LT(Matched(TrainRows(TrainingPairs(rows, idf), options, {}), kCount), 0.1);
}

TEST(ContrastiveTrainingTest, SameSeedSameBytesAndAnotherSeedOthers) {
  const TrainingPairs pairs = DisjointPairs(30);
  ContrastiveOptions options = {.dimension = 64, .batch = 128, .steps = 20, .seed = 3};
  const DenseMatrix first = TrainRows(pairs, options, {});
  EXPECT_EQ(first.values, TrainRows(pairs, options, {}).values);
  options.seed = 4;
  EXPECT_NE(first.values, TrainRows(pairs, options, {}).values);
}

TEST(ContrastiveTrainingTest, TextsWithoutRowsLeaveEverythingFinite) {
  const TrainingPairs pairs({{.context = {}, .sentences = {}}, {.context = {0}, .sentences = {}}},
                            {1, 1});
  double last = 0;
  const DenseMatrix table = TrainRows(pairs, {.dimension = 64, .steps = 50, .seed = 1},
                                      [&last](double fraction) { last = fraction; });
  for (const float value : table.values) EXPECT_TRUE(std::isfinite(value));
  EXPECT_EQ(last, 1);
}

TEST(LinearAlgebraTest, ProductsOfEveryFormAreTheSame) {
  // a = (1 2 3; 4 5 6; 7 8 9), b = (1 0; 2 1; 0 3): a*b = (5 11; 14 23; 23 35), twice that asked.
  const std::vector<float> a = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  const std::vector<float> a_transposed = {1, 4, 7, 2, 5, 8, 3, 6, 9};
  const std::vector<float> b = {1, 0, 2, 1, 0, 3};
  const std::vector<float> b_transposed = {1, 2, 0, 0, 1, 3};
  const std::vector<float> expected = {10, 22, 28, 46, 46, 70};
  const ProductShape shape = {.rows = 3, .columns = 2, .inner = 3};
  std::vector<float> product(6, -1);
  MultiplyInTwo(Transpose::kNone, shape, 2, a.data(), b.data(), product.data());
  EXPECT_EQ(product, expected);
  product.assign(6, -1);
  MultiplyInTwo(Transpose::kFirst, shape, 2, a_transposed.data(), b.data(), product.data());
  EXPECT_EQ(product, expected);
  product.assign(6, -1);
  MultiplyInTwo(Transpose::kSecond, shape, 2, a.data(), b_transposed.data(), product.data());
  EXPECT_EQ(product, expected);
}

}  // namespace
}  // namespace policykb
