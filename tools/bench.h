// policykb bench: how fast a knowledge base opens and answers searches, and in how much memory,
// measured over real questions.
//
// Not for quality (evaluate.h), not for making bases (bench_base.h) and not for printing
// (bench_report.h). One call at a time.

#ifndef POLICYKB_TOOLS_BENCH_H_
#define POLICYKB_TOOLS_BENCH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/rpc/channel.h"
#include "tools/bench_answers.h"

namespace policykb {

struct BenchOptions {
  std::string kb;               // in process, or
  std::string snapshot;         // with kb only; empty: the live one
  std::string retriever;        // over gRPC, as ChannelOptions::address; exactly one of the two
  ChannelOptions channel = {};  // the rest of how it is reached
  std::string topics;           // JSON lines with text
  int k = 10;
  int repeats = 3;  // passes over the topics after one that warms up
  int threads = 1;  // callers at once, each waiting for its answer
  // Searches once more, one at a time, with a clock for the stages; in process only.
  bool stages = false;
  bool answers = false;  // also answers the topics without a model, one at a time
};

struct LatencyFigures {
  double mean_ms = 0, p50_ms = 0, p90_ms = 0, p99_ms = 0, p999_ms = 0, max_ms = 0;
};

// What one stage of a search takes, over all searches that were timed by stage.
struct StageFigures {
  std::string name;
  double p50_ms = 0, p99_ms = 0, mean_ms = 0;
};

struct BenchReport {
  bool in_process = false;
  double open_ms = 0;   // in process only
  size_t searches = 0;  // measured
  size_t failed = 0;
  LatencyFigures latency;  // median over the passes of each figure
  double searches_per_second = 0;
  std::vector<StageFigures> stages;  // in the order of a search; empty unless asked for
  std::optional<AnswerBenchReport> answers = std::nullopt;  // where asked for
  // Of this process: in the end, and at most since it opened the base. Where the base is searched
  // in process, mapped pages of its files included. 0 where the system does not tell.
  double resident_mib = 0;
  double peak_mib = 0;
  uint64_t documents = 0, passages = 0;
};

// Percentile of `sorted` by the nearest rank. REQUIRES: sorted is not empty and ascending, 0 <
// share <= 1.
double NearestRank(const std::vector<double>& sorted, double share);
// Of times in any order; all zero of none.
LatencyFigures LatencyOf(std::vector<double> ms);

// Errors: as Snapshot::OpenCurrent, ReadTopics; Unavailable.
absl::StatusOr<BenchReport> Bench(const BenchOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_H_
