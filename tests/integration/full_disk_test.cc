// A full disk or a folder that may not be written to stops a build with a clear error and leaves
// the live snapshot as it was.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "core/base/strings.h"
#include "core/snapshot/snapshot.h"
#include "indexer/pipeline.h"
#include "tests/base/ordinary_user.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// The sample corpus, and a small file system of its own for the knowledge base.
class FullDiskTest : public testing::Test {
 protected:
  // Once for the process, before RocksDB starts its threads: those keep the mounts they began with.
  static void SetUpTestSuite() {
    // Mounts are then seen by this process only.
    own_mounts_ = ::unshare(CLONE_NEWNS) == 0 &&
                  ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  }
  void SetUp() override {
    ASSERT_TRUE(MakeFolders(corpus_).ok());
    ASSERT_TRUE(MakeFolders(disk_).ok());
    for (const auto& [name, content] : SampleFiles())
      ASSERT_TRUE(WriteNewFile(JoinPath(corpus_, name), content).ok());
    if (!own_mounts_ || ::mount("policykb", disk_.c_str(), "tmpfs", 0, "size=16m") != 0) {
      GTEST_SKIP() << "no right to mount a tmpfs: " << std::strerror(errno);
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) {
      EXPECT_EQ(::umount2(disk_.c_str(), MNT_DETACH), 0) << std::strerror(errno);
    }
  }

  BuildOptions Options() const {
    BuildOptions options;
    options.corpus = corpus_;
    options.kb = JoinPath(disk_, "kb");
    options.embedder.dimension = 64;
    return options;
  }

  uint64_t FreeBytes() const {
    struct statvfs disk = {};
    EXPECT_EQ(::statvfs(disk_.c_str(), &disk), 0);
    return uint64_t{disk.f_bavail} * disk.f_frsize;
  }
  // Leaves `bytes` of the disk free.
  void Fill(uint64_t bytes) const {
    const std::string filler = JoinPath(disk_, "filler");
    ASSERT_TRUE(RemoveAll(filler).ok());
    const uint64_t free = FreeBytes();
    if (free > bytes) {
      ASSERT_TRUE(WriteNewFile(filler, std::string(free - bytes, 'x')).ok());
    }
  }

  std::string LiveDigest() const {
    const auto snapshot = Snapshot::OpenCurrent(Options().kb);
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    if (!snapshot.ok()) return "";
    EXPECT_TRUE((*snapshot)->Verify().ok());
    return (*snapshot)->manifest().content_digest;
  }

  const TempFolder folder_;
  const std::string corpus_ = folder_ / "corpus";
  const std::string disk_ = folder_ / "disk";
  bool mounted_ = false;
  static inline bool own_mounts_ = false;
};

TEST_F(FullDiskTest, ABuildThatRunsOutOfDiskSaysWhereAndLeavesTheLiveSnapshot) {
  const absl::StatusOr<BuildReport> first = Build(Options(), nullptr);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(
      WriteFileAtomically(JoinPath(corpus_, "cats.md"), "# 甲县养猫办法\n\n第一条 养猫自愿。\n")
          .ok());
  // Ever more room, so that the disk runs full in every stage of the build.
  int refused = 0;
  uint64_t room = 0;
  for (bool done = false; !done; room += 32768) {
    ASSERT_LT(room, 16u << 20);
    Fill(room);
    const absl::StatusOr<BuildReport> report = Build(Options(), nullptr);
    if (!report.ok()) {
      ++refused;
      EXPECT_EQ(report.status().code(), absl::StatusCode::kResourceExhausted)
          << room << " bytes free: " << report.status();
      EXPECT_THAT(std::string(report.status().message()), HasSubstr(Options().kb));
      EXPECT_EQ(LiveDigest(), first->content_digest);
    }
    done = report.ok();
  }
  EXPECT_GT(refused, 3);
  EXPECT_NE(LiveDigest(), first->content_digest);
}

TEST_F(FullDiskTest, AReadOnlyFileSystemIsNamed) {
  const absl::StatusOr<BuildReport> first = Build(Options(), nullptr);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(::mount("none", disk_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
  const absl::Status status = Build(Options(), nullptr).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(Options().kb));
  EXPECT_THAT(std::string(status.message()), HasSubstr("Read-only file system"));
  EXPECT_EQ(LiveDigest(), first->content_digest);
}

TEST(ReadOnlyFolderTest, ABuildSaysWhichFileItMayNotWrite) {
  const SampleBase base;
  // The folder of the test itself must be reachable for who is not its owner.
  ASSERT_EQ(::chmod(base.folder().path().c_str(), 0755), 0);
  for (const char* path : {"", "/segments", "/snapshots", "/store"})
    ASSERT_EQ(::chmod((base.kb() + path).c_str(), 0555), 0);
  {
    const OrdinaryUser user;
    if (!user.ordinary()) GTEST_SKIP() << "the superuser may not become anyone else";
    const absl::Status status = Build(base.Options(), nullptr).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(base.kb()));
    EXPECT_THAT(std::string(status.message()), HasSubstr("Permission denied"));
  }
  for (const char* path : {"", "/segments", "/snapshots", "/store"})
    ASSERT_EQ(::chmod((base.kb() + path).c_str(), 0755), 0);
  const auto snapshot = Snapshot::OpenCurrent(base.kb());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_TRUE((*snapshot)->Verify().ok());
}

}  // namespace
}  // namespace policykb
