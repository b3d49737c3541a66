#include "core/embedding/open_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/static_embedder.h"
#include "core/embedding/transformer/transformer_embedder.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/model_files.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// A table of the four vectors of "a" to "d" in a vocabulary with [UNK].
std::map<std::string, TensorContent> SmallTable() {
  return {{"embeddings", {{5, 2}, {9, 9, 1, 0, 0, 1, -1, 0, 3, 4}}}};
}

void WriteTable(const std::string& folder, const std::map<std::string, TensorContent>& tensors) {
  ASSERT_TRUE(WriteFileAtomically(JoinPath(folder, "vocab.txt"), "[UNK]\na\nb\nc\nd\n").ok());
  ASSERT_TRUE(
      WriteFileAtomically(JoinPath(folder, "model.safetensors"), EncodeSafetensors(tensors)).ok());
}

TEST(StaticEmbedderTest, AVectorIsTheMeanOfItsTokensOfUnitLength) {
  const TempFolder folder;
  WriteTable(folder.path(), SmallTable());
  const auto embedder = OpenStaticEmbedder(folder.path(), {});
  ASSERT_TRUE(embedder.ok()) << embedder.status();
  // a + b = (1, 1); unknown words have no part; d = (3, 4) / 5.
  const auto vectors =
      (*embedder)->EmbedPassages(std::vector<std::string_view>{"A b zzz", "d", "zzz", "a c"});
  ASSERT_TRUE(vectors.ok());
  EXPECT_NEAR((*vectors)[0], std::sqrt(0.5), 1e-6);
  EXPECT_NEAR((*vectors)[1], std::sqrt(0.5), 1e-6);
  EXPECT_NEAR((*vectors)[2], 0.6, 1e-6);
  EXPECT_NEAR((*vectors)[3], 0.8, 1e-6);
  for (size_t i = 4; i < 8; ++i) EXPECT_EQ((*vectors)[i], 0) << "nothing known, or sums to nothing";
}

TEST(StaticEmbedderTest, WeightsAndMappingAreFollowed) {
  const TempFolder folder;
  auto tensors = SmallTable();
  tensors["weights"] = {{5}, {1, 3, 4, 1, 1}};
  WriteTable(folder.path(), tensors);
  // 3 * (1, 0) + 4 * (0, 1), length 5.
  const auto vector = *(*OpenStaticEmbedder(folder.path(), {}))->EmbedQuery("a b");
  EXPECT_NEAR(vector[0], 0.6, 1e-6);
  EXPECT_NEAR(vector[1], 0.8, 1e-6);
}

TEST(StaticEmbedderTest, LongTextsAreCutAndCounted) {
  const TempFolder folder;
  WriteTable(folder.path(), SmallTable());
  const auto embedder = *OpenStaticEmbedder(folder.path(), {.most_tokens = 2});
  const auto vectors = *embedder->EmbedPassages(std::vector<std::string_view>{"a a b b b", "a"});
  EXPECT_NEAR(vectors[0], 1, 1e-6);
  EXPECT_EQ(embedder->texts_cut(), 1U);
}

TEST(StaticEmbedderTest, TablesThatDoNotFitAreNamed) {
  const TempFolder folder;
  const auto failure = [&](const std::map<std::string, TensorContent>& tensors) {
    WriteTable(folder.path(), tensors);
    const auto embedder = OpenStaticEmbedder(folder.path(), {});
    EXPECT_TRUE(absl::IsDataLoss(embedder.status())) << embedder.status();
    return std::string(embedder.status().message());
  };
  EXPECT_THAT(failure({{"other", {{1, 1}, {1}}}}), HasSubstr("tensor embeddings missing"));
  EXPECT_THAT(failure({{"embeddings", {{4, 1}, {1, 1, 1, 1}}}}),
              HasSubstr("4 rows, the tokenizer has 5"));
  auto mapped = SmallTable();
  mapped["mapping"] = {{5}, {0, 1, 2, 3, 4}};
  EXPECT_THAT(failure(mapped), HasSubstr("tensor mapping: F32 [5], I32 or I64 expected"));
}

class TransformerFolder {
 public:
  TransformerFolder() {
    model_.pooling = Pooling::kCls;
    WriteRandomModel(model_, folder_.path());
  }
  EmbedderChoice Choice() const {
    EmbedderChoice choice;
    choice.kind = EmbedderKind::kTransformer;
    choice.model = folder_.path();
    choice.transformer.precision = Precision::kF32;
    return choice;
  }
  const TempFolder& folder() const { return folder_; }

 private:
  RandomModel model_;
  TempFolder folder_;
};

TEST(OpenEmbedderTest, WhatIsKeptOpensAsWhatWasChosen) {
  const TransformerFolder model;
  EmbedderChoice choice = model.Choice();
  choice.transformer.query_prefix = "q ";
  const auto prepared = PrepareEmbedder(choice);
  ASSERT_TRUE(prepared.ok()) << prepared.status();
  const TempFolder kept;
  ASSERT_TRUE(KeepEmbedder(*prepared, FileKeeping::kCopy, kept.path()).ok());
  const auto opened = OpenEmbedder(kept.path());
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ((*opened)->fingerprint(), prepared->embedder->fingerprint());
  EXPECT_EQ(*(*opened)->EmbedQuery("养犬 abc"), *prepared->embedder->EmbedQuery("养犬 abc"));
}

