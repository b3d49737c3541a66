// The commands of policykb for who makes snapshots: judging one before it is published, comparing
// two, making corpora to measure on. Each prints to standard output and returns what went wrong;
// main decides the exit code.
//
// One call at a time.

#ifndef POLICYKB_TOOLS_DATA_COMMANDS_H_
#define POLICYKB_TOOLS_DATA_COMMANDS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/commands.h"
#include "tools/corpus_maker.h"

namespace policykb {

// As --baseline: compare with no snapshot.
inline constexpr std::string_view kNoBaseline = "none";

struct GateCommand {
  std::string kb;        // folder
  std::string snapshot;  // id of the one to judge
  std::string rules;     // gate file
  std::string baseline;  // id; empty: the live one, if there is one; or kNoBaseline
  bool keep = false;     // the verdict, with the knowledge base
};

enum class GateVerdict { kPassed, kRefused };

// Errors: as ReadGateFile, OpenSearcher and JudgeSnapshot; then there is no verdict.
absl::StatusOr<GateVerdict> RunGate(const GateCommand& options, OutputForm form);

struct DiffOptions {
  std::string kb;                      // folder
  std::vector<std::string> snapshots;  // ids: the older, the newer
};

// Errors: as DiffSnapshots.
absl::Status RunDiff(const DiffOptions& options, OutputForm form);

struct CorpusOptions {
  MakeCorpusOptions make;
  uint64_t touch = 0;  // documents of make.to to change instead of making it; 0: make it
  uint64_t round = 1;  // with touch
};

// Errors: as MakeCorpus, TouchCorpus; InvalidArgument.
absl::Status RunMakeCorpus(const CorpusOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_DATA_COMMANDS_H_
