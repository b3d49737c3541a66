#include "core/embedding/text_features.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/embedding/feature_rows.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::IsEmpty;

constexpr uint64_t Pair(uint64_t first, uint64_t second) { return first << 32 | second; }

TEST(TextFeaturesTest, HanCharactersAndTheirPairsAreKeys) {
  // U+7B2C, U+4E00, U+6761.
  const TextFeatures features = ExtractFeatures("第一条");
  EXPECT_THAT(features.han_keys,
              ElementsAre(0x7B2C, Pair(0x7B2C, 0x4E00), 0x4E00, Pair(0x4E00, 0x6761), 0x6761));
  EXPECT_EQ(features.words, "");
}

TEST(TextFeaturesTest, PairsDoNotReachAcrossPunctuationOrOtherScripts) {
  EXPECT_THAT(ExtractFeatures("条，一").han_keys, ElementsAre(0x6761, 0x4E00));
  EXPECT_THAT(ExtractFeatures("条a一").han_keys, ElementsAre(0x6761, 0x4E00));
}

TEST(TextFeaturesTest, OtherScriptsAreWordsFoldedAndFreeOfPunctuation) {
  EXPECT_EQ(ExtractFeatures("Section 12, (b): THE Fee").words, "section 12 b the fee");
  EXPECT_EQ(ExtractFeatures("ＡＢＣ条２０日").words, "abc 20");
  EXPECT_EQ(ExtractFeatures("  … ——「」 ").words, "");
  EXPECT_EQ(ExtractFeatures("ئۇيغۇر").words, "ئۇيغۇر");
}

TEST(TextFeaturesTest, MalformedBytesAreSeparators) {
  const TextFeatures features = ExtractFeatures("a\xFFz\xE7");
  EXPECT_EQ(features.words, "a z");
  EXPECT_THAT(features.han_keys, IsEmpty());
}

TEST(FeatureRowsTest, CountsEveryRowOnceWithItsLogarithm) {
  const std::vector<uint64_t> keys = {0x4E00, 0x6761, Pair(0x4E00, 0x6761)};
  const FeatureRows rows(nullptr, keys);
  EXPECT_EQ(rows.piece_rows(), 0U);
  // 0x6761 twice, the pair twice, 0x4E00 three times; the pair of 0x6761 and 0x4E00 is not known.
  const WeightedRows weighted = CountRows(rows.Rows(ExtractFeatures("一条一条，一 word")));
  EXPECT_THAT(weighted.rows, ElementsAre(0, 1, 2));
  EXPECT_THAT(weighted.counts,
              ElementsAre(FloatNear(1 + 1.0986F, 1e-4F), FloatNear(1 + 0.6931F, 1e-4F),
                          FloatNear(1 + 0.6931F, 1e-4F)));
}

TEST(FeatureRowsTest, FindsEveryKeyOfALargeTableAndNoOther) {
  std::vector<uint64_t> keys;
  for (uint64_t i = 0; i < 5000; ++i) keys.push_back(i << 32 | (i * 7 + 1));
  const HanKeyIndex index(keys, 10);
  for (uint32_t i = 0; i < 5000; ++i) EXPECT_EQ(index.Find(keys[i]), 10 + i);
  EXPECT_EQ(index.Find(0), std::nullopt);
  EXPECT_EQ(index.Find(keys[17] + 1), std::nullopt);
  const HanKeyIndex none({}, 0);
  EXPECT_EQ(none.Find(5), std::nullopt);
}

}  // namespace
}  // namespace policykb
