// Encoders with the weights of tiny reference models against vectors that torch computed, where
// POLICYKB_SHARED names the folder that holds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/files.h"
#include "core/embedding/transformer/encoder.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "tests/testing/evaluation_data.h"

namespace policykb {
namespace {

struct Least {
  Precision precision;
  double cosine;
};

// `exact`: the least cosine in f32, which is lower where weights were rounded when they were
// stored.
void ExpectReferenceVectors(const std::string& name, const std::string& weights_name,
                            double exact) {
  const std::string folder = JoinPath(EvaluationFolder("models"), name);
  const auto config = ReadModelConfig(folder);
  ASSERT_TRUE(config.ok()) << config.status();
  const auto file = SafetensorsFile::Open(JoinPath(folder, weights_name));
  ASSERT_TRUE(file.ok()) << file.status();
  const auto weights = FindEncoderWeights(*file, config->encoder);
  ASSERT_TRUE(weights.ok()) << weights.status();
  const auto reference = nlohmann::json::parse(*ReadFile(JoinPath(folder, "reference.json")));
  std::vector<TokenSequence> sequences;
  for (const auto& entry : reference) {
    TokenSequence sequence;
    sequence.tokens = entry["input_ids"].get<std::vector<int32_t>>();
    sequence.types.resize(sequence.tokens.size());
    sequences.push_back(std::move(sequence));
  }
  for (const Pooling pooling : {Pooling::kCls, Pooling::kMean}) {
    const char* field = pooling == Pooling::kCls ? "cls_l2" : "mean_l2";
    for (const Least least : {Least{Precision::kF32, exact}, Least{Precision::kBf16, 0.9995},
                              Least{Precision::kInt8, 0.999}}) {
      if (!IsFast(least.precision)) continue;
      const auto encoder = Encoder::Create(config->encoder, *weights, pooling, least.precision);
      ASSERT_TRUE(encoder.ok()) << encoder.status();
      EncoderScratch scratch;
      auto vectors = (*encoder)->Encode(sequences, scratch);
      ASSERT_TRUE(vectors.ok());
      double lowest = 1;
      for (size_t i = 0; i < sequences.size(); ++i) {
        const std::span vector(vectors->data() + i * config->encoder.hidden,
                               config->encoder.hidden);
        NormalizeLength(vector);
        const auto expected = reference[i][field].get<std::vector<double>>();
        double dot = 0;
        double length = 0;
        for (size_t c = 0; c < expected.size(); ++c) {
          dot += expected[c] * static_cast<double>(vector[c]);
          length += expected[c] * expected[c];
        }
        lowest = std::min(lowest, dot / std::sqrt(length));
      }
      EXPECT_GE(lowest, least.cosine) << name << " " << NameOf(least.precision);
      std::printf("%s %s %s %s: lowest cosine %.7f\n", name.c_str(), weights_name.c_str(), field,
                  std::string(NameOf(least.precision)).c_str(), lowest);
    }
  }
}

TEST(ReferenceEvaluationTest, TinyBertInEveryStoredType) {
  if (EvaluationFolder("models").empty())
    GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  ExpectReferenceVectors("tiny-random-bert-zh", "model.safetensors", 0.99999);
  ExpectReferenceVectors("tiny-random-bert-zh", "model.f16.safetensors", 0.99999);
  ExpectReferenceVectors("tiny-random-bert-zh", "model.bf16.safetensors", 0.9999);
}

TEST(ReferenceEvaluationTest, TinyXlmRoberta) {
  if (EvaluationFolder("models").empty())
    GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  ExpectReferenceVectors("tiny-random-xlmr", "model.safetensors", 0.99999);
}

}  // namespace
}  // namespace policykb
