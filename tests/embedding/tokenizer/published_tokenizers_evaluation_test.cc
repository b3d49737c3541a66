// The tokenizers of published models against ids that their own programs made, where
// POLICYKB_SHARED names the folder that holds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/tokenizer/open_tokenizer.h"
#include "tests/testing/evaluation_data.h"

namespace policykb {
namespace {

std::string Models() { return EvaluationFolder("models"); }

std::unique_ptr<Tokenizer> Open(const std::string& name) {
  auto opened = OpenTokenizer(JoinPath(Models(), name), Casing::kAsModel);
  EXPECT_TRUE(opened.ok()) << opened.status();
  return opened.ok() ? *std::move(opened) : nullptr;
}

std::vector<std::string> SplitAt(const std::string& text, std::string_view separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t at = text.find(separator); at != std::string::npos;
       at = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, at - begin));
    begin = at + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::string Spelled(const std::vector<int32_t>& ids) {
  std::string out;
  for (const int32_t id : ids) out += Cat(" ", id);
  return out;
}

TEST(PublishedTokenizersEvaluationTest, AllCasesOfBertBge) {
  if (Models().empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  const auto tokenizer = Open("all-MiniLM-L6-v2-tokenizer");
  ASSERT_NE(tokenizer, nullptr);
  const std::string vectors = JoinPath(Models(), "tokenization-vectors/ggml-vocab-bert-bge.gguf");
  const auto texts = SplitAt(*ReadFile(vectors + ".inp"), "\n__ggml_vocab_test__\n");
  const auto expected = SplitAt(*ReadFile(vectors + ".out"), "\n");
  ASSERT_EQ(texts.size(), 47U);
  ASSERT_GE(expected.size(), texts.size());
  for (size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(Spelled(tokenizer->Encode(texts[i])), expected[i]) << texts[i];
}

TEST(PublishedTokenizersEvaluationTest, TheVocabularyFileGivesTheIdsOfTheDescription) {
  if (Models().empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  const std::string folder = JoinPath(Models(), "all-MiniLM-L6-v2-tokenizer");
  const auto described = Open("all-MiniLM-L6-v2-tokenizer");
  // bert-base-uncased again, as a vocabulary without description.
  const std::string path = testing::TempDir() + "policykb_vocabulary";
  ASSERT_TRUE(RemoveAll(path).ok());
  ASSERT_TRUE(MakeFolders(path).ok());
  ASSERT_TRUE(
      WriteNewFile(JoinPath(path, "vocab.txt"), *ReadFile(JoinPath(folder, "vocab.txt"))).ok());
  const auto opened = OpenTokenizer(path, Casing::kAsModel);
  ASSERT_TRUE(opened.ok()) << opened.status();
  const auto texts =
      SplitAt(*ReadFile(JoinPath(Models(), "tokenization-vectors/ggml-vocab-bert-bge.gguf.inp")),
              "\n__ggml_vocab_test__\n");
  for (const std::string& text : texts)
    EXPECT_EQ((*opened)->Encode(text), described->Encode(text)) << text;
  EXPECT_TRUE(RemoveAll(path).ok());
}

TEST(PublishedTokenizersEvaluationTest, TheVectorsOfXlmRoberta) {
  if (Models().empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  const auto tokenizer = Open("xlm-roberta-spm");
  ASSERT_NE(tokenizer, nullptr);
  EXPECT_EQ(tokenizer->vocabulary(), 250002);
  const auto ids = [&](std::string_view text) {
    return Spelled(MakeSequence(*tokenizer, text, 512).tokens);
  };
  EXPECT_EQ(ids("Hello world!"), " 0 35378 8999 38 2");
  EXPECT_EQ(ids("你好，世界"), " 0 6 124084 4 3221 2");
  EXPECT_EQ(ids("नमस्ते दुनिया"), " 0 68700 97883 29405 2");
  EXPECT_EQ(ids("مرحبا بالعالم"), " 0 665 193478 258 1705 77796 2");
  EXPECT_EQ(ids("Bonjour le monde"), " 0 84602 95 11146 2");
}

void ExpectReferenceIds(const Tokenizer& tokenizer, const std::string& reference_folder) {
  const auto reference = nlohmann::json::parse(
      *ReadFile(JoinPath(JoinPath(Models(), reference_folder), "reference.json")));
  ASSERT_GE(reference.size(), 10U);
  for (const auto& entry : reference) {
    const auto text = entry["text"].get<std::string>();
    EXPECT_EQ(MakeSequence(tokenizer, text, 512).tokens,
              entry["input_ids"].get<std::vector<int32_t>>())
        << text;
  }
}

TEST(PublishedTokenizersEvaluationTest, TheReferenceIdsOfTinyModels) {
  if (Models().empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  const auto bert = Open("tiny-random-bert-zh");
  ASSERT_NE(bert, nullptr);
  ExpectReferenceIds(*bert, "tiny-random-bert-zh");
  const auto xlmr = Open("xlm-roberta-spm");
  ASSERT_NE(xlmr, nullptr);
  ExpectReferenceIds(*xlmr, "tiny-random-xlmr");
}

TEST(PublishedTokenizersEvaluationTest, CapitalsOfBgeSmallZhNeedTheOverride) {
  if (Models().empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with models";
  const std::string folder = JoinPath(Models(), "bge-small-zh-v1.5-tokenizer");
  const auto as_model = OpenTokenizer(folder, Casing::kAsModel);
  const auto lowered = OpenTokenizer(folder, Casing::kLower);
  ASSERT_TRUE(as_model.ok() && lowered.ok());
  EXPECT_EQ((*as_model)->Encode("Policy"), std::vector<int32_t>{100});
  EXPECT_EQ((*lowered)->Encode("Policy"), (*as_model)->Encode("policy"));
}

}  // namespace
}  // namespace policykb
