// The commands of policykb with which the data team judges a snapshot before it is published. Each
// prints to standard output and returns what went wrong; main decides the exit code.
//
// One call at a time.

#ifndef POLICYKB_TOOLS_DATA_COMMANDS_H_
#define POLICYKB_TOOLS_DATA_COMMANDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/commands.h"

namespace policykb {

// As --baseline: compare with no snapshot.
inline constexpr std::string_view kNoBaseline = "none";

struct GateOptions {
  std::string kb;        // folder
  std::string snapshot;  // id of the one to judge
  std::string rules;     // gate file
  std::string baseline;  // id; empty: the live one, if there is one; or kNoBaseline
};

enum class GateVerdict { kPassed, kRefused };

// Errors: as ReadGateFile, OpenSearcher and JudgeSnapshot; then there is no verdict.
absl::StatusOr<GateVerdict> RunGate(const GateOptions& options, OutputForm form);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_DATA_COMMANDS_H_
