#include "core/snapshot/publish.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::Status PublishEmpty(const std::string& kb, const std::string& id,
                          const std::string& parent = "") {
  const std::string embedder = JoinPath(kb, "embedder-files");
  absl::Status status = RemoveAll(embedder);
  if (status.ok()) status = MakeFolders(embedder);
  if (status.ok()) status = WriteNewFile(JoinPath(embedder, "table.bin"), "table");
  if (!status.ok()) return status;
  const auto writer = SnapshotWriter::Begin(kb, id, parent);
  if (!writer.ok()) return writer.status();
  status = (*writer)->records().WriteFile({.path = id, .digest = "0", .documents = {}});
  if (status.ok()) status = (*writer)->Finish(Manifest(), embedder);
  if (status.ok()) status = MakeLive(kb, id);
  return status;
}

TEST(KnowledgeBaseLockTest, ASecondIndexerIsRefusedNamingTheFirst) {
  const TempFolder folder;
  const auto first = KnowledgeBaseLock::Acquire(folder.path());
  ASSERT_TRUE(first.ok());
  const absl::Status status = KnowledgeBaseLock::Acquire(folder.path()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("process " + std::to_string(getpid())));
}

TEST(KnowledgeBaseLockTest, IsFreeAgainAfterwards) {
  const TempFolder folder;
  { ASSERT_TRUE(KnowledgeBaseLock::Acquire(folder.path()).ok()); }
  EXPECT_TRUE(KnowledgeBaseLock::Acquire(folder.path()).ok());
}

TEST(NewSnapshotIdTest, DiffersWithinOneSecond) {
  const TempFolder folder;
  const absl::Time now = absl::UnixEpoch();
  EXPECT_EQ(*NewSnapshotId(folder.path(), now), "19700101-000000");
  ASSERT_TRUE(MakeFolders(folder / "segments/19700101-000000").ok());
  EXPECT_EQ(*NewSnapshotId(folder.path(), now), "19700101-000000-1");
}

TEST(NewSnapshotIdTest, IsNotThatOfARemovedSnapshotWhoseSegmentsAreInUse) {
  const TempFolder folder;
  const absl::Time now = absl::UnixEpoch();
  ASSERT_TRUE(MakeFolders(folder / "segments/19700101-000000-m1").ok());
  ASSERT_TRUE(MakeFolders(folder / "segments/19700101-000000-1-s2").ok());
  ASSERT_TRUE(MakeFolders(folder / "segments/19700101-000000-20").ok());
  EXPECT_EQ(*NewSnapshotId(folder.path(), now), "19700101-000000-2");
}

TEST(SnapshotWriterTest, MakesTheNewOneLiveAndKeepsTheOld) {
  const TempFolder folder;
  ASSERT_TRUE(PublishEmpty(folder.path(), "one").ok());
  ASSERT_TRUE(PublishEmpty(folder.path(), "two").ok());
  const absl::StatusOr<Current> current = ReadCurrent(folder.path());
  ASSERT_TRUE(current.ok());
  EXPECT_EQ(current->snapshot, "two");
  EXPECT_TRUE(ReadManifest(folder.path(), "two", current->manifest_xxh3).ok());
  EXPECT_TRUE(ReadManifest(folder.path(), "one", "").ok());
}

TEST(SnapshotWriterTest, ListsEveryFileOfTheSnapshotInItsManifest) {
  const TempFolder folder;
  ASSERT_TRUE(PublishEmpty(folder.path(), "one").ok());
  const absl::StatusOr<Manifest> manifest = ReadManifest(folder.path(), "one", "");
  ASSERT_TRUE(manifest.ok());
  for (const FileEntry& file : manifest->files) {
    EXPECT_TRUE(CheckFile(folder.path(), file, FileCheck::kSizeAndChecksum).ok()) << file.path;
  }
  EXPECT_THAT(manifest->files, testing::Contains(testing::Field(
                                   &FileEntry::path, "snapshots/one/embedder/table.bin")));
}

TEST(RemoveDebrisTest, RemovesWhatAnInterruptedRunLeftAndNothingElse) {
  const TempFolder folder;
  ASSERT_TRUE(PublishEmpty(folder.path(), "one").ok());
  ASSERT_TRUE(MakeFolders(folder / "snapshots/two.tmp/records").ok());
  ASSERT_TRUE(MakeFolders(folder / "segments/orphan").ok());
  ASSERT_TRUE(RemoveDebris(folder.path()).ok());
  EXPECT_THAT(*ListNames(folder / "snapshots"), ElementsAre("one"));
  EXPECT_THAT(*ListNames(folder / "segments"), testing::IsEmpty());
}

TEST(RemoveDebrisTest, RemovesNothingWhileAManifestCannotBeRead) {
  const TempFolder folder;
  ASSERT_TRUE(PublishEmpty(folder.path(), "one").ok());
  ASSERT_TRUE(MakeFolders(folder / "segments/perhaps-wanted").ok());
  ASSERT_TRUE(WriteNewFile(folder / "snapshots/one/MANIFEST.json", "{").ok());
  EXPECT_FALSE(RemoveDebris(folder.path()).ok());
  EXPECT_TRUE(PathExists(folder / "segments/perhaps-wanted"));
}

}  // namespace
}  // namespace policykb
