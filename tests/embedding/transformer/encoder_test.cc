#include "core/embedding/transformer/encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/model_files.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// A random model, opened.
struct Opened {
  explicit Opened(const RandomModel& description) : model(description) {
    WriteRandomModel(model, folder.path());
    auto opened = SafetensorsFile::Open(folder / "model.safetensors");
    EXPECT_TRUE(opened.ok()) << opened.status();
    file = *std::move(opened);
    config = *ParseEncoderConfig(RandomModelConfig(model));
    auto found = FindEncoderWeights(file, config);
    EXPECT_TRUE(found.ok()) << found.status();
    weights = *std::move(found);
  }

  std::unique_ptr<const Encoder> Encode(Precision precision) const {
    auto encoder = Encoder::Create(config, weights, model.pooling, precision);
    EXPECT_TRUE(encoder.ok()) << encoder.status();
    return *std::move(encoder);
  }

  RandomModel model;
  TempFolder folder;
  SafetensorsFile file;
  EncoderConfig config;
  EncoderWeights weights;
};

TokenSequence RandomSequence(std::mt19937& random, size_t tokens) {
  TokenSequence sequence;
  for (size_t i = 0; i < tokens; ++i) {
    sequence.tokens.push_back(
        static_cast<int32_t>(random() % (RandomModelVocabulary().size() + 4)));
    sequence.types.push_back(0);
  }
  return sequence;
}

double Cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0;
  double aa = 0;
  double bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    dot += static_cast<double>(a[i]) * b[i];
    aa += static_cast<double>(a[i]) * a[i];
    bb += static_cast<double>(b[i]) * b[i];
  }
  return dot / std::sqrt(aa * bb);
}

std::vector<float> Reference(const Opened& opened, const TokenSequence& sequence) {
  return PoolStates(ReferenceStates(opened.config, opened.weights, sequence), opened.model.hidden,
                    opened.model.pooling);
}

void ExpectLikeReference(const RandomModel& model, Precision precision, double cosine) {
  const Opened opened(model);
  const auto encoder = opened.Encode(precision);
  std::mt19937 random(model.seed);
  std::vector<TokenSequence> sequences;
  for (const size_t tokens : {1U, 2U, 15U, 16U, 17U, 33U, 64U})
    sequences.push_back(RandomSequence(random, tokens));
  EncoderScratch scratch;
  const auto vectors = encoder->Encode(sequences, scratch);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  for (size_t i = 0; i < sequences.size(); ++i) {
    const std::span vector(vectors->data() + i * model.hidden, model.hidden);
    EXPECT_GE(Cosine(vector, Reference(opened, sequences[i])), cosine)
        << NameOf(precision) << ", " << sequences[i].tokens.size() << " tokens, hidden "
        << model.hidden;
  }
}

const std::vector<RandomModel>& RandomShapes() {
  static const std::vector<RandomModel> shapes = {
      {.hidden = 64, .layers = 2, .heads = 4, .intermediate = 128, .seed = 1},
      {.hidden = 64,
       .layers = 3,
       .heads = 2,
       .intermediate = 80,
       .pooling = Pooling::kMean,
       .seed = 2},
      {.family = ModelFamily::kXlmRoberta,
       .hidden = 32,
       .layers = 2,
       .heads = 2,
       .intermediate = 64,
       .pooling = Pooling::kMean,
       .seed = 3},
      {.hidden = 192,
       .layers = 1,
       .heads = 2,
       .intermediate = 384,
       .activation = "gelu_new",
       .seed = 4},
      {.hidden = 128,
       .layers = 2,
       .heads = 1,
       .intermediate = 256,
       .activation = "relu",
       .seed = 5},
      {.hidden = 144,
       .layers = 2,
       .heads = 3,
       .intermediate = 48,
       .pooling = Pooling::kMean,
       .seed = 6},
  };
  return shapes;
}

TEST(EncoderTest, RandomShapesAgreeWithTheReferenceInF32) {
  for (const RandomModel& model : RandomShapes())
    ExpectLikeReference(model, Precision::kF32, 0.999999);
}

TEST(EncoderTest, RandomShapesAgreeWithTheReferenceInBf16) {
  if (!IsFast(Precision::kBf16)) GTEST_SKIP() << "this CPU has no bf16 instructions";
  for (const RandomModel& model : RandomShapes())
    ExpectLikeReference(model, Precision::kBf16, 0.9995);
}

TEST(EncoderTest, RandomShapesAgreeWithTheReferenceInInt8) {
  if (!IsFast(Precision::kInt8)) GTEST_SKIP() << "this CPU has no int8 instructions";
  for (const RandomModel& model : RandomShapes())
    ExpectLikeReference(model, Precision::kInt8, 0.998);
}

TEST(EncoderTest, ABatchOfManyEqualsBatchesOfOne) {
  for (const RandomModel& model : RandomShapes()) {
    const Opened opened(model);
    const auto encoder = opened.Encode(Precision::kF32);
    std::mt19937 random(9);
    std::vector<TokenSequence> sequences;
    for (int i = 0; i < 12; ++i) sequences.push_back(RandomSequence(random, 1 + random() % 64));
    EncoderScratch scratch;
    const auto together = encoder->Encode(sequences, scratch);
    ASSERT_TRUE(together.ok());
    for (size_t i = 0; i < sequences.size(); ++i) {
      const auto alone = encoder->Encode({&sequences[i], 1}, scratch);
      ASSERT_TRUE(alone.ok());
      for (size_t c = 0; c < model.hidden; ++c)
        EXPECT_NEAR((*alone)[c], (*together)[i * model.hidden + c], 1e-5);
    }
  }
}

