#include "core/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <thread>

#include "tests/base/ordinary_user.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void ExpectFailure(const absl::Status& status, absl::StatusCode code, const std::string& path) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

TEST(JoinPathTest, ThereIsExactlyOneSlash) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
  EXPECT_EQ(JoinPath("a//", "//b/c"), "a/b/c");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(JoinPath("//", "b"), "/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
}

TEST(FilesTest, WhatIsWrittenIsRead) {
  const TempFolder folder;
  std::string content;
  for (int i = 0; i < 200000; ++i) content.push_back(static_cast<char>(i * 7));
  for (const std::string& written : {std::string(), std::string("a\0b\r\n", 5), content}) {
    ASSERT_TRUE(WriteNewFile(folder / "new", written).ok());
    ASSERT_TRUE(WriteFileAtomically(folder / "atomic", written).ok());
    for (const char* name : {"new", "atomic"}) {
      const auto read = ReadFile(folder / name);
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(*read, written);
      const auto size = FileSize(folder / name);
      ASSERT_TRUE(size.ok()) << size.status();
      EXPECT_EQ(*size, written.size());
    }
  }
}

TEST(FilesTest, AtomicWriteReplacesAndLeavesNothingBeside) {
  const TempFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder / "CURRENT", "first").ok());
  ASSERT_TRUE(WriteFileAtomically(folder / "CURRENT", "second").ok());
  EXPECT_EQ(ReadFile(folder / "CURRENT").value(), "second");
  EXPECT_THAT(ListNames(folder.path()).value(), ElementsAre("CURRENT"));
}

TEST(FilesTest, AFailedAtomicWriteKeepsTheOldAndLeavesNothingBeside) {
  const TempFolder folder;
  // A folder of that name that is not empty cannot be replaced by a file.
  ASSERT_TRUE(MakeFolders(folder / "CURRENT/inner").ok());
  const absl::Status status = WriteFileAtomically(folder / "CURRENT", "text");
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(std::string(status.message()), HasSubstr(folder / "CURRENT"));
  EXPECT_THAT(ListNames(folder.path()).value(), ElementsAre("CURRENT"));
  EXPECT_TRUE(PathExists(folder / "CURRENT/inner"));
}

TEST(FilesTest, ReadersOfAFileBeingReplacedSeeOneWholeContent) {
  const TempFolder folder;
  const std::string path = folder / "CURRENT";
  const std::string contents[] = {std::string(5000, 'a'), std::string(9000, 'b')};
  ASSERT_TRUE(WriteFileAtomically(path, contents[0]).ok());
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(WriteFileAtomically(path, contents[i % 2]).ok());
  });
  for (int i = 0; i < 500; ++i) {
    const auto read = ReadFile(path);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(*read == contents[0] || *read == contents[1]) << read->size();
  }
  writer.join();
}

TEST(FilesTest, FailuresNameThePath) {
  const TempFolder folder;
  const std::string missing = folder / "missing";
  ExpectFailure(ReadFile(missing).status(), absl::StatusCode::kNotFound, missing);
  ExpectFailure(FileSize(missing).status(), absl::StatusCode::kNotFound, missing);
  ExpectFailure(ListNames(missing).status(), absl::StatusCode::kNotFound, missing);
  ExpectFailure(SyncFolder(missing), absl::StatusCode::kNotFound, missing);
  ExpectFailure(RenameSynced(missing, folder / "to"), absl::StatusCode::kNotFound, missing);
  ExpectFailure(WriteNewFile(missing + "/below", ""), absl::StatusCode::kNotFound, missing);
  ExpectFailure(WriteFileAtomically(missing + "/below", ""), absl::StatusCode::kNotFound, missing);
  ExpectFailure(ReadFile(folder.path()).status(), absl::StatusCode::kFailedPrecondition,
                folder.path());
  ExpectFailure(FileSize(folder.path()).status(), absl::StatusCode::kFailedPrecondition,
                folder.path());
}

TEST(FilesTest, ReadFileStopsAtItsLimit) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "ten", "0123456789").ok());
  EXPECT_EQ(ReadFile(folder / "ten", 10).value(), "0123456789");
  ExpectFailure(ReadFile(folder / "ten", 9).status(), absl::StatusCode::kFailedPrecondition,
                folder / "ten");
}

TEST(FilesTest, ReadFileHoldsItsLimitWhereTheSizeIsNotKnownBefore) {
  const TempFolder folder;
  const std::string pipe = folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&pipe] { std::ofstream(pipe) << std::string(100, 'x'); });
  ExpectFailure(ReadFile(pipe, 99).status(), absl::StatusCode::kFailedPrecondition, pipe);
  writer.join();
}

TEST(FilesTest, WithoutTheRightItIsPermissionDenied) {
  const OrdinaryUser user;
  if (!user.ordinary())
    GTEST_SKIP() << "the superuser may do everything and cannot become anyone else here";
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "secret", "x").ok());
  ASSERT_EQ(::chmod((folder / "secret").c_str(), 0), 0);
  ExpectFailure(ReadFile(folder / "secret").status(), absl::StatusCode::kPermissionDenied,
                folder / "secret");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0500), 0);
  ExpectFailure(WriteFileAtomically(folder / "new", "x"), absl::StatusCode::kPermissionDenied,
                folder / "new");
  ASSERT_EQ(::chmod(folder.path().c_str(), 0700), 0);
}

TEST(FilesTest, MakeFoldersMakesThoseAboveAndAcceptsWhatIsThere) {
  const TempFolder folder;
  EXPECT_TRUE(MakeFolders(folder / "a/b/c").ok());
  EXPECT_TRUE(MakeFolders(folder / "a/b/c").ok());
  EXPECT_TRUE(MakeFolders(folder / "a/b/d/").ok());
  EXPECT_THAT(ListNames(folder / "a/b").value(), ElementsAre("c", "d"));
  ASSERT_TRUE(WriteNewFile(folder / "file", "").ok());
  EXPECT_THAT(std::string(MakeFolders(folder / "file/below").message()),
              HasSubstr(folder / "file/below"));
}

TEST(FilesTest, RemoveAllTakesWhatIsBelowAndAcceptsWhatIsAbsent) {
  const TempFolder folder;
  ASSERT_TRUE(MakeFolders(folder / "a/b").ok());
  ASSERT_TRUE(WriteNewFile(folder / "a/b/file", "x").ok());
  EXPECT_TRUE(RemoveAll(folder / "a").ok());
  EXPECT_FALSE(PathExists(folder / "a"));
  EXPECT_TRUE(RemoveAll(folder / "a").ok());
}

TEST(FilesTest, RenameReplacesAFile) {
  const TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "from", "new").ok());
  ASSERT_TRUE(WriteNewFile(folder / "to", "old").ok());
  ASSERT_TRUE(RenameSynced(folder / "from", folder / "to").ok());
  EXPECT_EQ(ReadFile(folder / "to").value(), "new");
  EXPECT_FALSE(PathExists(folder / "from"));
}

}  // namespace
}  // namespace policykb
