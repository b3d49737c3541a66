#include "core/snapshot/record_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/sample_records.h"

namespace policykb {
namespace {

Document FullDocument() {
  auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一", "第二条 二"});
  document.document_number = "某政发〔2023〕1号";
  document.promulgated_on = CivilDate(-5);
  document.validity = {.from = CivilDate(10), .to = CivilDate(20)};
  document.stated_validity = {.from = CivilDate(10), .to = CivilDate(30)};
  document.supersedes = {"x", "y"};
  document.supersedes_place = "line 4";
  document.superseded_by = {"z"};
  document.visibility = {"staff"};
  document.source_uri = "https://policy.example/a";
  document.origins = {{"title", "front_matter"}, {"kind", "path"}};
  document.provisions[1].parent = 0;
  return document;
}

TEST(RecordCodecTest, ADocumentComesBackFromItsTwoValues) {
  const Document document = FullDocument();
  absl::StatusOr<Document> metadata =
      DecodeDocumentMetadata(EncodeDocumentMetadata(document, "0a"));
  ASSERT_TRUE(metadata.ok());
  const absl::StatusOr<Document> whole =
      DecodeDocumentBody(EncodeDocumentBody(document), *metadata);
  ASSERT_TRUE(whole.ok()) << whole.status();
  EXPECT_EQ(*whole, document);
}

TEST(RecordCodecTest, APassageComesBack) {
  auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一"});
  passages[0].validity = {.from = CivilDate(5), .to = std::nullopt};
  passages[0].visibility = {"staff"};
  const absl::StatusOr<Passage> decoded = DecodePassage(EncodePassage(passages[0]));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, passages[0]);
}

TEST(RecordCodecTest, APassageThatIsNotAsLongAsItsSpanIsDataLoss) {
  auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一"});
  passages[0].text += "x";
  EXPECT_TRUE(absl::IsDataLoss(DecodePassage(EncodePassage(passages[0])).status()));
}

TEST(RecordCodecTest, AProvisionOutsideTheTextIsDataLoss) {
  Document document = FullDocument();
  document.provisions[0].span.end = static_cast<uint32_t>(document.text.size() + 1);
  EXPECT_TRUE(absl::IsDataLoss(DecodeDocumentBody(EncodeDocumentBody(document), {}).status()));
}

TEST(RecordCodecTest, FlippedAndCutBytesNeverCrash) {
  const Document document = FullDocument();
  const std::string bytes = EncodeDocumentBody(document);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(~flipped[at]);
    for (const std::string& broken : {flipped, bytes.substr(0, at)}) {
      const absl::StatusOr<Document> decoded = DecodeDocumentBody(broken, {});
      if (!decoded.ok()) continue;
      for (const Provision& provision : decoded->provisions)
        EXPECT_LE(provision.span.end, decoded->text.size());
    }
  }
}

TEST(ContentDigestTest, ChangesWithEachThingAReaderCanSee) {
  const auto digest_of = [](const Document& document, const std::vector<Passage>& passages) {
    const StoredDocument stored = {.document = document,
                                   .text_digest = TextDigest(document, passages)};
    return ContentDigest({&stored, 1}, "");
  };
  const auto [document, passages] = SampleRegulation("a", "甲条例", {"第一条 一", "第二条 二"});
  const std::string before = digest_of(document, passages);
  EXPECT_EQ(digest_of(document, passages), before);
  Document changed = document;
  changed.validity.to = CivilDate(1);
  EXPECT_NE(digest_of(changed, passages), before);
  changed = document;
  changed.visibility = {"staff"};
  EXPECT_NE(digest_of(changed, passages), before);
  std::vector<Passage> fewer = passages;
  fewer.pop_back();
  EXPECT_NE(digest_of(document, fewer), before);
  const StoredDocument stored = {.document = document,
                                 .text_digest = TextDigest(document, passages)};
  EXPECT_NE(ContentDigest({&stored, 1}, "words"), before);
}

TEST(StandsForTest, AJoinedAddressStandsForEachOfItsParts) {
  EXPECT_TRUE(StandsFor("s2+s3", "s2"));
  EXPECT_TRUE(StandsFor("s2+s3", "s3"));
  EXPECT_TRUE(StandsFor("s2+s3", "s2+s3"));
  EXPECT_FALSE(StandsFor("s2+s3", "s"));
  EXPECT_FALSE(StandsFor("s2+s3", "s4"));
  EXPECT_FALSE(StandsFor("s2", "s2+s3"));
}

}  // namespace
}  // namespace policykb
