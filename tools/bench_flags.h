// Options of the command line that say what bench measures.
//
// Not for measuring (bench_command.h). One thread.

#ifndef POLICYKB_TOOLS_BENCH_FLAGS_H_
#define POLICYKB_TOOLS_BENCH_FLAGS_H_

#include "tools/bench_command.h"

namespace CLI {
class App;
}  // namespace CLI

namespace policykb {

// All but --json. `command` outlives the parsing.
void AddBenchOptions(CLI::App& bench, BenchCommand& command);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_FLAGS_H_
