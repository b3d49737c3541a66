#include "core/snapshot/dot_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

namespace policykb {
namespace {

std::vector<uint8_t> RandomCodes(size_t count, std::mt19937& random) {
  std::vector<uint8_t> codes(count);
  for (uint8_t& code : codes) code = static_cast<uint8_t>(random());
  return codes;
}

std::vector<int8_t> RandomComponents(size_t count, std::mt19937& random) {
  std::vector<int8_t> components(count);
  for (int8_t& component : components) component = static_cast<int8_t>(random());
  return components;
}

TEST(DotKernelsTest, ThePortableKernelsComeFirstAndTheBestLast) {
  ASSERT_FALSE(RunnableDotKernels().empty());
  EXPECT_STREQ(RunnableDotKernels().front().name, "portable");
  EXPECT_EQ(RunnableDotKernels().back().name, BestDotKernels().name);
}

TEST(DotKernelsTest, EveryKernelComputesASumWorkedByHand) {
  // Components 1, 2, 3 (codes 129, 130, 131) and zeros (code 128); query 4, 5, -6.
  // Codes: 129*4 + 130*5 - 131*6 = 516 + 650 - 786 = 380. Components: 4 + 10 - 18 = -4, which is
  // 380 - 128 * (4+5-6).
  std::vector<uint8_t> codes(64, 128);
  codes[0] = 129;
  codes[1] = 130;
  codes[2] = 131;
  std::vector<int8_t> query(64, 0);
  query[0] = 4;
  query[1] = 5;
  query[2] = -6;
  std::vector<float> floats(64, 0);
  floats[0] = 4;
  floats[1] = 5;
  floats[2] = -6;
  for (const DotKernels& kernels : RunnableDotKernels()) {
    SCOPED_TRACE(kernels.name);
    int32_t sum = 0;
    kernels.code_rows(codes.data(), 1, query.data(), 64, &sum);
    EXPECT_EQ(sum, 380);
    EXPECT_EQ(kernels.code_code(codes.data(), codes.data(), 64), 1 + 4 + 9);
    EXPECT_EQ(kernels.code_float(codes.data(), floats.data(), 64), -4.0F);
  }
}

TEST(DotKernelsTest, AllKernelsAgreeExactlyOnRandomVectors) {
  std::mt19937 random(1);
  const DotKernels& portable = RunnableDotKernels().front();
  for (const size_t dimension : {64, 128, 192, 256, 320, 512, 768, 1024}) {
    for (const size_t rows : {1, 2, 3, 4, 5, 7, 8, 63, 64}) {
      const std::vector<uint8_t> codes = RandomCodes(rows * dimension, random);
      const std::vector<int8_t> query = RandomComponents(dimension, random);
      std::vector<float> floats(dimension);
      for (float& value : floats) value = std::normal_distribution<float>()(random);
      std::vector<uint32_t> backwards(rows);
      for (size_t row = 0; row < rows; ++row)
        backwards[row] = static_cast<uint32_t>(rows - 1 - row);
      std::vector<int32_t> expected(rows);
      portable.code_rows(codes.data(), rows, query.data(), dimension, expected.data());
      for (const DotKernels& kernels : RunnableDotKernels()) {
        SCOPED_TRACE(kernels.name);
        std::vector<int32_t> sums(rows);
        kernels.code_rows(codes.data(), rows, query.data(), dimension, sums.data());
        EXPECT_EQ(sums, expected);
        std::vector<int32_t> sums_at(rows);
        kernels.code_rows_at(codes.data(), backwards.data(), rows, query.data(), dimension,
                             sums_at.data());
        std::reverse(sums_at.begin(), sums_at.end());
        EXPECT_EQ(sums_at, expected);
        const uint8_t* last = codes.data() + (rows - 1) * dimension;
        EXPECT_EQ(kernels.code_code(codes.data(), last, dimension),
                  portable.code_code(codes.data(), last, dimension));
        EXPECT_EQ(kernels.code_float(codes.data(), floats.data(), dimension),
                  portable.code_float(codes.data(), floats.data(), dimension));
      }
    }
  }
}

TEST(DotKernelsTest, NoKernelOverflowsAtTheLargestDimension) {
  const std::vector<uint8_t> codes(kMaxDotDimension, 255);
  const std::vector<uint8_t> low_codes(kMaxDotDimension, 0);
  const std::vector<int8_t> high(kMaxDotDimension, 127);
  const std::vector<int8_t> low(kMaxDotDimension, -127);
  for (const DotKernels& kernels : RunnableDotKernels()) {
    SCOPED_TRACE(kernels.name);
    int32_t sum = 0;
    kernels.code_rows(codes.data(), 1, high.data(), kMaxDotDimension, &sum);
    EXPECT_EQ(sum, 65536 * 255 * 127);  // 2122383360 < 2147483647
    kernels.code_rows(codes.data(), 1, low.data(), kMaxDotDimension, &sum);
    EXPECT_EQ(sum, -65536 * 255 * 127);
    EXPECT_EQ(kernels.code_code(low_codes.data(), low_codes.data(), kMaxDotDimension),
              65536 * 128 * 128);
  }
}

TEST(DotKernelsTest, ScoresAboveTheThresholdAreMarked) {
  std::mt19937 random(2);
  std::vector<int32_t> sums(kScoredRows);
  std::vector<float> scales(kScoredRows);
  for (size_t row = 0; row < kScoredRows; ++row) {
    sums[row] = static_cast<int32_t>(random() % 2000) - 1000;
    scales[row] = static_cast<float>(random() % 100) / 100;
  }
  // Row 3 scores (120 - 20) * 0.5 = 50, exactly the threshold: not above it. Row 4 scores 101 * 0.5
  // = 50.5.
  sums[3] = 120;
  sums[4] = 121;
  scales[3] = scales[4] = 0.5F;
  for (const DotKernels& kernels : RunnableDotKernels()) {
    SCOPED_TRACE(kernels.name);
    std::vector<float> scores(kScoredRows);
    const uint64_t above = kernels.scores_above(sums.data(), scales.data(), 20, 50, scores.data());
    EXPECT_EQ(above >> 3 & 3, 2U);
    EXPECT_EQ(scores[3], 50.0F);
    EXPECT_EQ(scores[4], 50.5F);
    for (size_t row = 0; row < kScoredRows; ++row) {
      EXPECT_EQ(scores[row], static_cast<float>(sums[row] - 20) * scales[row]);
      EXPECT_EQ((above >> row & 1) != 0, scores[row] > 50) << row;
    }
  }
}

}  // namespace
}  // namespace policykb
