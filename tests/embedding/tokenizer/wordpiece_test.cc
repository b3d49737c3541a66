#include "core/embedding/tokenizer/wordpiece.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<Piece> Vocabulary(const std::vector<std::string>& texts) {
  std::vector<Piece> pieces;
  for (const std::string& text : texts)
    pieces.push_back({.text = text, .id = static_cast<int32_t>(pieces.size())});
  return pieces;
}

std::unique_ptr<Tokenizer> Make(const std::vector<std::string>& texts,
                                const WordPieceOptions& options = {}) {
  auto made = WordPiece::Create(Vocabulary(texts), options, {.unknown = 0}, {});
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

TEST(WordPieceTest, TheLongestPieceFromTheStartIsTaken) {
  const auto tokenizer = Make({"[UNK]", "un", "##aff", "##able", "##a", "u", "##n"});
  EXPECT_THAT(tokenizer->Encode("unaffable"), ElementsAre(1, 2, 3));
  EXPECT_THAT(tokenizer->Encode("una u"), ElementsAre(1, 4, 5));
}

TEST(WordPieceTest, AWordWithAPartThatIsNoPieceIsUnknownAsAWhole) {
  const auto tokenizer = Make({"[UNK]", "un", "##aff"});
  EXPECT_THAT(tokenizer->Encode("unaffx un"), ElementsAre(0, 1));
}

TEST(WordPieceTest, WordsAboveTheLimitOfCharactersAreUnknown) {
  const auto tokenizer = Make({"[UNK]", "é", "##é"}, {.most_word_characters = 3});
  EXPECT_THAT(tokenizer->Encode("ééé éééé"), ElementsAre(1, 2, 2, 0));
}

TEST(WordPieceTest, TextThatLooksLikeAContinuationIsNone) {
  const auto tokenizer = Make({"[UNK]", "##a", "#", "a"});
  EXPECT_THAT(tokenizer->Encode("##a"), ElementsAre(2, 2, 3));
}

TEST(WordPieceTest, SpecialTokensAreNotMadeByText) {
  const auto tokenizer = Make({"[UNK]", "[SEP]", "[", "]", "SEP"});
  EXPECT_THAT(tokenizer->Encode("[SEP]"), ElementsAre(2, 4, 3));
}

TEST(WordPieceTest, EmptyTextHasNoTokens) { EXPECT_THAT(Make({"[UNK]"})->Encode(" "), IsEmpty()); }

TEST(WordPieceTest, TheVocabularyEndsBehindTheHighestId) {
  const auto made = WordPiece::Create({{"[UNK]", 0}, {"a", 41}}, {}, {.unknown = 0}, {});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ((*made)->vocabulary(), 42);
}

TEST(WordPieceTest, NegativeIdsAndAMissingUnknownTokenAreRefused) {
  const auto negative = WordPiece::Create({{"[UNK]", 0}, {"a", -2}}, {}, {.unknown = 0}, {});
  EXPECT_TRUE(absl::IsInvalidArgument(negative.status()));
  EXPECT_THAT(std::string(negative.status().message()), HasSubstr("piece a has id -2"));
  EXPECT_TRUE(absl::IsInvalidArgument(WordPiece::Create({{"a", 1}}, {}, {}, {}).status()));
}

}  // namespace
}  // namespace policykb
