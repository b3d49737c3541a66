// policykb bench --vectors: how fast the vector indexes of a snapshot find the nearest passages,
// and how many of them, under filters of several sizes.
//
// Compares with the exact answer, the best by the score of every allowed passage. Not for whole
// searches (bench.h). One call at a time.

#ifndef POLICYKB_TOOLS_BENCH_VECTORS_H_
#define POLICYKB_TOOLS_BENCH_VECTORS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/bench.h"

namespace policykb {

// Under one filter, over all questions.
struct FilteredVectorFigures {
  uint64_t kept = 0;              // passages that the filter allows
  double recall = 0;              // mean share of the k best by score that were found
  double p50_ms = 0, p99_ms = 0;  // of a search of all segments, the filter being made already
};

struct VectorBenchReport {
  uint64_t vectors = 0;
  int dimension = 0;
  size_t segments = 0;
  size_t indexes = 0;  // segments with a graph or a FAISS index
  size_t questions = 0;
  // Filters that keep all, a tenth, a hundredth, a thousandth and three of the passages.
  std::vector<FilteredVectorFigures> filters;
};

// Of the options: kb, snapshot, topics, k and repeats. At most 200 questions, taken evenly, are
// asked: the exact answers take longer than the searches. Errors: as Snapshot::OpenCurrent,
// ReadTopics and Embedder::EmbedQuery; InvalidArgument (no kb).
absl::StatusOr<VectorBenchReport> BenchVectors(const BenchOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_VECTORS_H_
