#include "core/embedding/transformer/cross_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "core/embedding/transformer/reference_encoder.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/model_files.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

const std::vector<std::string_view>& Passages() {
  static const std::vector<std::string_view> passages = {"犬登记不收费", "水费 a b c", "电",
                                                         "a b c d e f g h i j k l m n o p q r s t"};
  return passages;
}

void ExpectReferenceScores(ModelFamily family) {
  const TempFolder folder;
  WriteRandomModel({.family = family, .has_scoring_head = true, .seed = 11}, folder.path());
  TransformerOptions options;
  options.precision = Precision::kF32;
  const auto encoder = CrossEncoder::Open(folder.path(), options);
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  const auto scores = (*encoder)->Score("养犬费", Passages(), absl::InfiniteFuture());
  ASSERT_TRUE(scores.ok()) << scores.status();
  ASSERT_EQ(scores->size(), Passages().size());

  const auto model = *TransformerModel::Open(folder.path(), options, Pooling::kCls);
  const auto head = FindScoringWeights(model->file(), model->config().encoder);
  ASSERT_TRUE(head.ok()) << head.status();
  for (size_t i = 0; i < Passages().size(); ++i) {
    const TokenSequence pair = model->Pair(model->tokenizer().Encode("养犬费"), Passages()[i]);
    const auto states = ReferenceStates(model->config().encoder, model->weights(), pair);
    EXPECT_NEAR((*scores)[i], ScoreState(*head, PoolStates(states, 64, Pooling::kCls)), 1e-4);
  }
}

TEST(CrossEncoderTest, ScoresAreThoseOfTheReferenceForBert) {
  ExpectReferenceScores(ModelFamily::kBert);
}

TEST(CrossEncoderTest, ScoresAreThoseOfTheReferenceForXlmRoberta) {
  ExpectReferenceScores(ModelFamily::kXlmRoberta);
}

TEST(CrossEncoderTest, ADeadlineThatIsOverEndsBeforeAnythingIsComputed) {
  const TempFolder folder;
  WriteRandomModel({.has_scoring_head = true}, folder.path());
  const auto encoder = CrossEncoder::Open(folder.path(), {});
  ASSERT_TRUE(encoder.ok()) << encoder.status();
  const auto scores = (*encoder)->Score("犬", Passages(), absl::InfinitePast());
  EXPECT_TRUE(absl::IsDeadlineExceeded(scores.status()));
  EXPECT_THAT(std::string(scores.status().message()), HasSubstr("after 0 of 4 passages"));
}

TEST(CrossEncoderTest, AModelWithoutAHeadOfOneOutputIsRefused) {
  const TempFolder folder;
  const RandomModel model = {.has_scoring_head = true};
  WriteRandomModel(model, folder.path());
  auto tensors = RandomTensors(model);
  tensors["classifier.weight"] = {{2, 64}, std::vector<float>(128)};
  tensors["classifier.bias"] = {{2}, {0, 0}};
  ASSERT_TRUE(WriteFileAtomically(folder / "model.safetensors", EncodeSafetensors(tensors)).ok());
  const auto two = CrossEncoder::Open(folder.path(), {});
  EXPECT_TRUE(absl::IsFailedPrecondition(two.status()));
  EXPECT_THAT(std::string(two.status().message()), HasSubstr("a reranker has one output"));
  WriteRandomModel({}, folder.path());
  const auto none = CrossEncoder::Open(folder.path(), {});
  EXPECT_TRUE(absl::IsNotFound(none.status()));
  EXPECT_THAT(std::string(none.status().message()), HasSubstr("pooler.dense.weight missing"));
}

}  // namespace
}  // namespace policykb
