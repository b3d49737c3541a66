// Tables of model2vec against the vectors that its own program made, where POLICYKB_SHARED names
// the folder that holds them.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/static_embedder.h"
#include "tests/testing/evaluation_data.h"

namespace policykb {
namespace {

// The numbers of a JSON list in a list.
std::vector<double> ReadNumbers(const std::string& path) {
  const std::string text = ReplaceAll(ReplaceAll(*ReadFile(path), "[", ""), "]", "");
  std::vector<double> numbers;
  for (const std::string_view part : Split(text, ','))
    numbers.push_back(std::strtod(std::string(part).c_str(), nullptr));
  return numbers;
}

void ExpectVector(const std::string& model, const std::string& text, const std::string& expected,
                  double within) {
  const std::string folder = EvaluationFolder("models/model2vec-rs-fixtures");
  const auto embedder = OpenStaticEmbedder(JoinPath(folder, model), {});
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  const auto vector = (*embedder)->EmbedQuery(text);
  ASSERT_TRUE(vector.ok());
  const std::vector<double> numbers = ReadNumbers(JoinPath(folder, expected));
  ASSERT_EQ(vector->size(), numbers.size());
  for (size_t c = 0; c < numbers.size(); ++c)
    EXPECT_NEAR((*vector)[c], numbers[c], within) << model;
}

TEST(StaticEvaluationTest, TheFixturesOfModel2Vec) {
  if (EvaluationFolder("models").empty())
    GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  std::string thousand = "hello";
  for (int i = 1; i < 1000; ++i) thousand += " hello";
  ExpectVector("test-model-float32", "hello world", "embeddings_short.json", 1e-5);
  ExpectVector("test-model-float32", thousand, "embeddings_long.json", 1e-5);
  ExpectVector("test-model-float16", "hello world", "embeddings_short.json", 2e-3);
  ExpectVector("test-model-int8", "hello world", "embeddings_short.json", 3e-2);
  ExpectVector("test-model-vocab-quantized", thousand, "embeddings_vocab_quantized.json", 1e-5);
}

}  // namespace
}  // namespace policykb
