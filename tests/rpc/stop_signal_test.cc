#include <gtest/gtest.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "core/rpc/server.h"

namespace policykb {
namespace {

// A child process that blocks the signals, says so through a pipe, sends itself `early`, waits to
// be stopped, writes a byte for each SIGHUP meanwhile, and exits with 42. It has a thread that is
// older than the block, as a library may start one before main.
class WaitingProcess {
 public:
  explicit WaitingProcess(int early = 0) {
    int pipe_ends[2];
    EXPECT_EQ(::pipe(pipe_ends), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      std::thread([] {
        for (;;) ::pause();
      }).detach();
      RpcServer::BlockSignals();
      const bool told = ::write(pipe_ends[1], "b", 1) == 1;
      if (early != 0) ::kill(::getpid(), early);
      RpcServer::WaitForStopSignal([&] { (void)!::write(pipe_ends[1], "h", 1); });
      ::_exit(told ? 42 : 1);
    }
    ::close(pipe_ends[1]);
    said_ = pipe_ends[0];
    EXPECT_EQ(NextByte(), 'b');
  }
  ~WaitingProcess() {
    ::close(said_);
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  // What it says next; 0 when it has ended.
  char NextByte() const {
    char byte = 0;
    return ::read(said_, &byte, 1) == 1 ? byte : '\0';
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
  int said_ = -1;
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

TEST(StopSignalTest, SighupIsToldAndEndsNothing) {
  WaitingProcess process;
  for (int i = 0; i < 3; ++i) {
    process.Send(SIGHUP);
    EXPECT_EQ(process.NextByte(), 'h');
  }
  process.Send(SIGTERM);
  EXPECT_EQ(process.WaitForExit(), 42);
}

TEST(StopSignalTest, WhatComesBeforeTheWaitIsKeptForIt) {
  WaitingProcess stopped(SIGTERM);
  EXPECT_EQ(stopped.WaitForExit(), 42);
  WaitingProcess process(SIGHUP);
  EXPECT_EQ(process.NextByte(), 'h');
  process.Send(SIGTERM);
  EXPECT_EQ(process.WaitForExit(), 42);
}

TEST(StopSignalTest, OtherSignalsKeepTheirMeaning) {
  WaitingProcess process;
  process.Send(SIGUSR1);
  EXPECT_EQ(process.WaitForExit(), -1);
}

}  // namespace
}  // namespace policykb
