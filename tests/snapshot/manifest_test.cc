#include "core/snapshot/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

Manifest Sample() {
  Manifest manifest;
  manifest.id = "20260101-000000";
  manifest.published_at = "2026-01-01T00:00:00Z";
  manifest.analyzer_fingerprint = "analyzer";
  manifest.embedder_fingerprint = "embedder";
  manifest.dimension = 256;
  manifest.segments = {{.id = "seg",
                        .passages = 3,
                        .dead_documents = {0, 2},
                        .files = {{"segments/seg/f", 5, "00"}},
                        .overlays = {}}};
  manifest.files = {{"snapshots/x/g", 6, "11"}};
  manifest.documents = 1;
  manifest.passages = 1;
  manifest.content_digest = "dd";
  manifest.editorial_digest = "ee";
  return manifest;
}

TEST(ManifestTest, ComesBackFromItsJson) {
  const absl::StatusOr<Manifest> decoded = DecodeManifest(EncodeManifest(Sample()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, Sample());
}

TEST(ManifestTest, ANewerFormatIsRefusedByItsNumberWhateverElseItHolds) {
  std::string json = ReplaceAll(EncodeManifest(Sample()), "\"format_version\": 3",
                                "\"format_version\": 9, \"new\": {}");
  const absl::Status status = DecodeManifest(json).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("format_version 9, readable 2..3"));
}

TEST(ManifestTest, VersionsTwoAndThreeOpenForEver) {
  const auto read = [](const std::string& name) {
    return DecodeManifest(*ReadFile(POLICYKB_SOURCE_DIR "/tests/snapshot/testdata/" + name));
  };
  Manifest expected = Sample();
  const absl::StatusOr<Manifest> third = read("manifest-v3.json");
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(*third, expected);
  // Of the second version there are no editorial words.
  expected.format_version = 2;
  expected.editorial_digest = "";
  const absl::StatusOr<Manifest> second = read("manifest-v2.json");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(*second, expected);
}

TEST(ManifestTest, ASegmentIdThatLeadsElsewhereIsDataLoss) {
  for (const std::string id : {"../x", "a/b", "", ".hidden"}) {
    Manifest manifest = Sample();
    manifest.segments[0].id = id;
    EXPECT_TRUE(absl::IsDataLoss(DecodeManifest(EncodeManifest(manifest)).status())) << id;
  }
}

TEST(ManifestTest, DeadDocumentsAndOverlaysOutOfOrderAreDataLoss) {
  for (const std::vector<uint32_t>& dead : {std::vector<uint32_t>{1, 1}, {2, 0}}) {
    Manifest manifest = Sample();
    manifest.segments[0].dead_documents = dead;
    EXPECT_TRUE(absl::IsDataLoss(DecodeManifest(EncodeManifest(manifest)).status()));
    manifest = Sample();
    for (const uint32_t document : dead) {
      manifest.segments[0].overlays.emplace_back();
      manifest.segments[0].overlays.back().document = document;
    }
    EXPECT_TRUE(absl::IsDataLoss(DecodeManifest(EncodeManifest(manifest)).status()));
  }
}

TEST(ManifestTest, EveryTruncationIsRefused) {
  const std::string json = EncodeManifest(Sample());
  // Without its last line end the text is still whole.
  for (size_t size = 0; size + 1 < json.size(); ++size) {
    EXPECT_FALSE(DecodeManifest(std::string_view(json).substr(0, size)).ok()) << size;
  }
}

TEST(ReadCurrentTest, SaysWhatToDoWhereNothingWasPublished) {
  const TempFolder folder;
  const absl::Status status = ReadCurrent(folder.path()).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("policykb-indexer build"));
}

TEST(ReadCurrentTest, RefusesALineOfAnotherForm) {
  const TempFolder folder;
  for (const std::string content : {"", "id", "id 123", "../../x 0123456789abcdef", "a b c"}) {
    ASSERT_TRUE(WriteNewFile(folder / "CURRENT", content).ok());
    EXPECT_TRUE(absl::IsDataLoss(ReadCurrent(folder.path()).status())) << content;
  }
}

TEST(ReadManifestTest, AChangedManifestIsDataLossAgainstTheChecksumOfCurrent) {
  const TempFolder folder;
  const std::string json = EncodeManifest(Sample());
  ASSERT_TRUE(MakeFolders(folder / "snapshots/20260101-000000").ok());
  const std::string path = folder / "snapshots/20260101-000000/MANIFEST.json";
  ASSERT_TRUE(WriteNewFile(path, json).ok());
  const std::string checksum = Hex64(Checksum64(json));
  EXPECT_TRUE(ReadManifest(folder.path(), "20260101-000000", checksum).ok());
  ASSERT_TRUE(WriteNewFile(path, ReplaceAll(json, "\"dd\"", "\"de\"")).ok());
  const absl::Status status = ReadManifest(folder.path(), "20260101-000000", checksum).status();
  EXPECT_TRUE(absl::IsDataLoss(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

TEST(CheckFileTest, FindsAnotherSizeAnotherByteAndNoFile) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "f", "content").ok());
  const FileEntry entry = *DescribeFile(folder.path(), "f");
  EXPECT_TRUE(CheckFile(folder.path(), entry, FileCheck::kSizeAndChecksum).ok());
  ASSERT_TRUE(WriteNewFile(folder / "f", "contenT").ok());
  EXPECT_TRUE(CheckFile(folder.path(), entry, FileCheck::kSize).ok());
  EXPECT_TRUE(absl::IsDataLoss(CheckFile(folder.path(), entry, FileCheck::kSizeAndChecksum)));
  ASSERT_TRUE(WriteNewFile(folder / "f", "longer content").ok());
  EXPECT_TRUE(absl::IsDataLoss(CheckFile(folder.path(), entry, FileCheck::kSize)));
  ASSERT_TRUE(RemoveAll(folder / "f").ok());
  EXPECT_TRUE(absl::IsDataLoss(CheckFile(folder.path(), entry, FileCheck::kSize)));
}

TEST(CheckFileTest, NeverLooksOutsideTheKnowledgeBase) {
  const TempFolder folder;
  for (const std::string path : {"../etc", "/etc/hostname", "a/../../b", ""}) {
    const FileEntry entry = {.path = path, .size_bytes = 0, .xxh3 = ""};
    EXPECT_TRUE(absl::IsDataLoss(CheckFile(folder.path(), entry, FileCheck::kSize))) << path;
  }
}

}  // namespace
}  // namespace policykb
