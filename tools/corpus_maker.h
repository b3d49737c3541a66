// Making corpora of any size from documents at hand, and changing some documents of one: what
// updates and large bases are measured on.
//
// Deterministic: equal arguments and equal sources give equal bytes. Not for sample data. One call
// at a time.

#ifndef POLICYKB_TOOLS_CORPUS_MAKER_H_
#define POLICYKB_TOOLS_CORPUS_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct MakeCorpusOptions {
  std::vector<std::string> from;  // folders; their .md and .txt files are copied
  std::string to;                 // folder, absent or empty
  uint64_t articles = 0;          // to stop at, >= 1
  uint64_t seed = 1;
};

struct MadeCorpus {
  uint64_t sources = 0;
  uint64_t documents = 0;
  uint64_t articles = 0;
  uint64_t bytes = 0;
};

// Copies the sources round after round, each copy varied (text_variation.h), until the articles are
// reached; one source is held at a time. Errors: NotFound, PermissionDenied, InvalidArgument (no
// source holds an article), FailedPrecondition (`to` is not empty), ResourceExhausted.
absl::StatusOr<MadeCorpus> MakeCorpus(const MakeCorpusOptions& options);

// Changes one sentence in each of `documents` files of a corpus, evenly chosen; another round
// chooses others and writes another sentence. Returns the paths. Errors: as MakeCorpus;
// InvalidArgument (fewer files with an article than `documents`).
absl::StatusOr<std::vector<std::string>> TouchCorpus(const std::string& corpus, uint64_t documents,
                                                     uint64_t round);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_CORPUS_MAKER_H_
