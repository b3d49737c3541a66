#include "core/base/child_process.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

// A shell program; `sh` is on every system that runs the tests.
ChildCommand Shell(const std::string& script, std::string_view input = "") {
  ChildCommand command;
  command.program = "sh";
  command.arguments = {"-c", script};
  command.input = input;
  command.debian_package = "dash";
  return command;
}

TEST(ChildProcess, GivesInputTakesOutputAndTheLastErrorLine) {
  const std::string input(300'000, 'x');
  const auto result =
      RunChild(Shell("cat; echo first >&2; echo second >&2; echo >&2; exit 3", input));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, input);
  EXPECT_EQ(result->last_error, "second");
  EXPECT_EQ(result->exit_code, 3);
}

TEST(ChildProcess, AChildThatReadsNothingBlocksNobody) {
  const auto result = RunChild(Shell("echo done", std::string(1'000'000, 'x')));
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "done\n");
}

TEST(ChildProcess, HasNoEnvironmentButPathAndLocaleAndNoFilesOfOurs) {
  ASSERT_EQ(::setenv("POLICYKB_TEST_SECRET", "x", 1), 0);
  const int opened = ::open("/dev/null", O_RDONLY);
  ASSERT_GE(opened, 0);
  // Without O_CLOEXEC it would be inherited; its number is one the shell has no use for.
  const int file = ::fcntl(opened, F_DUPFD, 200);
  ::close(opened);
  ASSERT_GE(file, 200);
  const auto variables =
      RunChild(Shell("env | grep -v '^PWD=\\|^_=\\|^SHLVL=' | cut -d= -f1 | sort"));
  const auto files =
      RunChild(Shell("for number in 0 1 2 " + std::to_string(file) +
                     "; do test -e /proc/$$/fd/$number && echo $number; done; true"));
  ::close(file);
  ASSERT_TRUE(variables.ok()) << variables.status();
  EXPECT_EQ(variables->output, "LC_ALL\nPATH\n");
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_EQ(files->output, "0\n1\n2\n");
}

TEST(ChildProcess, IsEndedWithAllItsChildrenWhenTheTimeIsOver) {
  ChildCommand command = Shell("sleep 100 & echo $!; sleep 100");
  command.limits.wall_clock = absl::Milliseconds(200);
  const absl::Time begun = absl::Now();
  const auto result = RunChild(command);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(result.status().message(), "sh: ran longer than 200ms");
  EXPECT_LT(absl::Now() - begun, absl::Seconds(50));
}

TEST(ChildProcess, AClosedOutputIsNoWayAroundTheTime) {
  ChildCommand command = Shell("exec >&- 2>&-; sleep 100");
  command.limits.wall_clock = absl::Milliseconds(200);
  EXPECT_EQ(RunChild(command).status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ChildProcess, OutputIsLimited) {
  ChildCommand command = Shell("yes");
  command.limits.output_bytes = 1000;
  const auto result = RunChild(command);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(result.status().message(), "sh: wrote more than 1000 bytes of output");
}

TEST(ChildProcess, CpuMemoryAndFilesAreLimited) {
  ChildCommand busy = Shell("while :; do :; done");
  busy.limits.cpu_seconds = 1;
  const auto killed = RunChild(busy);
  EXPECT_EQ(killed.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(killed.status().message()), HasSubstr("sh: ended by signal "));

  ChildCommand greedy = Shell("ulimit -v; ulimit -n");
  greedy.limits.memory_bytes = uint64_t{256} << 20;
  greedy.limits.open_files = 32;
  const auto limits = RunChild(greedy);
  ASSERT_TRUE(limits.ok()) << limits.status();
  EXPECT_EQ(limits->output, "262144\n32\n");  // ulimit -v counts KiB

  const TempFolder folder;
  const auto written = RunChild(Shell(Cat("echo x > ", folder / "f", "; cat ", folder / "f")));
  EXPECT_TRUE(!written.ok() || written->output.empty());
}

TEST(ChildProcess, LimitsAboveOurOwnAreOurOwn) {
  rlimit own{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &own), 0);
  ChildCommand command = Shell("ulimit -Hn");
  command.limits.open_files = uint64_t{own.rlim_max} + 1000;
  command.limits.memory_bytes = UINT64_MAX;
  const auto result = RunChild(command);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, std::to_string(own.rlim_max) + "\n");
}

TEST(ChildProcess, AProgramThatIsNotThereIsNamedWithItsPackage) {
  ChildCommand command;
  command.program = "no-such-program-here";
  command.debian_package = "poppler-utils";
  const auto result = RunChild(command);
  EXPECT_EQ(result.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(result.status().message(),
            "no-such-program-here: not installed, needed is the Debian package poppler-utils");
}

TEST(ChildProcess, ManyThreadsRunChildrenAtOnce) {
  std::vector<std::string> outputs(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < outputs.size(); ++i) {
    threads.emplace_back([&outputs, i] {
      for (int run = 0; run < 5; ++run) {
        const auto result = RunChild(Shell("cat", Cat("input ", i)));
        outputs[i] = result.ok() ? result->output : result.status().ToString();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < outputs.size(); ++i) EXPECT_EQ(outputs[i], Cat("input ", i));
}

TEST(BesideThisProgramTest, IsAPathWhereTheProgramIsAndItsNameWhereItIsNot) {
  const std::string self = BesideThisProgram("base_test");
  EXPECT_TRUE(self.ends_with("/base_test")) << self;
  EXPECT_EQ(BesideThisProgram("no-such-program"), "no-such-program");
}

}  // namespace
}  // namespace policykb
