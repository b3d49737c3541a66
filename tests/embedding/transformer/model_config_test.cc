#include "core/embedding/transformer/model_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kBert =
    R"({"model_type":"bert","hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":256,
        "max_position_embeddings":512,"type_vocab_size":2,"layer_norm_eps":1e-12,"vocab_size":100,"hidden_act":"gelu"})";

std::string With(std::string_view from, std::string_view to) { return ReplaceAll(kBert, from, to); }

TEST(EncoderConfigTest, BertIsReadAsItStands) {
  const auto config = ParseEncoderConfig(kBert);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->family, ModelFamily::kBert);
  EXPECT_EQ(config->head_size(), 16U);
  EXPECT_EQ(config->most_tokens(), 512U);
  EXPECT_EQ(config->epsilon, 1e-12F);
}

TEST(EncoderConfigTest, PositionsOfXlmRobertaBeginBehindItsPadding) {
  const auto config = ParseEncoderConfig(ReplaceAll(With("bert", "xlm-roberta"), "512", "514"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->first_position, 2U);
  EXPECT_EQ(config->most_tokens(), 512U);
}

TEST(EncoderConfigTest, WhatIsNotComputedIsRefusedByName) {
  const auto refused = [](const std::string& json) {
    const auto config = ParseEncoderConfig(json);
    EXPECT_TRUE(absl::IsFailedPrecondition(config.status())) << json;
    return std::string(config.status().message());
  };
  EXPECT_THAT(refused(With("\"bert\"", "\"t5\"")), HasSubstr("model_type t5"));
  EXPECT_THAT(refused(With("gelu", "silu")), HasSubstr("hidden_act silu"));
  EXPECT_THAT(refused(With("\"vocab_size\"",
                           "\"position_embedding_type\":\"relative_key\",\"vocab_size\"")),
              HasSubstr("relative_key"));
}

TEST(EncoderConfigTest, SizesThatCannotBeAreInvalid) {
  const auto invalid = [](const std::string& json) {
    const auto config = ParseEncoderConfig(json);
    EXPECT_TRUE(absl::IsInvalidArgument(config.status())) << json;
    return std::string(config.status().message());
  };
  EXPECT_THAT(invalid("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(invalid(With("\"num_attention_heads\":4", "\"num_attention_heads\":5")),
              HasSubstr("not a multiple"));
  EXPECT_THAT(invalid(With("\"hidden_size\":64", "\"hidden_size\":-64")),
              HasSubstr("hidden_size: -64"));
  EXPECT_THAT(invalid(With("\"hidden_size\":64,", "")), HasSubstr("hidden_size: missing"));
  EXPECT_THAT(invalid(With("256", "99999999999")), HasSubstr("intermediate_size"));
  EXPECT_THAT(invalid(With("1e-12", "\"small\"")), HasSubstr("layer_norm_eps"));
}

class ModelFolder {
 public:
  explicit ModelFolder(std::string_view config = kBert) { Write("config.json", config); }
  void Write(const std::string& name, std::string_view content) {
    ASSERT_TRUE(MakeFolders(folder_ / "1_Pooling").ok());
    ASSERT_TRUE(WriteFileAtomically(folder_ / name, content).ok());
  }
  std::string path() const { return folder_.path(); }

 private:
  TempFolder folder_;
};

constexpr std::string_view kModules =
    R"([{"path":"","type":"sentence_transformers.models.Transformer"},{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
        {"path":"2_Normalize","type":"sentence_transformers.models.Normalize"}])";

TEST(ModelConfigTest, PoolingLimitAndPrefixesComeFromTheirFiles) {
  ModelFolder folder;
  folder.Write("modules.json", kModules);
  folder.Write(
      "1_Pooling/config.json",
      R"({"word_embedding_dimension":64,"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false})");
  folder.Write("sentence_bert_config.json", R"({"max_seq_length":128})");
  folder.Write("config_sentence_transformers.json",
               R"({"prompts":{"query":"query: ","passage":"passage: "}})");
  const auto config = ReadModelConfig(folder.path());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->pooling, Pooling::kCls);
  EXPECT_EQ(config->most_tokens, 128U);
  EXPECT_EQ(config->query_prefix, "query: ");
  EXPECT_EQ(config->passage_prefix, "passage: ");
}

TEST(ModelConfigTest, WithoutModulesPoolingIsTheMeanAndTheLimitTheTable) {
  const ModelFolder folder;
  const auto config = ReadModelConfig(folder.path());
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->pooling, Pooling::kMean);
  EXPECT_EQ(config->most_tokens, 512U);
}

TEST(ModelConfigTest, ModulesAndPoolingThatAreNotComputedAreRefused) {
  ModelFolder folder;
  folder.Write("modules.json", ReplaceAll(kModules, "models.Normalize", "models.Dense"));
  const auto dense = ReadModelConfig(folder.path());
  EXPECT_TRUE(absl::IsFailedPrecondition(dense.status()));
  EXPECT_THAT(std::string(dense.status().message()),
              HasSubstr("modules.json: module sentence_transformers.models.Dense"));
  folder.Write("modules.json", kModules);
  EXPECT_TRUE(absl::IsNotFound(ReadModelConfig(folder.path()).status()));
  folder.Write("1_Pooling/config.json",
               R"({"pooling_mode_max_tokens":true,"pooling_mode_cls_token":true})");
  EXPECT_THAT(std::string(ReadModelConfig(folder.path()).status().message()),
              HasSubstr("pooling pooling_mode_cls_token and pooling_mode_max_tokens"));
  folder.Write("1_Pooling/config.json",
               R"({"pooling_mode_cls_token":true,"word_embedding_dimension":32})");
  EXPECT_TRUE(absl::IsInvalidArgument(ReadModelConfig(folder.path()).status()));
}

TEST(ModelConfigTest, AFolderWithoutConfigIsNotFound) {
  const TempFolder folder;
  const auto config = ReadModelConfig(folder.path());
  EXPECT_TRUE(absl::IsNotFound(config.status()));
  EXPECT_THAT(std::string(config.status().message()), HasSubstr("config.json"));
}

}  // namespace
}  // namespace policykb
