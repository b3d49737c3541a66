// Publishing: the one way a snapshot comes to be live.
//
// Everything is written beside what is live, synced, renamed into place, and CURRENT is replaced by
// one rename: whoever looks, before or after a crash, sees the old or the new snapshot whole. Used
// by one indexer at a time, which holds the lock.

#ifndef POLICYKB_CORE_SNAPSHOT_PUBLISH_H_
#define POLICYKB_CORE_SNAPSHOT_PUBLISH_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
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

// An id that no snapshot and no segment of the knowledge base has: time in UTC and, if need be, a
// counter.
std::string NewSnapshotId(const std::string& kb, absl::Time now);

// Removes what an interrupted run left: staging folders, and segments that no snapshot refers to.
// REQUIRES: the lock is held. Errors: PermissionDenied, DataLoss (a manifest that cannot be read:
// then nothing is removed).
absl::Status RemoveDebris(const std::string& kb);

// Writes snapshots/{manifest.id}: records as a checkpoint of `store`, the files of
// `embedder_folder`, the manifest; then makes it live. Fills in the manifest's files. REQUIRES: the
// lock is held, the segments exist. Errors: ResourceExhausted, PermissionDenied, Unavailable; the
// live snapshot is then the one it was.
absl::Status PublishSnapshot(const std::string& kb, Manifest manifest, RecordStore& store,
                             const std::string& embedder_folder);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_PUBLISH_H_
