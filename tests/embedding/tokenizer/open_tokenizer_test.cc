#include "core/embedding/tokenizer/open_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/embedding/sentencepiece_wall.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(OpenTokenizerTest, AVocabularyIsReadWithItsConfiguration) {
  TempFolder folder;
  ASSERT_TRUE(
      WriteNewFile(folder / "vocab.txt", "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\nab\r\n##c\r\n").ok());
  auto opened = OpenTokenizer(folder.path(), Casing::kAsModel);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_THAT((*opened)->Encode("ABC"), ElementsAre(4, 5));
  EXPECT_EQ((*opened)->vocabulary(), 6);
  EXPECT_EQ((*opened)->special().separator, 3);
  ASSERT_TRUE(WriteNewFile(folder / "tokenizer_config.json", R"({"do_lower_case": false})").ok());
  opened = OpenTokenizer(folder.path(), Casing::kAsModel);
  ASSERT_TRUE(opened.ok());
  EXPECT_THAT((*opened)->Encode("ABC abc"), ElementsAre(1, 4, 5));
  opened = OpenTokenizer(folder.path(), Casing::kLower);
  ASSERT_TRUE(opened.ok());
  EXPECT_THAT((*opened)->Encode("ABC"), ElementsAre(4, 5));
  EXPECT_THAT(TokenizerFiles(folder.path()), ElementsAre("vocab.txt", "tokenizer_config.json"));
}

TEST(OpenTokenizerTest, NothingToReadNamesWhatIsLookedFor) {
  TempFolder folder;
  const auto opened = OpenTokenizer(folder.path(), Casing::kAsModel);
  EXPECT_TRUE(absl::IsNotFound(opened.status()));
  EXPECT_THAT(std::string(opened.status().message()),
              HasSubstr("none of sentencepiece.bpe.model, tokenizer.json, vocab.txt"));
}

TEST(OpenTokenizerTest, FailuresNameTheFile) {
  TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "tokenizer.json", "{").ok());
  EXPECT_THAT(std::string(OpenTokenizer(folder.path(), Casing::kAsModel).status().message()),
              HasSubstr("tokenizer.json: not a JSON object"));
  ASSERT_TRUE(WriteNewFile(folder / "sentencepiece.bpe.model", "not a model").ok());
  const auto opened = OpenTokenizer(folder.path(), Casing::kAsModel);
  EXPECT_TRUE(absl::IsDataLoss(opened.status()));
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("sentencepiece.bpe.model"));
}

TEST(OpenTokenizerTest, ASentencePieceModelOfAnotherFamilyIsRefused) {
  TempFolder folder;
  // Has no <s> and </s>.
  const std::vector<std::string> sentences(40, "the dog licence is free of charge in this county");
  const TrainedPieceModel trained = TrainPieceModel(sentences, {.vocabulary = 40});
  ASSERT_EQ(trained.error, "");
  ASSERT_TRUE(WriteNewFile(folder / "sentencepiece.bpe.model", trained.model).ok());
  EXPECT_THAT(std::string(OpenTokenizer(folder.path(), Casing::kAsModel).status().message()),
              HasSubstr("pieces 0, 1, 2 are not <unk>, <s>, </s>"));
}

}  // namespace
}  // namespace policykb
