// Row and attention kernels of every width against the formulas, number by number.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/embedding/transformer/attention.h"
#include "core/embedding/transformer/packed_matrix.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "core/embedding/transformer/row_kernels.h"

namespace policykb {
namespace {

std::vector<float> RandomFloats(size_t count, float size, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<float> values(count);
  for (float& value : values) value = size * (static_cast<float>(random() % 20001) / 10000 - 1);
  return values;
}

TEST(RowKernelsTest, BiasIsAddedToFloatsAndToIntegers) {
  for (const RowKernels& kernels : RunnableRowKernels()) {
    const std::vector<float> bias(16, 0.5F);
    const std::vector<float> floats(16, 2.0F);
    std::vector<float> out(16);
    kernels.add_bias({.floats = floats.data(), .bias = bias.data(), .row = {}}, 16, out.data());
    EXPECT_EQ(out, std::vector<float>(16, 2.5F));
    // 0.25 * 2 * (100 - 3 * 10) + 0.5 = 35.5
    const std::vector<int32_t> integers(16, 100);
    const std::vector<float> scales(16, 2.0F);
    const std::vector<float> sums(16, 10.0F);
    kernels.add_bias({.integers = integers.data(),
                      .bias = bias.data(),
                      .scales = scales.data(),
                      .sums = sums.data(),
                      .row = {.scale = 0.25F, .zero = 3}},
                     16, out.data());
    EXPECT_EQ(out, std::vector<float>(16, 35.5F));
  }
}

TEST(RowKernelsTest, ActivationsAreThoseOfTheReference) {
  std::vector<float> values = RandomFloats(4096, 12, 1);
  for (const float special : {0.0F, -0.0F, 1e-8F, -1e-8F, 100.0F, -100.0F, 3e4F, -3e4F})
    values.push_back(special);
  values.resize(4112, -3);
  const std::vector<float> bias(values.size());
  for (const RowKernels& kernels : RunnableRowKernels()) {
    for (const Activation activation :
         {Activation::kGelu, Activation::kGeluTanh, Activation::kRelu}) {
      std::vector<float> out(values.size());
      kernels.add_bias_activate({.floats = values.data(), .bias = bias.data(), .row = {}},
                                activation, values.size(), out.data());
      for (size_t i = 0; i < values.size(); ++i) {
        const float expected = Activate(activation, values[i]);
        EXPECT_NEAR(out[i], expected, 1e-6 + 1e-6 * std::abs(expected)) << values[i];
      }
    }
  }
}

TEST(RowKernelsTest, RoughGeluIsWithinItsError) {
  std::vector<float> values;
  for (int i = -1600; i < 1600; ++i) values.push_back(static_cast<float>(i) / 200);
  const std::vector<float> bias(values.size());
  for (const RowKernels& kernels : RunnableRowKernels()) {
    std::vector<float> out(values.size());
    kernels.add_bias_gelu_roughly({.floats = values.data(), .bias = bias.data(), .row = {}},
                                  values.size(), out.data());
    for (size_t i = 0; i < values.size(); ++i)
      EXPECT_NEAR(out[i], Activate(Activation::kGelu, values[i]), 4e-5) << values[i];
  }
}

TEST(RowKernelsTest, NormsHaveMeanAndSpreadOfTheirWeights) {
  const std::vector<float> start = RandomFloats(192, 3, 2);
  const std::vector<float> product = RandomFloats(192, 2, 3);
  const std::vector<float> bias = RandomFloats(192, 1, 4);
  const std::vector<float> scale = RandomFloats(192, 1, 5);
  const std::vector<float> shift = RandomFloats(192, 1, 6);
  double mean = 0;
  for (size_t i = 0; i < 192; ++i) mean += (start[i] + product[i] + bias[i]) / 192.0;
  double variance = 0;
  for (size_t i = 0; i < 192; ++i)
    variance += std::pow(start[i] + product[i] + bias[i] - mean, 2) / 192.0;
  for (const RowKernels& kernels : RunnableRowKernels()) {
    std::vector<float> row = start;
    kernels.add_residual_norm({.floats = product.data(), .bias = bias.data(), .row = {}},
                              {.scale = scale.data(), .shift = shift.data(), .epsilon = 1e-5F}, 192,
                              row.data());
    for (size_t i = 0; i < 192; ++i) {
      const double value = start[i] + product[i] + bias[i];
      EXPECT_NEAR(row[i], (value - mean) / std::sqrt(variance + 1e-5) * scale[i] + shift[i], 1e-5);
    }
  }
}

TEST(RowKernelsTest, Bf16RoundsToNearestAndTiesToEven) {
  // 1 + 2^-8 lies between 1 (0x3F80) and 1 + 2^-7 (0x3F81): even is 0x3F80; 1 + 3 * 2^-8 goes up to
  // 0x3F82.
  std::vector<float> row(16, 1.0F);
  row[1] = 1.00390625F;
  row[2] = 1.01171875F;
  row[3] = -2.5F;
  for (const RowKernels& kernels : RunnableRowKernels()) {
    std::vector<uint16_t> out(16);
    kernels.to_bf16(row.data(), 16, out.data());
    EXPECT_EQ(out[0], 0x3F80);
    EXPECT_EQ(out[1], 0x3F80);
    EXPECT_EQ(out[2], 0x3F82);
    EXPECT_EQ(out[3], 0xC020);
  }
}

TEST(RowKernelsTest, BytesAreWithinHalfAStepOfTheirValues) {
  for (const RowKernels& kernels : RunnableRowKernels()) {
    for (const float offset : {0.0F, 5.0F, -5.0F}) {
      std::vector<float> row = RandomFloats(64, 2, 7);
      for (float& value : row) value += offset;
      row[9] = 0;
      std::vector<uint8_t> out(64);
      const RowScale scale = kernels.to_bytes(row.data(), 64, out.data());
      for (size_t i = 0; i < 64; ++i)
        EXPECT_NEAR(scale.scale * (static_cast<float>(out[i]) - scale.zero), row[i],
                    scale.scale * 0.51);
      EXPECT_EQ(static_cast<float>(out[9]), scale.zero);
    }
    const std::vector<float> zeros(16);
    std::vector<uint8_t> out(16, 1);
    const RowScale scale = kernels.to_bytes(zeros.data(), 16, out.data());
    EXPECT_EQ(out, std::vector<uint8_t>(16, 0));
    EXPECT_EQ(scale.zero, 0);
  }
}

TEST(AttentionTest, EveryWidthGivesTheWeightedMeanOfValues) {
  for (const AttentionKernel kernel : RunnableAttentionKernels()) {
    for (const size_t size : {16U, 32U, 48U, 64U, 128U}) {
      for (const size_t tokens : {1U, 3U, 16U, 21U, 65U}) {
        const size_t stride = 3 * size + 16;
        const std::vector<float> rows =
            RandomFloats(tokens * stride, 2, static_cast<uint32_t>(size + tokens));
        const AttentionHead head = {.query = rows.data(),
                                    .key = rows.data() + size,
                                    .value = rows.data() + 2 * size,
                                    .stride = stride,
                                    .tokens = tokens,
                                    .queries = tokens,
                                    .size = size,
                                    .scale = 0.25F};
        AttentionScratch scratch;
        scratch.Prepare(head);
        std::fill(scratch.keys.begin(), scratch.keys.end(), std::nanf(""));
        std::fill(scratch.scores.begin(), scratch.scores.end(), std::nanf(""));
        std::vector<float> context(tokens * size);
        kernel(head, scratch, context.data(), size);
        for (size_t q = 0; q < tokens; ++q) {
          std::vector<double> weights(tokens);
          double total = 0;
          for (size_t k = 0; k < tokens; ++k) {
            double dot = 0;
            for (size_t i = 0; i < size; ++i)
              dot += static_cast<double>(head.query[q * stride + i]) * head.key[k * stride + i];
            total += weights[k] = std::exp(dot * 0.25);
          }
          for (size_t i = 0; i < size; ++i) {
            double mean = 0;
            for (size_t k = 0; k < tokens; ++k)
              mean += weights[k] / total * head.value[k * stride + i];
            EXPECT_NEAR(context[q * size + i], mean, 2e-5) << size << " " << tokens;
          }
        }
      }
    }
  }
}

TEST(AttentionTest, LargeScoresDoNotOverflow) {
  for (const AttentionKernel kernel : RunnableAttentionKernels()) {
    std::vector<float> rows(2 * 48, 0);
    for (size_t i = 0; i < 16; ++i) rows[i] = rows[16 + i] = 100, rows[32 + i] = 7;
    const AttentionHead head = {.query = rows.data(),
                                .key = rows.data() + 16,
                                .value = rows.data() + 32,
                                .stride = 48,
                                .tokens = 2,
                                .queries = 1,
                                .size = 16,
                                .scale = 1};
    AttentionScratch scratch;
    scratch.Prepare(head);
    std::vector<float> context(16);
    kernel(head, scratch, context.data(), 16);
    EXPECT_EQ(context, std::vector<float>(16, 7));
  }
}

TEST(PackedMatrixTest, ProductsAreThoseOfTheMatrixInEveryPrecision) {
  // Small integers are exact in all of them; with the largest 127 in every row, int8 has the
  // scale 1.
  std::mt19937 random(8);
  std::vector<float> weights(48 * 32);
  for (float& weight : weights) weight = static_cast<float>(random() % 9) - 4;
  for (size_t output = 0; output < 48; ++output) weights[output * 32] = 127;
  for (const Precision precision : {Precision::kF32, Precision::kBf16, Precision::kInt8}) {
    if (!IsFast(precision)) continue;
    const auto product = MatrixProduct::Create(32, 48, precision);
    ASSERT_TRUE(product.ok()) << product.status();
    const auto matrix = PackedMatrix::Create(*product, weights);
    ASSERT_TRUE(matrix.ok()) << matrix.status();
    for (const size_t rows : {1U, 16U, 40U, 512U, 530U}) {
      std::vector<char> activations(RoundedRows(rows) * 32 * ActivationBytes(precision));
      std::vector<float> values(rows * 32);
      for (size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<float>(random() % 8);
        if (precision == Precision::kF32)
          reinterpret_cast<float*>(activations.data())[i] = values[i];
        if (precision == Precision::kInt8) activations[i] = static_cast<char>(values[i]);
      }
      if (precision == Precision::kBf16)
        BestRowKernels().to_bf16(values.data(), values.size(),
                                 reinterpret_cast<uint16_t*>(activations.data()));
      std::vector<float> out(RoundedRows(rows) * 48);
      MatrixScratch scratch;
      ASSERT_TRUE(matrix->Multiply(activations.data(), rows, out.data(), scratch).ok());
      for (size_t row = 0; row < rows; ++row) {
        for (size_t output = 0; output < 48; ++output) {
          float expected = 0;
          for (size_t i = 0; i < 32; ++i)
            expected += values[row * 32 + i] * weights[output * 32 + i];
          const float got =
              precision == Precision::kInt8
                  ? static_cast<float>(reinterpret_cast<int32_t*>(out.data())[row * 48 + output])
                  : out[row * 48 + output];
          ASSERT_EQ(got, expected) << NameOf(precision) << " " << rows;
        }
      }
    }
  }
}

TEST(PackedMatrixTest, WeightsThatAreNotFiniteAreRefused) {
  const auto product = MatrixProduct::Create(16, 16, Precision::kF32);
  ASSERT_TRUE(product.ok());
  std::vector<float> weights(256);
  weights[77] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(absl::IsInvalidArgument(PackedMatrix::Create(*product, weights).status()));
}

}  // namespace
}  // namespace policykb
