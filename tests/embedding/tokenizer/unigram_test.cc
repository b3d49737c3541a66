#include "core/embedding/tokenizer/unigram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::unique_ptr<Tokenizer> Make(std::vector<ScoredPiece> pieces, const UnigramOptions& options = {},
                                std::vector<TextStep> steps = {}) {
  auto made = Unigram::Create(std::move(pieces), options, {.unknown = 0}, std::move(steps));
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

TEST(UnigramTest, TheHighestSumOfScoresWins) {
  // _abc: "_" -1, then "ab" -2 and "c" -2 = -5, "a" -1 and "bc" -2.5 = -4.5, "abc" -6 = -7.
  const auto tokenizer = Make({{"<unk>", 0},
                               {"▁", -1},
                               {"ab", -2},
                               {"c", -2},
                               {"a", -1},
                               {"bc", -2.5},
                               {"abc", -6},
                               {"b", -9}});
  EXPECT_THAT(tokenizer->Encode("abc"), ElementsAre(1, 4, 5));
}

TEST(UnigramTest, NeighbouringUnknownCharactersAreOneToken) {
  const auto tokenizer = Make({{"<unk>", 0}, {"▁", -1}, {"a", -1}});
  EXPECT_THAT(tokenizer->Encode("xya z"), ElementsAre(1, 0, 2, 1, 0));
}

TEST(UnigramTest, PiecesReachOverSpacesOnlyWhereMarksDoNotSplit) {
  const std::vector<ScoredPiece> pieces = {
      {"<unk>", 0}, {"▁", -1}, {"a", -1}, {"▁a▁a", -0.5}, {"▁a", -1.5}};
  EXPECT_THAT(Make(pieces)->Encode("a a"), ElementsAre(4, 4));
  EXPECT_THAT(Make(pieces, {.split_at_marks = false})->Encode("a a"), ElementsAre(3));
}

TEST(UnigramTest, TheMarkIsPrependedOnce) {
  const std::vector<ScoredPiece> pieces = {{"<unk>", 0}, {"▁", -1}, {"a", -1}};
  EXPECT_THAT(Make(pieces)->Encode(" a"), ElementsAre(1, 2));
  EXPECT_THAT(Make(pieces, {.prepend = PrependMark::kNever})->Encode("a"), ElementsAre(2));
  EXPECT_THAT(Make(pieces, {.split_at_white_space = true})->Encode("a\n a"),
              ElementsAre(1, 2, 1, 2));
  EXPECT_THAT(Make(pieces)->Encode(""), IsEmpty());
}

TEST(UnigramTest, TheUnknownTokenIsNotWrittenByName) {
  const auto tokenizer = Make({{"<unk>", 0}, {"▁", -1}, {"<", -1}, {"unk", -1}, {">", -1}});
  EXPECT_THAT(tokenizer->Encode("<unk>"), ElementsAre(1, 2, 3, 4));
}

TEST(UnigramTest, BrokenVocabulariesAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(Unigram::Create({}, {}, {.unknown = 0}, {}).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(Unigram::Create({{"a", 0}}, {}, {.unknown = 1}, {}).status()));
  const auto infinite =
      Unigram::Create({{"a", -std::numeric_limits<double>::infinity()}}, {}, {.unknown = 0}, {});
  EXPECT_THAT(std::string(infinite.status().message()), HasSubstr("piece a has the score"));
}

// The best sum over all ways to cut, by trying them.
double BestSum(std::string_view text, const std::vector<ScoredPiece>& pieces, double unknown) {
  if (text.empty()) return 0;
  double best = -std::numeric_limits<double>::infinity();
  bool has_char = false;
  for (size_t i = 1; i < pieces.size(); ++i) {
    if (!text.starts_with(pieces[i].text)) continue;
    has_char |= pieces[i].text.size() == 1;
    best = std::max(best,
                    pieces[i].score + BestSum(text.substr(pieces[i].text.size()), pieces, unknown));
  }
  return has_char ? best : std::max(best, unknown + BestSum(text.substr(1), pieces, unknown));
}

TEST(UnigramTest, RandomTextsReachTheBestSumOfAllCuts) {
  std::mt19937 random(7);
  std::vector<ScoredPiece> pieces = {{"<unk>", 0}, {"a", -4}, {"b", -4.25}, {"c", -4.5}};
  for (int i = 0; i < 12; ++i) {
    std::string text;
    for (size_t size = 1 + random() % 3; text.size() < size;)
      text += static_cast<char>('a' + random() % 3);
    pieces.push_back({text, -1.0 - static_cast<double>(random() % 1000) / 250});
  }
  double lowest = 0;
  for (const ScoredPiece& piece : pieces) lowest = std::min(lowest, piece.score);
  // A piece that occurs twice counts as it stands first.
  std::vector<ScoredPiece> first;
  for (const ScoredPiece& piece : pieces) {
    bool known = false;
    for (const ScoredPiece& other : first) known |= other.text == piece.text;
    if (!known) first.push_back(piece);
  }
  const auto tokenizer = Make(pieces, {.prepend = PrependMark::kNever});
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (size_t size = random() % 9; text.size() < size;)
      text += static_cast<char>('a' + random() % 4);
    double sum = 0;
    size_t covered = 0;
    for (const int32_t id : tokenizer->Encode(text)) {
      if (id == 0) {
        while (covered < text.size() && text[covered] == 'd') sum += lowest - 10, ++covered;
      } else {
        sum += pieces[static_cast<size_t>(id)].score;
        covered += pieces[static_cast<size_t>(id)].text.size();
      }
    }
    EXPECT_EQ(covered, text.size());
    EXPECT_NEAR(sum, BestSum(text, first, lowest - 10), 1e-9) << text;
  }
}

}  // namespace
}  // namespace policykb
