// Publishing: the one way a snapshot comes to be live.
//
// Everything is written beside what is live, synced, renamed into place, and CURRENT is replaced by
// one rename: whoever looks, before or after a crash, sees the old or the new snapshot whole. Used
// by one indexer at a time, which holds the lock.

#ifndef POLICYKB_CORE_SNAPSHOT_PUBLISH_H_
#define POLICYKB_CORE_SNAPSHOT_PUBLISH_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/snapshot/editorial.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/record_store.h"

namespace policykb {

// Exclusive right to change a knowledge base, until destroyed.
class KnowledgeBaseLock {
 public:
  // Makes the folder where it is missing. Errors: FailedPrecondition (held; names the process),
  // PermissionDenied, ResourceExhausted.
  static absl::StatusOr<std::unique_ptr<KnowledgeBaseLock>> Acquire(const std::string& kb);
  ~KnowledgeBaseLock();
  KnowledgeBaseLock(const KnowledgeBaseLock&) = delete;
  KnowledgeBaseLock& operator=(const KnowledgeBaseLock&) = delete;

 private:
  explicit KnowledgeBaseLock(int fd) : fd_(fd) {}
  int fd_;
};

// An id that no snapshot of the knowledge base has and no segment was made for: time in UTC and, if
// need be, a counter. Errors: as ListNames.
absl::StatusOr<std::string> NewSnapshotId(const std::string& kb, absl::Time now);

// Removes what an interrupted run left: staging folders, and segments that no snapshot refers to.
// REQUIRES: the lock is held. Errors: PermissionDenied, DataLoss (a manifest that cannot be read:
// then nothing is removed).
absl::Status RemoveDebris(const std::string& kb);

// Writes one snapshot folder: whole or not at all, and not live before MakeLive.
class SnapshotWriter {
 public:
  // Begins snapshots/{id} with the records of the snapshot `parent`, or with none where that is
  // empty. REQUIRES: the lock is held. Errors: ResourceExhausted, PermissionDenied, DataLoss.
  static absl::StatusOr<std::unique_ptr<SnapshotWriter>> Begin(const std::string& kb,
                                                               const std::string& id,
                                                               const std::string& parent);

  // The records as they will be in the snapshot.
  RecordStore& records() { return *records_; }
  // Writes the editorial words, or nothing where there are none. Errors: as WriteEditorial of
  // editorial.h.
  absl::Status AddEditorial(const Editorial& editorial, const Embedder& embedder);
  // Takes the parent's. REQUIRES: a parent. Errors: as LinkFile.
  absl::Status KeepEditorial();
  // Completes the folder: records, the files of `embedder_folder` (as hard links where possible),
  // the manifest, whose id and files it fills in. What the parent holds already is not read again.
  // REQUIRES: the segments exist. Errors: ResourceExhausted, PermissionDenied, Unavailable.
  absl::Status Finish(Manifest manifest, const std::string& embedder_folder);

 private:
  SnapshotWriter(std::string kb, std::string id, std::string parent);

  const std::string kb_;
  const std::string id_;
  const std::string parent_;
  const std::string staging_;
  std::unique_ptr<RecordStore> records_;
};

// Makes a complete snapshot the live one by replacing CURRENT. REQUIRES: the lock is held. Errors:
// NotFound, DataLoss, ResourceExhausted, PermissionDenied; the live snapshot is then the one it
// was.
absl::Status MakeLive(const std::string& kb, const std::string& id);

// Removes a snapshot that is not live with its reports; a crash in between leaves debris, no half
// of one. REQUIRES: the lock is held. Errors: PermissionDenied.
absl::Status RemoveSnapshot(const std::string& kb, const std::string& id);

// Ids of the complete snapshots, oldest first. Errors: PermissionDenied.
absl::StatusOr<std::vector<std::string>> ListSnapshots(const std::string& kb);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_PUBLISH_H_
