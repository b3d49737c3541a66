#include "generator/token_estimate.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

// Counts of DeepSeek-V3's tokenizer, taken once by hand.
struct Counted {
  std::string_view text;
  size_t tokens;
};

TEST(TokenEstimateTest, TrueCountsLieBetweenTheTwoEstimates) {
  const Counted samples[] = {
      {"第三十二条　", 3},         {"12345678", 3}, {"2023年01月01日", 7},
      {"internationalization", 2}, {"“”", 2},
  };
  for (const Counted& sample : samples) {
    EXPECT_GE(MostTokens(sample.text, TokenFamily::kDeepSeek), sample.tokens) << sample.text;
    EXPECT_LE(LeastTokens(sample.text), sample.tokens) << sample.text;
  }
}

TEST(TokenEstimateTest, CountsByTheWeightsOfAFamily) {
  // 4 Han at .85, 2 digits and a space at 1, 5 letters at .4: 3.4 + 3 + 2 = 8.4.
  EXPECT_EQ(MostTokens("养犬登记12 abcde", TokenFamily::kDeepSeek), 9u);
  // 4 at 1.15: 4.6.
  EXPECT_EQ(MostTokens("养犬登记", TokenFamily::kLlama), 5u);
  EXPECT_EQ(MostTokens("养犬登记", TokenFamily::kUnknown), 12u);
  // 4 at .38: 1.52.
  EXPECT_EQ(LeastTokens("养犬登记"), 1u);
  EXPECT_EQ(MostTokens("", TokenFamily::kQwen), 0u);
}

TEST(TokenEstimateTest, KnowsFamiliesByTheNamesOfModels) {
  EXPECT_EQ(TokenFamilyOfModel("deepseek-chat"), TokenFamily::kDeepSeek);
  EXPECT_EQ(TokenFamilyOfModel("DeepSeek-R1-Distill-Qwen-14B"), TokenFamily::kQwen);
  EXPECT_EQ(TokenFamilyOfModel("deepseek-r1-distill-llama-8b"), TokenFamily::kUnknown);
  EXPECT_EQ(TokenFamilyOfModel("Meta-Llama-3.1-8B"), TokenFamily::kLlama);
  EXPECT_EQ(TokenFamilyOfModel("llama2:13b"), TokenFamily::kUnknown);
  EXPECT_EQ(TokenFamilyOfModel("some-model"), TokenFamily::kUnknown);
  EXPECT_EQ(ParseTokenFamily("qwen"), TokenFamily::kQwen);
  EXPECT_FALSE(ParseTokenFamily("gpt").has_value());
}

}  // namespace
}  // namespace policykb
