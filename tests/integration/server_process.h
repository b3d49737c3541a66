// A server as a process of its own, which a test can stop, kill and starve.
//
// Its stderr goes into a file. One thread.

#ifndef POLICYKB_TESTS_INTEGRATION_SERVER_PROCESS_H_
#define POLICYKB_TESTS_INTEGRATION_SERVER_PROCESS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/files.h"

extern char** environ;

namespace policykb {

class ServerProcess {
 public:
  ServerProcess(const std::string& program, std::vector<std::string> words, std::string log)
      : log_(std::move(log)) {
    int out[2];
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_.c_str(),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    words.insert(words.begin(), program);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments.data(), environ),
              0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(out[1]);
    std::string line;
    for (char c = 0; ::read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    ::close(out[0]);
    constexpr std::string_view kListening = " listening on ";
    const size_t at = line.find(kListening);
    if (at != std::string::npos) address_ = line.substr(at + kListening.size());
  }
  ~ServerProcess() {
    if (pid_ > 0) Stop(SIGKILL);
  }

  // host:port; empty when it does not listen.
  const std::string& address() const { return address_; }
  pid_t pid() const { return pid_; }
  std::string Log() const { return *ReadFile(log_); }
  std::string MetricsAddress() const {
    const std::string log = Log();
    std::string_view mark = "event=metrics address=";
    if (log.starts_with("{")) mark = R"("event":"metrics","address":")";
    const size_t at = log.find(mark);
    EXPECT_NE(at, std::string::npos) << log;
    const size_t begin = at + mark.size();
    return log.substr(begin, log.find_first_of("\"\n", begin) - begin);
  }
  // What waitpid says of its end.
  int Stop(int signal) {
    ::kill(pid_, signal);
    return Wait();
  }
  int Wait() {
    int status = 0;
    EXPECT_EQ(::waitpid(pid_, &status, 0), pid_);
    pid_ = 0;
    return status;
  }

 private:
  std::string log_;
  pid_t pid_ = 0;
  std::string address_;
};

}  // namespace policykb

#endif  // POLICYKB_TESTS_INTEGRATION_SERVER_PROCESS_H_
