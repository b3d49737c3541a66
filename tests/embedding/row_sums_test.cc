#include "core/embedding/row_sums.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace policykb {
namespace {

TEST(RowSumsTest, AddsWeightedRowsWorkedByHand) {
  // Rows (1, 0, ...), (2, -3, 0, ...); 0.5 * row 1 + 2 * row 0 = (1 + 2, -1.5, 0, ...).
  std::vector<int8_t> table(2 * 64);
  table[0] = 1;
  table[64] = 2;
  table[65] = -3;
  const std::vector<uint32_t> rows = {1, 0};
  const std::vector<float> weights = {0.5F, 2};
  std::vector<float> sum(64, 7);
  SumRows(table.data(), 64, rows.data(), weights.data(), 2, sum.data());
  EXPECT_EQ(sum[0], 3.0F);
  EXPECT_EQ(sum[1], -1.5F);
  EXPECT_EQ(sum[2], 0.0F);
}

TEST(RowSumsTest, NoRowsGiveZeros) {
  std::vector<float> sum(64, 7);
  SumRows(static_cast<const float*>(nullptr), 64, nullptr, nullptr, 0, sum.data());
  EXPECT_THAT(sum, testing::Each(0.0F));
}

TEST(RowSumsTest, AllFormsAgreeExactly) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal;
  for (const size_t columns : {64, 128, 256, 320}) {
    std::vector<int8_t> bytes(50 * columns);
    for (int8_t& value : bytes) value = static_cast<int8_t>(random());
    std::vector<float> floats(50 * columns);
    for (float& value : floats) value = normal(random);
    std::vector<uint32_t> rows(200);
    for (uint32_t& row : rows) row = static_cast<uint32_t>(random() % 50);
    std::vector<float> weights(200);
    for (float& weight : weights) weight = normal(random);
    std::vector<float> expected_bytes(columns);
    std::vector<float> expected_floats(columns);
    const RowSumKernels& portable = RunnableRowSumKernels().front();
    portable.bytes(bytes.data(), columns, rows.data(), weights.data(), 200, expected_bytes.data());
    portable.floats(floats.data(), columns, rows.data(), weights.data(), 200,
                    expected_floats.data());
    for (const RowSumKernels& kernels : RunnableRowSumKernels()) {
      std::vector<float> sum(columns);
      kernels.bytes(bytes.data(), columns, rows.data(), weights.data(), 200, sum.data());
      EXPECT_EQ(sum, expected_bytes);
      kernels.floats(floats.data(), columns, rows.data(), weights.data(), 200, sum.data());
      EXPECT_EQ(sum, expected_floats);
    }
  }
}

}  // namespace
}  // namespace policykb
