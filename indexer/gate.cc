#include "indexer/gate.h"

#include <unistd.h>

#include <climits>
#include <cstdint>
#include <cstdio>

#include "core/base/child_process.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr int kRefused = 3;

// `name` in the folder of the running program, or just `name` where it is not there.
std::string BesideThisProgram(const std::string& name) {
  char self[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", self, sizeof(self));
  if (size <= 0) return name;
  const std::string_view path(self, static_cast<size_t>(size));
  const std::string beside = JoinPath(path.substr(0, path.rfind('/')), name);
  return PathExists(beside) ? beside : name;
}

}  // namespace

Judge GateJudge(const GateOptions& options) {
  return [options](const std::string& snapshot) -> absl::Status {
    ChildCommand command;
    command.program = options.policykb.empty() ? BesideThisProgram("policykb") : options.policykb;
    command.arguments = {"gate",   "--kb",   options.kb,  "--snapshot",
                         snapshot, "--gate", options.gate};
    // Our own program: a large base is mapped whole, and thousands of questions take their time.
    command.limits = {.wall_clock = absl::Hours(1),
                      .cpu_seconds = 7200,
                      .memory_bytes = UINT64_MAX,
                      .file_bytes = uint64_t{1} << 30,
                      .open_files = 65536};
    ASSIGN_OR_RETURN(const ChildResult result, RunChild(command));
    std::fwrite(result.output.data(), 1, result.output.size(), stdout);
    std::fflush(stdout);
    if (result.exit_code == 0) return absl::OkStatus();
    if (result.exit_code == kRefused) {
      return absl::FailedPreconditionError(
          Cat("gate ", options.gate, ": snapshot ", snapshot, " is refused; the live one stays"));
    }
    return absl::UnavailableError(Cat("gate ", options.gate, ": snapshot ", snapshot,
                                      " could not be judged: ", result.last_error));
  };
}

}  // namespace policykb
