// Maintenance: what a data team does with snapshots that are there already.
//
// Everything `policykb-indexer compact`, `publish`, `list`, `verify` and `prune` do, without
// printing. Not for making them from documents (pipeline), nor for going back to an earlier one
// (core/snapshot/roll_back.h). What changes the knowledge base
// holds its lock.

#ifndef POLICYKB_INDEXER_MAINTENANCE_H_
#define POLICYKB_INDEXER_MAINTENANCE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/manifest.h"
#include "indexer/pipeline.h"
#include "indexer/stages.h"

namespace policykb {

struct ListedSnapshot {
  std::string id;
  bool is_live = false;
  // Or why it cannot be read.
  absl::StatusOr<Manifest> manifest = absl::UnknownError("not read");
};

// All complete snapshots, oldest first. Errors: NotFound (no knowledge base), PermissionDenied.
absl::StatusOr<std::vector<ListedSnapshot>> List(const std::string& kb);

struct CompactReport {
  std::string snapshot;  // empty: there was nothing to merge or to drop
  std::string content_digest;
  uint64_t merged_segments = 0;
  uint64_t bytes_before = 0;  // of segments
  uint64_t bytes_after = 0;
  StageSeconds stage_seconds;
};

// Makes one segment of the live snapshot's and drops what is dead from it and from the records. The
// content, and so its digest, stays the same. Errors: as Update.
absl::StatusOr<CompactReport> Compact(const std::string& kb, Publish publish,
                                      const Progress& progress);

// Judges a snapshot that is to go live; an error refuses it.
using Judge = std::function<absl::Status(const std::string& snapshot)>;

// Opens the snapshot as a retriever would, lets `judge` (may be empty) look at it, and makes it
// live. Without an id it is the newest that is younger than the live one. Returns its id. Errors:
// NotFound, DataLoss, FailedPrecondition, and what `judge` says.
absl::StatusOr<std::string> PublishExisting(const std::string& kb, const std::string& id,
                                            const Judge& judge);

// Reads every byte of a snapshot, by default the live one. Returns its id. Errors: DataLoss,
// NotFound.
absl::StatusOr<std::string> Verify(const std::string& kb, const std::string& id);

struct PruneReport {
  std::vector<std::string> removed;  // snapshots
  uint64_t freed_bytes = 0;
};

// Removes all snapshots but the live one and the `keep` - 1 newest others, and what only they
// needed. REQUIRES: keep >= 1. Errors: as List.
absl::StatusOr<PruneReport> Prune(const std::string& kb, size_t keep);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_MAINTENANCE_H_
