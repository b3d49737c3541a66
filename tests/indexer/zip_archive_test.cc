#include "indexer/readers/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/testing/zip_writer.h"

namespace policykb {
namespace {

TEST(ZipArchive, GivesEntriesByTheirExactNames) {
  const std::string zip = MakeZip({{.name = "a/b.xml", .content = "words"},
                                   {.name = "../../etc/passwd", .content = "only a name"},
                                   {.name = "/tmp/x", .content = "another"},
                                   {.name = "zeros", .zeros = 10'000}});
  auto archive = ZipArchive::Open(zip);
  ASSERT_TRUE(archive.ok()) << archive.status();
  EXPECT_EQ(archive->Read("a/b.xml").value(), "words");
  EXPECT_EQ(archive->Read("../../etc/passwd").value(), "only a name");
  EXPECT_EQ(archive->Read("zeros").value(), std::string(9805, '\0'));  // 38 * 258 + 1
  for (const char* name : {"A/B.XML", "b.xml", "etc/passwd", "tmp/x", "a/./b.xml", "a"}) {
    EXPECT_FALSE(archive->Has(name)) << name;
    EXPECT_EQ(archive->Read(name).status().code(), absl::StatusCode::kNotFound) << name;
  }
}

TEST(ZipArchive, StopsInflatingAtItsLimitsWhateverTheHeadersSay) {
  // 64 MiB and more, in 430 KB, said to be 10 bytes.
  const std::string zip = MakeZip({{.name = "bomb", .zeros = 70'000'000, .stated_size = 10}});
  EXPECT_LT(zip.size(), 500'000U);
  auto archive = ZipArchive::Open(zip);
  ASSERT_TRUE(archive.ok()) << archive.status();
  const absl::Status big = archive->Read("bomb").status();
  EXPECT_EQ(big.code(), absl::StatusCode::kResourceExhausted) << big;
  EXPECT_EQ(big.message(),
            "zip entry bomb: above the limit entry_bytes of 67108864 bytes unpacked");

  auto by_ratio = ZipArchive::Open(zip, {.ratio = 100, .ratio_from_bytes = 1 << 20});
  ASSERT_TRUE(by_ratio.ok());
  EXPECT_EQ(by_ratio->Read("bomb").status().message(),
            "zip entry bomb: above the limit ratio of 100 bytes unpacked to one packed");
}

TEST(ZipArchive, CountsWhatAllEntriesInflateTo) {
  const std::string zip =
      MakeZip({{.name = "a", .zeros = 600'000}, {.name = "b", .zeros = 600'000}});
  auto archive = ZipArchive::Open(zip, {.total_bytes = 1'000'000});
  ASSERT_TRUE(archive.ok());
  EXPECT_TRUE(archive->Read("a").ok());
  EXPECT_EQ(archive->Read("b").status().message(),
            "zip entry b: above the limit total_bytes of 1000000 bytes unpacked of all entries");
}

TEST(ZipArchive, RefusesManyEntriesBeforeItReadsThem) {
  std::vector<ZipFileEntry> entries;
  for (int i = 0; i < 11; ++i) entries.push_back({.name = std::to_string(i), .content = "x"});
  EXPECT_EQ(ZipArchive::Open(MakeZip(entries), {.entries = 10}).status().message(),
            "zip archive of 11 entries, at most 10");
}

TEST(ZipArchive, NamesEncryptedEntries) {
  const std::string zip =
      MakeZip({{.name = "a", .content = "0123456789abcdef", .encrypted = true}});
  auto archive = ZipArchive::Open(zip);
  ASSERT_TRUE(archive.ok()) << archive.status();
  const absl::Status status = archive->Read("a").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "zip entry a: encrypted");
}

TEST(ZipArchive, DamagedBytesAreAnErrorOrTheSameContent) {
  const std::string zip =
      MakeZip({{.name = "a", .content = "some words"}, {.name = "b", .zeros = 600}});
  for (size_t size = 1; size < zip.size(); ++size) {
    EXPECT_FALSE(ZipArchive::Open(std::string_view(zip).substr(0, size)).ok()) << size;
  }
  for (size_t at = 0; at < zip.size(); ++at) {
    std::string damaged = zip;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    auto archive = ZipArchive::Open(damaged);
    if (!archive.ok()) continue;
    const auto content = archive->Read("a");
    if (content.ok()) {
      EXPECT_EQ(*content, "some words") << at;
    }
  }
}

}  // namespace
}  // namespace policykb