TEST(OpenEmbedderTest, EverythingAVectorDependsOnIsInTheFingerprint) {
  const TransformerFolder model;
  const std::string fingerprint = PrepareEmbedder(model.Choice())->embedder->fingerprint();
  const auto with = [&](const auto& change) {
    EmbedderChoice choice = model.Choice();
    change(choice.transformer);
    return PrepareEmbedder(choice)->embedder->fingerprint();
  };
  EXPECT_EQ(with([](TransformerOptions& options) { options.workers = 7; }), fingerprint);
  EXPECT_NE(with([](TransformerOptions& options) { options.casing = Casing::kKeep; }), fingerprint);
  EXPECT_NE(with([](TransformerOptions& options) { options.query_prefix = "q"; }), fingerprint);
  EXPECT_NE(with([](TransformerOptions& options) { options.passage_prefix = "p"; }), fingerprint);
  EXPECT_NE(with([](TransformerOptions& options) { options.most_tokens = 20; }), fingerprint);
  EXPECT_NE(with([](TransformerOptions& options) { options.precision = Precision::kInt8; }),
            fingerprint);
  RandomModel other;
  other.seed = 2;
  WriteRandomModel(other, model.folder().path());
  EXPECT_NE(with([](TransformerOptions&) {}), fingerprint);
}

TEST(OpenEmbedderTest, ChoicesThatCannotBeAreRefused) {
  EmbedderChoice choice;
  choice.kind = EmbedderKind::kTransformer;
  EXPECT_TRUE(absl::IsInvalidArgument(PrepareEmbedder(choice).status()));
  const TempFolder folder;
  WriteRandomModel({.hidden = 32, .heads = 2}, folder.path());
  choice.model = folder.path();
  const auto narrow = PrepareEmbedder(choice);
  EXPECT_TRUE(absl::IsFailedPrecondition(narrow.status()));
  EXPECT_THAT(std::string(narrow.status().message()), HasSubstr("32 components, a multiple of 64"));
}

TEST(OpenEmbedderTest, ATokenizerThatDoesNotFitTheModelIsRefused) {
  const TransformerFolder model;
  std::string vocabulary = *ReadFile(model.folder() / "vocab.txt");
  ASSERT_TRUE(WriteFileAtomically(model.folder() / "vocab.txt", vocabulary + "more\n").ok());
  const auto prepared = PrepareEmbedder(model.Choice());
  EXPECT_TRUE(absl::IsFailedPrecondition(prepared.status()));
  EXPECT_THAT(std::string(prepared.status().message()),
              HasSubstr("the tokenizer has 69 tokens, the model 68"));
}

TEST(TransformerEmbedderTest, VectorsAreOfUnitLengthInTheOrderOfTheTexts) {
  const TransformerFolder model;
  EmbedderChoice choice = model.Choice();
  choice.transformer.workers = 3;
  const auto prepared = PrepareEmbedder(choice);
  ASSERT_TRUE(prepared.ok());
  std::vector<std::string> texts;
  for (int i = 0; i < 40; ++i)
    texts.push_back(
        std::string(static_cast<size_t>(1 + i * 7 % 40), static_cast<char>('a' + i % 26)));
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  const auto vectors = prepared->embedder->EmbedPassages(views);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  ASSERT_THAT(*vectors, SizeIs(40 * 64));
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto alone = *prepared->embedder->EmbedPassages({&views[i], 1});
    double square = 0;
    for (size_t c = 0; c < 64; ++c) {
      EXPECT_NEAR((*vectors)[i * 64 + c], alone[c], 1e-5);
      square += static_cast<double>(alone[c]) * alone[c];
    }
    EXPECT_NEAR(square, 1, 1e-5);
  }
}

TEST(TransformerEmbedderTest, TextsBeyondTheLimitAreCutAndCounted) {
  const TransformerFolder model;
  EmbedderChoice choice = model.Choice();
  choice.transformer.most_tokens = 8;
  const auto prepared = PrepareEmbedder(choice);
  ASSERT_TRUE(prepared.ok());
  // Eight tokens are [CLS], six of the text, and [SEP].
  const auto vectors = *prepared->embedder->EmbedPassages(
      std::vector<std::string_view>{"a b c d e f", "a b c d e f 水 电", "犬"});
  EXPECT_EQ(prepared->embedder->texts_cut(), 1U);
  for (size_t c = 0; c < 64; ++c) EXPECT_NEAR(vectors[c], vectors[64 + c], 1e-6);
}

TEST(TransformerEmbedderTest, BatchesHoldWholeTextsUpToTheirTokens) {
  const std::vector<size_t> lengths = {300, 100, 100, 56, 1};
  const std::vector<Batch> batches = MakeBatches(lengths, 256);
  ASSERT_THAT(batches, SizeIs(3));
  EXPECT_EQ(batches[0].count, 1U);
  EXPECT_EQ(batches[1].first, 1U);
  EXPECT_EQ(batches[1].count, 3U);
  EXPECT_EQ(batches[2].count, 1U);
  EXPECT_THAT(MakeBatches({}, 256), SizeIs(0));
}

}  // namespace
}  // namespace policykb
