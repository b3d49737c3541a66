#include "indexer/gate.h"

#include <cstdint>
#include <cstdio>

#include "core/base/child_process.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr int kRefused = 3;

}  // namespace

Judge GateJudge(const GateOptions& options) {
  return [options](const std::string& snapshot) -> absl::Status {
    ChildCommand command;
    command.program = options.policykb.empty() ? BesideThisProgram("policykb") : options.policykb;
    command.arguments = {"gate",   "--kb",   options.kb,   "--snapshot",
                         snapshot, "--gate", options.gate, "--keep"};
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
