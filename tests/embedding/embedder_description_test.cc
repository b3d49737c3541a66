#include "core/embedding/embedder_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

const EmbedderDescription& Transformer() {
  static const EmbedderDescription description = {.kind = EmbedderKind::kTransformer,
                                                  .query_prefix = "为这个句子：",
                                                  .passage_prefix = "p: ",
                                                  .most_tokens = 512,
                                                  .casing = Casing::kLower,
                                                  .pooling = Pooling::kCls,
                                                  .precision = Precision::kBf16};
  return description;
}

TEST(EmbedderDescriptionTest, EveryKindComesBackAsItWas) {
  const EmbedderDescription table = {
      .kind = EmbedderKind::kStatic, .most_tokens = 100, .casing = Casing::kKeep};
  const EmbedderDescription server = {.kind = EmbedderKind::kHttp,
                                      .query_prefix = "q",
                                      .url = "http://h:1/v1",
                                      .model = "m",
                                      .dimension = 1024,
                                      .key_file = "/etc/key"};
  for (const EmbedderDescription& description : {Transformer(), table, server}) {
    const auto decoded = DecodeEmbedderDescription(EncodeEmbedderDescription(description));
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, description);
  }
}

TEST(EmbedderDescriptionTest, OtherVersionsAreNamed) {
  const std::string later = ReplaceAll(EncodeEmbedderDescription(Transformer()),
                                       "\"format_version\": 1", "\"format_version\": 2");
  const auto decoded = DecodeEmbedderDescription(later);
  EXPECT_TRUE(absl::IsFailedPrecondition(decoded.status()));
  EXPECT_THAT(std::string(decoded.status().message()), HasSubstr("format_version 2, readable 1"));
}

TEST(EmbedderDescriptionTest, ValuesThatAreNotKnownAreDataLoss) {
  const std::string good = EncodeEmbedderDescription(Transformer());
  const auto failure = [&](std::string_view from, std::string_view to) {
    const std::string bad = ReplaceAll(good, from, to);
    EXPECT_NE(bad, good);
    const auto decoded = DecodeEmbedderDescription(bad);
    EXPECT_TRUE(absl::IsDataLoss(decoded.status())) << bad;
    return std::string(decoded.status().message());
  };
  EXPECT_THAT(failure("\"bf16\"", "\"bf17\""), HasSubstr("precision: \"bf17\""));
  EXPECT_THAT(failure("\"cls\"", "7"), HasSubstr("pooling: 7"));
  EXPECT_THAT(failure("512", "-1"), HasSubstr("most_tokens: -1"));
  EXPECT_THAT(failure("\"transformer\"", "\"corpus\""), HasSubstr("kind"));
  EXPECT_THAT(failure("\"kind\"", "\"sort\""), HasSubstr("kind: missing"));
  EXPECT_TRUE(absl::IsDataLoss(DecodeEmbedderDescription("[]").status()));
}

TEST(EmbedderDescriptionTest, TruncationAndFlippedBytesNeverCrash) {
  const std::string good = EncodeEmbedderDescription(Transformer());
  for (size_t size = 0; size + 2 < good.size(); ++size)
    EXPECT_FALSE(DecodeEmbedderDescription(good.substr(0, size)).ok()) << size;
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    const auto decoded = DecodeEmbedderDescription(bad);
    // White space and the names of members that have defaults may differ without harm.
    EXPECT_EQ(decoded.ok() ? decoded->kind : EmbedderKind::kTransformer,
              EmbedderKind::kTransformer);
  }
}

}  // namespace
}  // namespace policykb
