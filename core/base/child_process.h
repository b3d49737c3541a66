// RunChild: another program as a child process, with limits on all that it may use.
//
// For programs that read untrusted files (poppler, tesseract): whatever such a file does to them
// ends with the child. Not for long-running or interactive programs. Any thread, several at once.

#ifndef POLICYKB_CORE_BASE_CHILD_PROCESS_H_
#define POLICYKB_CORE_BASE_CHILD_PROCESS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace policykb {

// Each at most what this program itself has left.
struct ChildLimits {
  absl::Duration wall_clock = absl::Seconds(60);
  uint64_t cpu_seconds = 60;
  uint64_t memory_bytes = uint64_t{1} << 30;  // of address space
  uint64_t file_bytes = 0;                    // largest file that it may write
  uint64_t open_files = 64;
  uint64_t output_bytes = uint64_t{64} << 20;  // on its standard output
};

struct ChildCommand {
  std::string program;  // a name that is looked up in PATH, or a path
  std::vector<std::string> arguments;
  std::string_view input;      // its standard input
  std::string debian_package;  // named when the program is not there
  ChildLimits limits;
};

struct ChildResult {
  int exit_code = 0;
  std::string output;      // its standard output, whole
  std::string last_error;  // last line of its standard error that is not blank, cut to 200 bytes
};

// Runs it to its end in a process group of its own, which is killed before this returns. It
// inherits no open files, and of the environment PATH only. The caller judges the exit code.
// Errors: FailedPrecondition (not installed: with the package), DeadlineExceeded (wall clock),
// ResourceExhausted (output; ended by a signal, as for memory and CPU), Unavailable (the system
// gives no process, pipe or memory).
absl::StatusOr<ChildResult> RunChild(const ChildCommand& command);

// Path of the program `name` in the folder of the running one, or just `name`, to be looked up in
// PATH, where it is not there.
std::string BesideThisProgram(const std::string& name);

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_CHILD_PROCESS_H_
