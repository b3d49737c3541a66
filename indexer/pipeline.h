// The pipeline: a corpus folder -> a published snapshot.
//
// Everything `policykb-indexer build` does, without printing. Not for reading single files
// (structure/parse_file). One call at a time per knowledge base; the lock enforces it.

#ifndef POLICYKB_INDEXER_PIPELINE_H_
#define POLICYKB_INDEXER_PIPELINE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/corpus_embedder.h"

namespace policykb {

struct BuildOptions {
  std::string corpus;  // folder
  std::string kb;      // folder, made where missing
  CorpusEmbedderOptions embedder;
  int threads = 2;  // for parsing, >= 1
};

// A file that did not get into the snapshot.
struct SkippedFile {
  std::string path;    // relative to the corpus
  std::string reason;  // one line
};

struct BuildReport {
  std::string snapshot;
  std::string content_digest;
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t corpus_bytes = 0;
  uint64_t snapshot_bytes = 0;        // segments and snapshot folder on disk
  std::vector<SkippedFile> unread;    // of a format that is not read
  std::vector<SkippedFile> skipped;   // could not be read or parsed
  std::vector<std::string> warnings;  // one line each
  std::vector<std::pair<std::string, double>> stage_seconds;  // in order
};

// Told the stage and how much of it is done, in [0,1]. Called from the thread that called Build.
using BuildProgress = std::function<void(std::string_view stage, double fraction)>;

// Reads every file below the corpus, trains the embedder, writes one segment and publishes. A file
// that cannot be read is reported and left out. Nothing is published when it fails. Errors:
// NotFound, PermissionDenied, FailedPrecondition (corpus folder; knowledge base held by another
// indexer), InvalidArgument (no document could be read), ResourceExhausted (disk full), DataLoss
// (knowledge base damaged).
absl::StatusOr<BuildReport> Build(const BuildOptions& options, const BuildProgress& progress);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_PIPELINE_H_
