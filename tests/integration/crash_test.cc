// kill -9 at any moment of a build leaves the old or the new snapshot, and the next build succeeds.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <set>

#include "absl/time/clock.h"
#include "core/snapshot/snapshot.h"
#include "tests/testing/sample_base.h"

extern char** environ;

namespace policykb {
namespace {

pid_t StartBuild(const SampleBase& base) {
  const BuildOptions options = base.Options();
  std::vector<std::string> words = {POLICYKB_INDEXER, "build",    "--corpus",    options.corpus,
                                    "--kb",           options.kb, "--dimension", "64"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  EXPECT_EQ(posix_spawn(&child, POLICYKB_INDEXER, &quiet, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&quiet);
  return child;
}

int WaitFor(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(CrashTest, AKilledBuildLeavesTheOldOrTheNewSnapshotWhole) {
  const SampleBase base;
  absl::Time begun = absl::Now();
  ASSERT_EQ(WaitFor(StartBuild(base)), 0);
  const absl::Duration whole = absl::Now() - begun;
  std::mt19937 random(1);
  int killed = 0;
  for (int i = 0; i < 25; ++i) {
    const pid_t child = StartBuild(base);
    // The moment of the kill is the point of the test: spread over the time a build takes.
    absl::SleepFor(whole * std::uniform_real_distribution<double>(0, 1.1)(random));
    ::kill(child, SIGKILL);
    if (WIFSIGNALED(WaitFor(child))) ++killed;
    const absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot =
        Snapshot::OpenCurrent(base.kb());
    ASSERT_TRUE(snapshot.ok()) << snapshot.status();
    EXPECT_EQ((*snapshot)->manifest().content_digest, base.report().content_digest);
    EXPECT_TRUE((*snapshot)->Verify().ok());
  }
  EXPECT_GT(killed, 0);
  ASSERT_EQ(WaitFor(StartBuild(base)), 0);
  const std::vector<std::string> segments = *ListNames(base.kb() + "/segments");
  const std::vector<std::string> snapshots = *ListNames(base.kb() + "/snapshots");
  EXPECT_THAT(snapshots, testing::Each(Not(testing::HasSubstr("tmp"))));
  // What is left below segments/ is what manifests refer to.
  std::set<std::string> wanted;
  for (const std::string& name : snapshots) {
    const Manifest manifest = *ReadManifest(base.kb(), name, "");
    for (const SegmentEntry& segment : manifest.segments) wanted.insert(segment.id);
  }
  EXPECT_EQ(std::set<std::string>(segments.begin(), segments.end()), wanted);
}

}  // namespace
}  // namespace policykb
