#include "tools/token_calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

TEST(TokenCalibrationTest, MarginsAreEstimatesByCounts) {
  // By the weights of DeepSeek 4 Han characters are 3.4, 4 from above and 1.52, 1 from below;
  // 4 letters are 1.6, 2 from above and .56, 0 from below.
  const std::vector<CountedText> texts = {{"养犬登记", 2}, {"养犬登记", 1}, {"dogs", 1}, {"", 0}};
  const std::vector<TokenMargins> margins = CalibrateTokens(texts, TokenFamily::kDeepSeek);
  ASSERT_EQ(margins.size(), 2u);
  EXPECT_EQ(margins[0].most_characters, 100u);
  EXPECT_EQ(margins[1].most_characters, 0u);
  EXPECT_EQ(margins[1].texts, 3u);
  EXPECT_EQ(margins[1].undercounted, 0u);
  EXPECT_EQ(margins[1].overcounted, 0u);
  EXPECT_DOUBLE_EQ(margins[1].least_above, 2);    // 4 by 2, and 2 by 1
  EXPECT_DOUBLE_EQ(margins[1].median_above, 2);   // of 2, 2, 4
  EXPECT_DOUBLE_EQ(margins[1].highest_below, 1);  // 1 by 1
}

TEST(TokenCalibrationTest, TextsOnTheWrongSideAreCounted) {
  const TokenMargins margins =
      CalibrateTokens({{"dogs", 3}, {"养犬登记养犬登记", 2}}, TokenFamily::kDeepSeek).back();
  EXPECT_EQ(margins.undercounted, 1u);  // 2 for 3
  EXPECT_EQ(margins.overcounted, 1u);   // 8 * .38 = 3.04, 3 for 2
}

TEST(TokenCalibrationTest, TheCommandFailsWhenACountIsMissed) {
  const TempFolder folder;
  TokenCalibrationOptions options{.counted = folder / "c.jsonl"};
  ASSERT_TRUE(WriteNewFile(options.counted, "{\"text\":\"dogs\",\"tokens\":1}\n").ok());
  EXPECT_TRUE(RunCalibrateTokens(options).ok());
  options.family = "gpt";
  EXPECT_TRUE(absl::IsInvalidArgument(RunCalibrateTokens(options)));
  options = {.counted = folder / "d.jsonl"};
  ASSERT_TRUE(WriteNewFile(options.counted, "{\"text\":\"dogs\",\"tokens\":3}\n").ok());
  const absl::Status missed = RunCalibrateTokens(options);
  EXPECT_TRUE(absl::IsFailedPrecondition(missed));
  EXPECT_THAT(std::string(missed.message()), HasSubstr("1 texts undercounted"));
  ASSERT_TRUE(WriteFileAtomically(options.counted, "{\"text\":\"dogs\"}\n").ok());
  EXPECT_THAT(std::string(RunCalibrateTokens(options).message()), HasSubstr("d.jsonl:1: expected"));
}

}  // namespace
}  // namespace policykb
