// The command bench: measures a base that is there, makes bases of given sizes and measures each,
// or loads a retriever.
//
// Prints to standard output and returns what went wrong; main decides the exit code. One call at a
// time.

#ifndef POLICYKB_TOOLS_BENCH_COMMAND_H_
#define POLICYKB_TOOLS_BENCH_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/bench.h"
#include "tools/commands.h"
#include "tools/load.h"

namespace policykb {

struct BenchCommand {
  BenchOptions measure;
  // Sizes in passages of bases to make and measure, one after the other, in place of measure.kb;
  // none: measure what is there.
  std::vector<uint64_t> sizes;
  LoadOptions load;               // rates or capacity: open-loop load on measure.retriever
  std::vector<std::string> from;  // with sizes: folders of documents to make them from
  std::string gateway;            // http://host:port: closed loop through a gateway
  bool vectors = false;           // measure the vector indexes of measure.kb alone
  std::string work;  // with sizes: folder that keeps them, absent or empty; empty: a temporary one
};

// Errors: as Bench, BenchVectors, MakeBenchBase, MeasureLoad; InvalidArgument (sizes with a base
// that is there or without documents).
absl::Status RunBench(const BenchCommand& command, OutputForm form);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_COMMAND_H_
