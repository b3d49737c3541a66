#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "tests/base/ordinary_user.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void Write(const TempFolder& folder, const std::string& relative_path,
           const std::string& content = "x") {
  const std::string path = folder / relative_path;
  ASSERT_TRUE(MakeFolders(std::filesystem::path(path).parent_path().string()).ok());
  ASSERT_TRUE(WriteNewFile(path, content).ok());
}

std::vector<std::string> ReadablePaths(const std::string& folder) {
  const auto files = ListFilesBelow(folder);
  EXPECT_TRUE(files.ok()) << files.status();
  std::vector<std::string> paths;
  for (const ListedFile& file : *files) {
    if (file.status.ok()) paths.push_back(file.relative_path);
  }
  return paths;
}

TEST(ListFilesTest, FilesOfAllFoldersAreSortedByPath) {
  const TempFolder folder;
  for (const char* path : {"b.md", "a/z.md", "a/b/c.md", "a.md", "a-b/1.md", "法律/1.md"})
    Write(folder, path);
  // Bytes in order: '-' 2D, '.' 2E, '/' 2F.
  EXPECT_THAT(ReadablePaths(folder.path()),
              ElementsAre("a-b/1.md", "a.md", "a/b/c.md", "a/z.md", "b.md", "法律/1.md"));
}

TEST(ListFilesTest, ATrailingSlashChangesNothing) {
  const TempFolder folder;
  Write(folder, "a/b.md");
  EXPECT_THAT(ReadablePaths(folder.path() + "/"), ElementsAre("a/b.md"));
}

TEST(ListFilesTest, HiddenNamesAndEmptyFoldersAreLeftOut) {
  const TempFolder folder;
  for (const char* path : {".hidden", ".git/config", "a/.swp", "a/seen"}) Write(folder, path);
  ASSERT_TRUE(MakeFolders(folder / "empty").ok());
  EXPECT_THAT(ReadablePaths(folder.path()), ElementsAre("a/seen"));
}

TEST(ListFilesTest, AnEmptyFolderHasNoFiles) {
  const TempFolder folder;
  EXPECT_THAT(ReadablePaths(folder.path()), IsEmpty());
}

TEST(ListFilesTest, LinksAreToldAndNotFollowed) {
  const TempFolder outside;
  Write(outside, "secret");
  const TempFolder folder;
  Write(folder, "real");
  ASSERT_EQ(::symlink(outside.path().c_str(), (folder / "folder_link").c_str()), 0);
  ASSERT_EQ(::symlink((outside / "secret").c_str(), (folder / "file_link").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", (folder / "dangling").c_str()), 0);
  ASSERT_EQ(::symlink(".", (folder / "loop").c_str()), 0);
  const auto files = ListFilesBelow(folder.path());
  ASSERT_TRUE(files.ok()) << files.status();
  std::vector<std::string> refused;
  for (const ListedFile& file : *files) {
    if (file.status.ok()) continue;
    refused.push_back(file.relative_path);
    EXPECT_EQ(file.status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(file.status.message()), HasSubstr(folder / file.relative_path));
  }
  EXPECT_THAT(refused, ElementsAre("dangling", "file_link", "folder_link", "loop"));
  EXPECT_THAT(ReadablePaths(folder.path()), ElementsAre("real"));
}

TEST(ListFilesTest, WhatIsNoRegularFileIsLeftOut) {
  const TempFolder folder;
  Write(folder, "real");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(ReadablePaths(folder.path()), ElementsAre("real"));
}

TEST(ListFilesTest, AFolderThatCannotBeReadIsToldAndTheOthersAreListed) {
  const OrdinaryUser user;
  if (!user.ordinary())
    GTEST_SKIP() << "the superuser may read everything and cannot become anyone else here";
  const TempFolder folder;
  Write(folder, "locked/a");
  Write(folder, "open/b");
  ASSERT_EQ(::chmod((folder / "locked").c_str(), 0), 0);
  const auto files = ListFilesBelow(folder.path());
  ASSERT_EQ(::chmod((folder / "locked").c_str(), 0700), 0);
  ASSERT_TRUE(files.ok()) << files.status();
  ASSERT_EQ(files->size(), 2u);
  EXPECT_EQ((*files)[0].relative_path, "locked");
  EXPECT_EQ((*files)[0].status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ((*files)[1].relative_path, "open/b");
}

TEST(ListFilesTest, TheFolderItselfMustBeOne) {
  const TempFolder folder;
  Write(folder, "file");
  const auto of_file = ListFilesBelow(folder / "file");
  EXPECT_EQ(of_file.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(of_file.status().message()), HasSubstr(folder / "file"));
  const auto of_nothing = ListFilesBelow(folder / "missing");
  EXPECT_EQ(of_nothing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(of_nothing.status().message()), HasSubstr(folder / "missing"));
}

TEST(ListFilesTest, NamesAreSortedAndHoldFoldersToo) {
  const TempFolder folder;
  Write(folder, "b");
  Write(folder, "a/x");
  Write(folder, ".c");
  EXPECT_THAT(ListNames(folder.path()).value(), ElementsAre(".c", "a", "b"));
}

TEST(ListFilesTest, TreeSizeIsTheSumOfTheFiles) {
  const TempFolder folder;
  Write(folder, "a", "123");
  Write(folder, "b/c", "12345");
  Write(folder, "b/d", "");
  // 3 + 5 + 0 bytes.
  EXPECT_EQ(TreeSize(folder.path()).value(), 8u);
}

}  // namespace
}  // namespace policykb
