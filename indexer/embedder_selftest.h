// Self-test of a transformer model on this machine: does it load, do its precisions agree, how fast
// are they?
//
// For whoever brings real weights. Works on texts of its own; no knowledge base. One thread besides
// the workers.

#ifndef POLICYKB_INDEXER_EMBEDDER_SELFTEST_H_
#define POLICYKB_INDEXER_EMBEDDER_SELFTEST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/embedding/transformer/transformer_model.h"

namespace policykb {

struct PrecisionResult {
  Precision precision = Precision::kF32;
  // Lowest cosine of the texts' vectors to those of the scalar reference.
  double lowest_cosine = 0;
  // Largest difference of a component between a text alone and among others.
  double batch_difference = 0;
  double passages_per_second = 0;      // of 128 tokens, one worker
  double passages_per_second_all = 0;  // all workers
  double query_ms = 0;                 // of 16 tokens, median
  size_t packed_bytes = 0;
  bool passed = false;
};

struct SelftestReport {
  std::string description;  // of the model, a line
  std::string fingerprint;  // with the fastest exact precision
  size_t texts = 0;
  size_t tokens = 0;
  size_t unknown_tokens = 0;
  size_t workers = 0;
  std::vector<PrecisionResult> precisions;  // that this CPU is fast in

  bool passed() const;
};

// Cosines that a precision has to reach: f32 .9999, bf16 .999, int8 .99.
double LeastCosine(Precision precision);

// `time_each`: how long the speed of each precision is measured. Errors: as TransformerModel::Open.
absl::StatusOr<SelftestReport> RunEmbedderSelftest(const std::string& model,
                                                   const TransformerOptions& options,
                                                   absl::Duration time_each);

// For people.
std::string FormatSelftestReport(const SelftestReport& report);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_EMBEDDER_SELFTEST_H_
