// ApplyChange: the live snapshot and what is to be different -> the next snapshot.
//
// The one way from a snapshot to its successor: an update, a withdrawal and its undoing are all a
// Change. What it costs grows with the change: a segment is written for text that is new, documents
// that only their metadata changed get an overlay, what is gone is marked dead, and records are a
// clone of the parent's. Not for a build from nothing (pipeline). REQUIRES: the lock is held.

#ifndef POLICYKB_INDEXER_CHANGE_H_
#define POLICYKB_INDEXER_CHANGE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/editorial.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/record_store.h"
#include "core/snapshot/vector_cache.h"
#include "indexer/revisions.h"
#include "indexer/stages.h"
#include "indexer/structure/parse_file.h"

namespace policykb {

// What the live snapshot knows of documents and files, without any text.
struct BaseState {
  Manifest manifest;
  std::map<std::string, StoredDocument> documents;  // by id
  std::map<std::string, FileRecord> files;          // by path
  std::map<std::string, std::string> withdrawn;     // ids -> paths
  Editorial editorial;
};

// Errors: NotFound (nothing published), FailedPrecondition (built with another analyzer), DataLoss.
absl::StatusOr<BaseState> ReadBaseState(const std::string& kb);

struct Change {
  std::vector<ParsedDocument> documents;         // new, or in place of those of the same ids
  std::set<std::string> removed;                 // ids
  std::vector<FileRecord> files;                 // new, or in place of those of the same paths
  std::set<std::string> removed_files;           // paths
  std::map<std::string, std::string> withdrawn;  // ids that are from now on left out -> paths
  std::set<std::string> readmitted;              // ids that were left out and no longer are
  // In place of the words that were there, without defined names, which come from the documents.
  std::optional<Editorial> editorial;
};

struct ChangeReport {
  std::string snapshot;  // empty: nothing is different, no snapshot was written
  std::string content_digest;
  uint64_t documents = 0;  // of the new snapshot
  uint64_t passages = 0;
  uint64_t added = 0;
  uint64_t changed = 0;           // text
  uint64_t metadata_changed = 0;  // metadata only
  uint64_t removed = 0;
  bool editorial_changed = false;
  uint64_t embedded = 0;  // passages
  uint64_t reused = 0;    // passages whose vectors were known
  uint64_t cut = 0;       // passages longer than the embedder reads
  uint64_t segments = 0;
  uint64_t merged_segments = 0;  // that were made one with others
  RevisionProblems revisions;
};

// Folder of the vectors that were embedded before.
std::string VectorCacheFolder(const std::string& kb);

// Writes the successor of `base`; it is not live yet. Errors: ResourceExhausted (disk full),
// PermissionDenied, DataLoss, FailedPrecondition.
absl::StatusOr<ChangeReport> ApplyChange(const std::string& kb, const BaseState& base,
                                         const Change& change, Stages& stages);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_CHANGE_H_
