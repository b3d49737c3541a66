#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/rpc/server.h"

namespace policykb {
namespace {

// A child process that blocks the stop signals, says so through a pipe, waits for one, and exits
// with 42.
class WaitingProcess {
 public:
  WaitingProcess() {
    int pipe_ends[2];
    EXPECT_EQ(::pipe(pipe_ends), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      RpcServer::BlockStopSignals();
      const bool told = ::write(pipe_ends[1], "b", 1) == 1;
      RpcServer::WaitForStopSignal();
      ::_exit(told ? 42 : 1);
    }
    ::close(pipe_ends[1]);
    char ready = 0;
    EXPECT_EQ(::read(pipe_ends[0], &ready, 1), 1);
    ::close(pipe_ends[0]);
  }
  ~WaitingProcess() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  void Send(int signal) { EXPECT_EQ(::kill(pid_, signal), 0); }
  // Its exit code; -1 when a signal ended it.
  int WaitForExit() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
};

TEST(StopSignalTest, SigtermEndsTheWait) {
  WaitingProcess process;
  process.Send(SIGTERM);
  EXPECT_EQ(process.WaitForExit(), 42);
}

TEST(StopSignalTest, SigintEndsTheWait) {
  WaitingProcess process;
  process.Send(SIGINT);
  EXPECT_EQ(process.WaitForExit(), 42);
}

TEST(StopSignalTest, OtherSignalsKeepTheirMeaning) {
  WaitingProcess process;
  process.Send(SIGUSR1);
  EXPECT_EQ(process.WaitForExit(), -1);
}

}  // namespace
}  // namespace policykb
