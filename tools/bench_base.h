// Knowledge bases of any size to measure on, made from documents at hand.
//
// A corpus of varied copies (corpus_maker.h), built by policykb-indexer as a process of its own, so
// that the memory it takes is not taken for what searching takes. One call at a time.

#ifndef POLICYKB_TOOLS_BENCH_BASE_H_
#define POLICYKB_TOOLS_BENCH_BASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct BenchBaseOptions {
  std::vector<std::string> from;  // folders; their .md and .txt files are copied
  std::string folder;             // absent or empty; filled with `corpus` and `kb`
  // To stop at, >= 1; counted as articles (corpus_maker.h), so that guides make it more.
  uint64_t passages = 0;
  std::string indexer;  // program; empty: policykb-indexer beside this one or in PATH
};

struct BenchBase {
  std::string kb;
  double build_seconds = 0;  // of policykb-indexer alone
  uint64_t kb_bytes = 0;     // on disk
};

// Errors: as MakeCorpus and RunChild; Unavailable (the indexer failed, with its last line).
absl::StatusOr<BenchBase> MakeBenchBase(const BenchBaseOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_BENCH_BASE_H_
