#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/embedding/tokenizer/tokenizer.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;

// A token of its byte's value for each byte.
class ByteTokenizer : public Tokenizer {
 public:
  explicit ByteTokenizer(int separators_between) {
    special_ = {.first = 1,
                .separator = 2,
                .unknown = 3,
                .padding = 0,
                .separators_between = separators_between};
  }
  std::vector<int32_t> Encode(std::string_view text) const override {
    return {text.begin(), text.end()};
  }
  int32_t vocabulary() const override { return 256; }
  const SpecialTokens& special() const override { return special_; }

 private:
  SpecialTokens special_;
};

TEST(TokenizerSequencesTest, ATextStandsBetweenFirstAndSeparator) {
  const TokenSequence sequence = MakeSequence(ByteTokenizer(1), "ab", 4);
  EXPECT_THAT(sequence.tokens, ElementsAre(1, 'a', 'b', 2));
  EXPECT_THAT(sequence.types, ElementsAre(0, 0, 0, 0));
  EXPECT_FALSE(sequence.cut);
}

TEST(TokenizerSequencesTest, ALongTextIsCutAndSaysSo) {
  const TokenSequence sequence = MakeSequence(ByteTokenizer(1), "abc", 4);
  EXPECT_THAT(sequence.tokens, ElementsAre(1, 'a', 'b', 2));
  EXPECT_TRUE(sequence.cut);
}

TEST(TokenizerSequencesTest, ThePairOfBertHasTypesAndOneSeparator) {
  const TokenSequence pair = MakePair(ByteTokenizer(1), {'q'}, "ab", 10);
  EXPECT_THAT(pair.tokens, ElementsAre(1, 'q', 2, 'a', 'b', 2));
  EXPECT_THAT(pair.types, ElementsAre(0, 0, 0, 1, 1, 1));
}

TEST(TokenizerSequencesTest, ThePairOfXlmRobertaHasTwoSeparatorsAndOneType) {
  const TokenSequence pair = MakePair(ByteTokenizer(2), {'q'}, "ab", 10);
  EXPECT_THAT(pair.tokens, ElementsAre(1, 'q', 2, 2, 'a', 'b', 2));
  EXPECT_THAT(pair.types, ElementsAre(0, 0, 0, 0, 0, 0, 0));
}

TEST(TokenizerSequencesTest, ThePassageIsCutFirstAndTheQueryAtHalf) {
  // Of 8: the query gets 8/2 - 2 = 2, with [CLS] and separator 4; the passage 3 and a separator.
  const TokenSequence pair = MakePair(ByteTokenizer(1), {'p', 'q', 'r', 's'}, "abcdef", 8);
  EXPECT_THAT(pair.tokens, ElementsAre(1, 'p', 'q', 2, 'a', 'b', 'c', 2));
  EXPECT_TRUE(pair.cut);
}

}  // namespace
}  // namespace policykb
