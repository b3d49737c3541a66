#include "core/embedding/tokenizer/tokenizer_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string WordPieceJson(std::string_view normalizer) {
  return std::string(
             R"({"added_tokens":[{"id":1,"content":"[CLS]"},{"id":2,"content":"[SEP]"}],"normalizer":)") +
         std::string(normalizer) +
         R"(,"pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","unk_token":"[UNK]",
            "continuing_subword_prefix":"##","max_input_chars_per_word":100,
            "vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"policy":3,"##s":4,"e":5}}})";
}

std::string BertNormalizer(std::string_view lowercase) {
  return R"({"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":)" +
         std::string(lowercase) + "}";
}

std::string UnigramJson(std::string_view normalizer, std::string_view cutting) {
  return std::string(R"({"normalizer":)") + std::string(normalizer) + R"(,"pre_tokenizer":)" +
         std::string(cutting) +
         R"(,"model":{"type":"Unigram","unk_id":1,"vocab":[["[PAD]",0],["[UNK]",0],["▁a",-1.5],["b",-2],["▁",-3],["a",-4]]}})";
}

constexpr std::string_view kMetaspace =
    R"({"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":false})";

TEST(TokenizerJsonTest, WordPieceFollowsItsNormalizer) {
  const auto lowering = ParseTokenizerJson(WordPieceJson(BertNormalizer("true")), Casing::kAsModel);
  ASSERT_TRUE(lowering.ok()) << lowering.status();
  EXPECT_THAT((*lowering)->Encode("Policys é"), ElementsAre(3, 4, 5));
  const auto keeping = ParseTokenizerJson(WordPieceJson(BertNormalizer("false")), Casing::kAsModel);
  ASSERT_TRUE(keeping.ok());
  EXPECT_THAT((*keeping)->Encode("Policys é"), ElementsAre(0, 0));
}

TEST(TokenizerJsonTest, CasingOverridesTheNormalizer) {
  const auto lowered = ParseTokenizerJson(WordPieceJson(BertNormalizer("false")), Casing::kLower);
  ASSERT_TRUE(lowered.ok());
  EXPECT_THAT((*lowered)->Encode("Policys"), ElementsAre(3, 4));
  const auto kept = ParseTokenizerJson(WordPieceJson(BertNormalizer("true")), Casing::kKeep);
  ASSERT_TRUE(kept.ok());
  EXPECT_THAT((*kept)->Encode("Policys"), ElementsAre(0));
}

TEST(TokenizerJsonTest, SpecialTokensAreFoundByName) {
  const auto bert = ParseTokenizerJson(WordPieceJson("null"), Casing::kAsModel);
  ASSERT_TRUE(bert.ok());
  EXPECT_EQ((*bert)->special().first, 1);
  EXPECT_EQ((*bert)->special().separator, 2);
  EXPECT_EQ((*bert)->special().unknown, 0);
  EXPECT_EQ((*bert)->special().padding, -1);
  EXPECT_EQ((*bert)->vocabulary(), 6);
}

TEST(TokenizerJsonTest, UnigramRunsTheStepsInTheirOrder) {
  const auto made = ParseTokenizerJson(
      UnigramJson(
          R"({"type":"Sequence","normalizers":[{"type":"Lowercase"},{"type":"Replace","pattern":{"String":"x"},"content":" b "},
              {"type":"Replace","pattern":{"Regex":"\\s+"},"content":" "},{"type":"Strip","strip_left":true,"strip_right":true}]})",
          kMetaspace),
      Casing::kAsModel);
  ASSERT_TRUE(made.ok()) << made.status();
  // The words " b " and "a" of the text are lowered, replaced and marked in this order.
  EXPECT_THAT((*made)->Encode("  A\t X"), ElementsAre(2, 4, 3));
}

TEST(TokenizerJsonTest, WhatIsNotKnownIsRefusedByName) {
  const auto refused = [](std::string_view json) {
    const auto made = ParseTokenizerJson(json, Casing::kAsModel);
    EXPECT_TRUE(absl::IsFailedPrecondition(made.status())) << made.status();
    return std::string(made.status().message());
  };
  EXPECT_THAT(refused(R"({"model":{"type":"BPE"}})"), HasSubstr("tokenizer model BPE"));
  EXPECT_THAT(refused(WordPieceJson(R"({"type":"Nmt"})")), HasSubstr("normalizer Nmt"));
  EXPECT_THAT(refused(UnigramJson("null", R"({"type":"ByteLevel"})")),
              HasSubstr("pre_tokenizer ByteLevel"));
  EXPECT_THAT(refused(UnigramJson(R"({"type":"Replace","pattern":{"Regex":"[a-z]"},"content":""})",
                                  kMetaspace)),
              HasSubstr("pattern [a-z]"));
}

TEST(TokenizerJsonTest, BrokenFilesAreDataLoss) {
  for (
      const std::string_view json :
      {R"()", R"([])", R"({"model":{"type":"WordPiece"}})",
       R"({"pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","vocab":{"a":-1}}})",
       R"({"pre_tokenizer":{"type":"BertPreTokenizer"},"model":{"type":"WordPiece","vocab":{"a":2147483647}}})",
       R"({"model":{"type":"Unigram","vocab":[["a"]]}})",
       R"({"model":{"type":"Unigram","vocab":[[1,2]]}})",
       R"({"model":{"type":"Unigram","vocab":7}})"}) {
    EXPECT_TRUE(absl::IsDataLoss(ParseTokenizerJson(json, Casing::kAsModel).status())) << json;
  }
}

}  // namespace
}  // namespace policykb
