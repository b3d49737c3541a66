// The indexer as a process of its own, which a test can kill.
//
// POLICYKB_INDEXER is the path of the program. Any thread.

#ifndef POLICYKB_TESTS_INTEGRATION_INDEXER_PROCESS_H_
#define POLICYKB_TESTS_INTEGRATION_INDEXER_PROCESS_H_

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

extern char** environ;

namespace policykb {

using Words = std::vector<std::string>;

// Starts it with these arguments; what it prints goes into the file `output`.
inline pid_t StartIndexer(Words words, const std::string& output) {
  words.insert(words.begin(), POLICYKB_INDEXER);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t quiet;
  posix_spawn_file_actions_init(&quiet);
  posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, output.c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&quiet, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = -1;
  EXPECT_EQ(posix_spawn(&child, POLICYKB_INDEXER, &quiet, nullptr, arguments.data(), environ), 0);
  posix_spawn_file_actions_destroy(&quiet);
  return child;
}

// The status that waitpid gives.
inline int WaitFor(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace policykb

#endif  // POLICYKB_TESTS_INTEGRATION_INDEXER_PROCESS_H_
