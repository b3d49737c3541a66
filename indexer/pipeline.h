// The pipeline: a corpus folder -> a snapshot.
//
// Everything `policykb-indexer build`, `update` and `withdraw` do, without printing. Snapshots they
// write are not live before MakeLive (core/snapshot/publish.h). Not for reading single files
// (structure/parse_file). One call at a time per knowledge base; the lock enforces it.

#ifndef POLICYKB_INDEXER_PIPELINE_H_
#define POLICYKB_INDEXER_PIPELINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/embedding/corpus_embedder.h"
#include "core/embedding/open_embedder.h"
#include "core/snapshot/snapshot_report.h"
#include "core/snapshot/vector_index.h"
#include "indexer/change.h"
#include "indexer/corpus.h"
#include "indexer/editorial_files.h"
#include "indexer/revisions.h"
#include "indexer/stages.h"

namespace policykb {

// Whether a snapshot goes live when it is written.
enum class Publish { kNow, kLater };

struct BuildOptions {
  std::string corpus;              // folder
  std::string kb;                  // folder, made where missing
  EmbedderChoice embedder_choice;  // of kind corpus: `embedder` is trained
  CorpusEmbedderOptions embedder;
  int threads = 2;  // for parsing, >= 1
  // Passages that are indexed in memory at a time. Segments of so many are then made one up to
  // merged_passages: one walk over a graph of a million finds more in half the time than eight
  // walks over an eighth; a graph of two million takes ten minutes to build.
  uint32_t segment_passages = 131072;
  uint64_t merged_passages = 1 << 21;
  std::string vector_index;  // FAISS factory string; empty: our own graph
  uint32_t vector_index_from = VectorIndexOptions().graph_from;  // vectors of a segment, >= 1
  Publish publish = Publish::kNow;
};

// What reading a corpus came to.
struct CorpusReport {
  uint64_t files = 0;
  uint64_t bytes = 0;
  std::vector<FileProblem> unread;     // of a format that is not read
  std::vector<FileProblem> skipped;    // could not be read or parsed; what was indexed of it stays
  std::vector<std::string> left_out;   // one line each: what of files that were read was not taken
  std::vector<std::string> warnings;   // one line each
  std::vector<std::string> withdrawn;  // ids left out because they were withdrawn

  void Add(const RevisionProblems& problems) {
    left_out.insert(left_out.end(), problems.refused.begin(), problems.refused.end());
    warnings.insert(warnings.end(), problems.doubts.begin(), problems.doubts.end());
  }
  // `pointless`: PointlessEntries.
  void Add(const EditorialFiles& editorial, const std::vector<std::string>& pointless) {
    left_out.insert(left_out.end(), editorial.faults.begin(), editorial.faults.end());
    warnings.insert(warnings.end(), pointless.begin(), pointless.end());
  }
  // Whether all that the corpus says was taken.
  bool IsWhole() const { return skipped.empty() && left_out.empty(); }
  // All of it that a person should look at, to be kept with the snapshot.
  RunReport Findings() const;
};

struct BuildReport {
  CorpusReport corpus;
  std::string snapshot;
  std::string content_digest;
  uint64_t documents = 0;
  uint64_t passages = 0;
  uint64_t embedded = 0;        // passages
  uint64_t reused = 0;          // passages whose vectors an earlier or interrupted run had left
  uint64_t cut = 0;             // passages longer than the embedder reads
  uint64_t snapshot_bytes = 0;  // segments and snapshot folder on disk
  StageSeconds stage_seconds;
};

// Reads every file below the corpus, trains or opens the embedder, and writes a snapshot that owes
// nothing to earlier ones but the list of withdrawn documents. A file that cannot be read is
// reported and left out. Nothing is published when it fails. Errors: NotFound, PermissionDenied,
// FailedPrecondition (corpus folder; knowledge base held by another indexer), InvalidArgument (no
// document could be read; the vector index, as CheckVectorFactory and BuildFactoryIndex),
// ResourceExhausted (disk full), DataLoss (knowledge base damaged), and those of PrepareEmbedder
// and of the embedder.
absl::StatusOr<BuildReport> Build(const BuildOptions& options, const Progress& progress);

struct UpdateOptions {
  std::string corpus;  // folder
  std::string kb;      // folder with a published snapshot
  int threads = 2;     // for reading and parsing, >= 1
  // A corpus that lost more than this share of the documents (and more than ten of them) is taken
  // for one that is not mounted.
  double most_removed = 0.25;
  Publish publish = Publish::kNow;
};

struct UpdateReport {
  CorpusReport corpus;
  uint64_t changed_files = 0;
  uint64_t removed_files = 0;
  ChangeReport change;
  StageSeconds stage_seconds;
};

// Takes over what differs on disk from the live snapshot, by content. Documents of a file that can
// no longer be read stay as they were. Without a difference nothing is written. Errors: as Build;
// NotFound (nothing was published), FailedPrecondition (too much is gone, another analyzer).
absl::StatusOr<UpdateReport> Update(const UpdateOptions& options, const Progress& progress);

enum class Withdrawal { kWithdraw, kReadmit };

// Takes documents out of the knowledge base, though their files may stay in the corpus, or lets
// them in again with the next update. Errors: as Update; NotFound naming the ids that are not
// there.
absl::StatusOr<ChangeReport> Withdraw(const std::string& kb, const std::vector<std::string>& ids,
                                      Withdrawal direction, Publish publish);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_PIPELINE_H_
