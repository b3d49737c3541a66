// kill -9 at any moment of any command that changes a knowledge base leaves the old or the new
// snapshot, the next run succeeds, and nothing piles up.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <random>
#include <set>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "core/snapshot/snapshot.h"
#include "tests/integration/indexer_process.h"
#include "tests/testing/sample_base.h"

namespace policykb {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kCommands[] = {"build", "update", "compact", "publish", "rollback", "prune"};

// Kills over all commands, POLICYKB_CRASH_ROUNDS where it is set.
int RoundsOfEach() {
  const char* wanted = std::getenv("POLICYKB_CRASH_ROUNDS");
  const int rounds = wanted == nullptr ? 25 : std::max(1, std::atoi(wanted));
  const int commands = static_cast<int>(std::size(kCommands));
  return (rounds + commands - 1) / commands;
}

class CrashTest : public testing::TestWithParam<const char*> {
 protected:
  // What the program printed last.
  std::string Output() const {
    const absl::StatusOr<std::string> output = ReadFile(output_);
    return output.ok() ? *output : "";
  }
  void Run(const Words& words) {
    EXPECT_EQ(WaitFor(StartIndexer(words, output_)), 0) << Join(words, " ") << "\n" << Output();
  }

  Words With(const std::string& command, const Words& more = {}) const {
    Words words = {command, "--kb", base_.kb()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Words Build() const {
    return With("build", {"--corpus", base_.Options().corpus, "--dimension", "64"});
  }
  Words Update() const { return With("update", {"--corpus", base_.Options().corpus}); }

  std::set<std::string> Snapshots() const {
    const absl::StatusOr<std::vector<std::string>> names = ListNames(base_.kb() + "/snapshots");
    EXPECT_TRUE(names.ok()) << names.status();
    return names.ok() ? std::set<std::string>(names->begin(), names->end())
                      : std::set<std::string>();
  }
  std::string Live() const {
    const absl::StatusOr<Current> current = ReadCurrent(base_.kb());
    EXPECT_TRUE(current.ok()) << current.status();
    return current.ok() ? current->snapshot : "";
  }

  // A corpus with a file changed, one added, and the one added before removed.
  void ChangeCorpus(int round) const {
    const std::string corpus = base_.Options().corpus;
    const std::string changed =
        ReplaceAll(SampleFiles().at("water.md"), "5个", Cat(10 + round, "个"));
    EXPECT_TRUE(WriteFileAtomically(JoinPath(corpus, "water.md"), changed).ok());
    EXPECT_TRUE(RemoveAll(JoinPath(corpus, Cat("cats-", round - 1, ".md"))).ok());
    EXPECT_TRUE(WriteFileAtomically(JoinPath(corpus, Cat("cats-", round, ".md")),
                                    "# 甲县养猫办法\n\n第一条 养猫自愿。\n\n第二条 猫不登记。\n")
                    .ok());
  }

  // Brings the base into a state in which the command has work to do, and says how it is called.
  Words Prepare(const std::string& command, int round) {
    ChangeCorpus(round);
    if (command == "build") return Build();
    if (command == "update") return Update();
    if (command == "compact") {
      Run(Update());
      return With("compact");
    }
    const std::set<std::string> before = Snapshots();
    if (command == "publish") {
      Words unpublished = Update();
      unpublished.push_back("--no-publish");
      Run(unpublished);
      for (const std::string& name : Snapshots()) {
        if (!before.contains(name)) return With("publish", {name});
      }
      ADD_FAILURE() << "update --no-publish made no snapshot\n" << Output();
    }
    const std::string live = Live();
    Run(Build());
    if (command == "rollback") return With("rollback", {"--to", live});
    return With("prune", {"--keep", "2"});
  }

  struct State {
    std::string id;
    std::string content_digest;
  };
  // The live snapshot, with every byte of it checked.
  State CheckLive() const {
    const absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot =
        Snapshot::OpenCurrent(base_.kb());
    EXPECT_TRUE(snapshot.ok()) << snapshot.status();
    if (!snapshot.ok()) return {};
    const absl::Status sound = (*snapshot)->Verify();
    EXPECT_TRUE(sound.ok()) << sound;
    return {.id = (*snapshot)->manifest().id,
            .content_digest = (*snapshot)->manifest().content_digest};
  }

  // Segments and snapshots are whole and wanted; nothing else is there.
  void CheckNoDebris() const {
    std::set<std::string> wanted;
    for (const std::string& name : Snapshots()) {
      EXPECT_THAT(name, Not(HasSubstr("tmp")));
      const absl::StatusOr<Manifest> manifest = ReadManifest(base_.kb(), name, "");
      ASSERT_TRUE(manifest.ok()) << manifest.status();
      for (const SegmentEntry& segment : manifest->segments) wanted.insert(segment.id);
    }
    const absl::StatusOr<std::vector<std::string>> segments = ListNames(base_.kb() + "/segments");
    ASSERT_TRUE(segments.ok()) << segments.status();
    EXPECT_EQ(std::set<std::string>(segments->begin(), segments->end()), wanted);
  }

  // Files of the base when only a freshly built snapshot is kept.
  size_t FilesWhenTidy() {
    Run(Build());
    Run(With("prune", {"--keep", "1"}));
    const absl::StatusOr<std::vector<ListedFile>> files = ListFilesBelow(base_.kb());
    EXPECT_TRUE(files.ok()) << files.status();
    return files.ok() ? files->size() : 0;
  }

  const SampleBase base_;
  const std::string output_ = base_.folder() / "output";
};

TEST_P(CrashTest, AKilledCommandLeavesTheOldOrTheNewSnapshotWhole) {
  const std::string command = GetParam();
  const size_t files_at_first = FilesWhenTidy();
  Words words = Prepare(command, 1);
  const absl::Time begun = absl::Now();
  Run(words);
  const absl::Duration whole = absl::Now() - begun;
  std::mt19937 random(1);
  int killed = 0;
  for (int round = 2; round < 2 + RoundsOfEach(); ++round) {
    words = Prepare(command, round);
    const State before = CheckLive();
    const pid_t child = StartIndexer(words, output_);
    // The moment of the kill is the point of the test: spread over the time the command takes.
    absl::SleepFor(whole * std::uniform_real_distribution<double>(0, 1.1)(random));
    ::kill(child, SIGKILL);
    if (WIFSIGNALED(WaitFor(child))) ++killed;
    const State after_kill = CheckLive();
    Run(words);
    const State after = CheckLive();
    EXPECT_THAT(after_kill.content_digest, AnyOf(before.content_digest, after.content_digest));
    if (command == "publish" || command == "rollback") {
      EXPECT_EQ(after.id, words.back());
    }
    CheckNoDebris();
    Run(With("prune", {"--keep", "2"}));
    if (HasFailure()) FAIL() << command << ", round " << round;
  }
  EXPECT_GT(killed, 0);
  // A file that each kill left behind would show.
  EXPECT_LE(FilesWhenTidy(), files_at_first + 3);
}

INSTANTIATE_TEST_SUITE_P(EveryCommand, CrashTest, testing::ValuesIn(kCommands),
                         [](const testing::TestParamInfo<const char*>& info) {
                           return std::string(info.param);
                         });

}  // namespace
}  // namespace policykb