TEST(EncoderTest, WhatAnEarlierCallLeftBehindHasNoInfluence) {
  const Opened opened(RandomShapes()[1]);
  const auto encoder = opened.Encode(Precision::kF32);
  std::mt19937 random(4);
  const TokenSequence small = RandomSequence(random, 5);
  const TokenSequence large = RandomSequence(random, 64);
  EncoderScratch fresh;
  EncoderScratch used;
  ASSERT_TRUE(encoder->Encode({&large, 1}, used).ok());
  // Not a number anywhere in the working memory must not be seen either.
  std::fill(used.states.begin(), used.states.end(), std::nanf(""));
  std::fill(used.context.begin(), used.context.end(), std::nanf(""));
  std::fill(used.product.begin(), used.product.end(), std::nanf(""));
  std::fill(used.activations.begin(), used.activations.end(), '\xFF');
  EXPECT_EQ(*encoder->Encode({&small, 1}, fresh), *encoder->Encode({&small, 1}, used));
}

TEST(EncoderTest, TypesOfTokensAreSeen) {
  const Opened opened(RandomShapes()[0]);
  const auto encoder = opened.Encode(Precision::kF32);
  std::mt19937 random(5);
  TokenSequence sequence = RandomSequence(random, 20);
  EncoderScratch scratch;
  const auto before = *encoder->Encode({&sequence, 1}, scratch);
  std::fill(sequence.types.begin() + 10, sequence.types.end(), 1);
  const auto after = *encoder->Encode({&sequence, 1}, scratch);
  EXPECT_NE(before, after);
  EXPECT_GE(Cosine(after, Reference(opened, sequence)), 0.999999);
}

TEST(EncoderTest, MoreRowsThanOneProductTakesAreEncoded) {
  // 12 texts of 64 tokens are 768 rows; a product takes 512.
  const Opened opened(RandomShapes()[2]);
  const auto encoder = opened.Encode(Precision::kF32);
  std::mt19937 random(6);
  std::vector<TokenSequence> sequences;
  for (int i = 0; i < 12; ++i) sequences.push_back(RandomSequence(random, 64));
  EncoderScratch scratch;
  const auto vectors = encoder->Encode(sequences, scratch);
  ASSERT_TRUE(vectors.ok());
  EXPECT_GE(Cosine({vectors->data() + 11 * 32, 32}, Reference(opened, sequences[11])), 0.999999);
}

TEST(EncoderTest, ShapesThatFitNoKernelAreRefused) {
  const Opened opened({.hidden = 24, .heads = 2, .intermediate = 48});
  const auto encoder =
      Encoder::Create(opened.config, opened.weights, Pooling::kCls, Precision::kF32);
  EXPECT_TRUE(absl::IsFailedPrecondition(encoder.status()));
  EXPECT_THAT(std::string(encoder.status().message()),
              HasSubstr("hidden size 24, a multiple of 16"));
}

TEST(EncoderTest, PackedWeightsTakeWhatTheirPrecisionNeeds) {
  // 2 layers of 4*64*64 + 2*64*128 weights are 65,536 numbers; biases and scales add little.
  const Opened opened(RandomShapes()[0]);
  EXPECT_NEAR(static_cast<double>(opened.Encode(Precision::kF32)->packed_bytes()), 4 * 65536, 8192);
  if (!IsFast(Precision::kBf16)) return;
  EXPECT_NEAR(static_cast<double>(opened.Encode(Precision::kBf16)->packed_bytes()), 2 * 65536,
              8192);
}

TEST(EncoderWeightsTest, MissingAndMisshapenTensorsAreNamed) {
  const RandomModel model;
  TempFolder folder;
  auto tensors = RandomTensors(model);
  const EncoderConfig config = *ParseEncoderConfig(RandomModelConfig(model));
  const auto failure = [&](const std::map<std::string, TensorContent>& changed) {
    EXPECT_TRUE(WriteFileAtomically(folder / "m.safetensors", EncodeSafetensors(changed)).ok());
    const auto file = SafetensorsFile::Open(folder / "m.safetensors");
    EXPECT_TRUE(file.ok()) << file.status();
    return FindEncoderWeights(*file, config).status();
  };
  EXPECT_TRUE(failure(tensors).ok());
  auto missing = tensors;
  missing.erase("encoder.layer.1.attention.self.key.bias");
  EXPECT_TRUE(absl::IsNotFound(failure(missing)));
  EXPECT_THAT(std::string(failure(missing).message()),
              HasSubstr("encoder.layer.1.attention.self.key.bias"));
  auto misshapen = tensors;
  misshapen["encoder.layer.0.intermediate.dense.weight"].shape = {64, 128};
  EXPECT_TRUE(absl::IsDataLoss(failure(misshapen)));
  EXPECT_THAT(
      std::string(failure(misshapen).message()),
      HasSubstr("encoder.layer.0.intermediate.dense.weight: F32 [64, 128], [128, 64] expected"));
}

TEST(EncoderWeightsTest, NamesOfOldCheckpointsAreKnown) {
  const RandomModel model;
  TempFolder folder;
  std::map<std::string, TensorContent> old;
  for (auto& [name, tensor] : RandomTensors(model)) {
    old[ReplaceAll(ReplaceAll(name, "LayerNorm.weight", "LayerNorm.gamma"), "LayerNorm.bias",
                   "LayerNorm.beta")] = tensor;
  }
  ASSERT_TRUE(WriteFileAtomically(folder / "m.safetensors", EncodeSafetensors(old)).ok());
  const auto file = SafetensorsFile::Open(folder / "m.safetensors");
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(FindEncoderWeights(*file, *ParseEncoderConfig(RandomModelConfig(model))).ok());
}

}  // namespace
}  // namespace policykb
