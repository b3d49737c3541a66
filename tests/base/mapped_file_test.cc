#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/base/files.h"
#include "core/base/mapped_pages.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

TEST(MappedFileTest, TheBytesAreThoseOfTheFile) {
  const TempFolder folder;
  // More than one page, and not a multiple of a page.
  std::string content(10001, 'x');
  content[0] = '\0';
  content.back() = 'z';
  ASSERT_TRUE(WriteNewFile(folder / "file", content).ok());
  const auto mapped = MappedFile::Open(folder / "file");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_EQ(mapped->bytes(), content);
}

TEST(MappedFileTest, AnEmptyFileHasNoBytes) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "empty", "").ok());
  const auto mapped = MappedFile::Open(folder / "empty");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_TRUE(mapped->bytes().empty());
}

TEST(MappedFileTest, MovesKeepTheAddress) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "a", "first").ok());
  ASSERT_TRUE(WriteNewFile(folder / "b", "second").ok());
  MappedFile first = MappedFile::Open(folder / "a").value();
  const char* const address = first.bytes().data();
  MappedFile moved = std::move(first);
  EXPECT_EQ(moved.bytes().data(), address);
  MappedFile assigned = MappedFile::Open(folder / "b").value();
  assigned = std::move(moved);
  EXPECT_EQ(assigned.bytes().data(), address);
  EXPECT_EQ(assigned.bytes(), "first");
}

TEST(MappedFileTest, TheBytesOutliveTheName) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "file", "kept").ok());
  const auto mapped = MappedFile::Open(folder / "file");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  ASSERT_TRUE(RemoveAll(folder / "file").ok());
  EXPECT_EQ(mapped->bytes(), "kept");
}

// Memory that this process holds of the mapped file, in KiB.
long ResidentKib(const std::string& path) {
  const std::string maps = *ReadFile("/proc/self/smaps", 64 << 20);
  long kib = 0;
  bool of_file = false;
  for (const std::string_view line : Split(maps, '\n')) {
    // A mapping begins with its addresses, 7f00-7f80; what is said of it, with a word and a colon.
    if (line.find('-') < line.find(':')) of_file = line.ends_with(path);
    if (of_file && line.starts_with("Rss:")) kib += std::stol(std::string(line.substr(4)));
  }
  return kib;
}

TEST(MappedFileTest, ReleasedPagesLeaveMemoryAndAreReadAgain) {
  const TempFolder folder;
  std::string content(16 << 20, 'x');
  for (size_t i = 0; i < content.size(); i += 4096) content[i] = static_cast<char>(i >> 12);
  ASSERT_TRUE(WriteNewFile(folder / "file", content).ok());
  const auto mapped = MappedFile::Open(folder / "file");
  ASSERT_TRUE(mapped.ok()) << mapped.status();
  EXPECT_EQ(mapped->bytes(), content);
  EXPECT_GT(ResidentKib(folder / "file"), 0);
  ReleasePages(mapped->bytes());
  EXPECT_EQ(ResidentKib(folder / "file"), 0);
  EXPECT_EQ(mapped->bytes(), content);
  // Parts that hold no whole page are left alone.
  ReleasePages(mapped->bytes().substr(100, 4000));
  ReleasePages({});
  EXPECT_EQ(mapped->bytes(), content);
}

TEST(MappedFileTest, FailuresNameThePath) {
  const TempFolder folder;
  const auto missing = MappedFile::Open(folder / "missing");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr(folder / "missing"));
  const auto of_folder = MappedFile::Open(folder.path());
  EXPECT_FALSE(of_folder.ok());
  EXPECT_THAT(std::string(of_folder.status().message()), HasSubstr(folder.path()));
}

}  // namespace
}  // namespace policykb
