// Snapshot: one published state of the knowledge base, open for reading.
//
// Holds the segments, the records, and the embedder its vectors were made with. Const after Open,
// any thread; shared as shared_ptr<const Snapshot> so that requests in flight finish on the one
// they began with.

#ifndef POLICYKB_CORE_SNAPSHOT_SNAPSHOT_H_
#define POLICYKB_CORE_SNAPSHOT_SNAPSHOT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"
#include "core/snapshot/editorial.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/record_store.h"
#include "core/snapshot/segment.h"

namespace policykb {

class Snapshot {
 public:
  // Opens the snapshot that CURRENT names, changing no file. Checks the manifest, the checksums of
  // segment files and editorial words, the sizes of all other files and that embedder and analyzer
  // are those the snapshot was built with. Errors: NotFound (nothing published), FailedPrecondition
  // (format version, fingerprint), DataLoss.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> OpenCurrent(const std::string& kb);
  // `manifest_xxh3` may be empty: then the manifest is not checked against anything. What
  // `previous` (may be null) has open already is shared, so that going over to a snapshot that
  // differs little costs little.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> Open(
      const std::string& kb, const std::string& id, std::string_view manifest_xxh3,
      const std::shared_ptr<const Snapshot>& previous = nullptr);

  const Manifest& manifest() const { return manifest_; }
  const std::vector<std::unique_ptr<Segment>>& segments() const { return segments_; }
  const RecordStore& records() const { return *records_; }
  const Embedder& embedder() const { return *embedder_; }
  // Null where there are none.
  const StoredEditorial* editorial() const { return editorial_.get(); }

  std::shared_ptr<const Embedder> shared_embedder() const { return embedder_; }
  // Folder of the embedder's files.
  std::string embedder_folder() const;

  // Where a document lives. Errors: NotFound.
  struct Place {
    const Segment* segment = nullptr;
    uint32_t document = 0;
  };
  absl::StatusOr<Place> FindDocument(std::string_view id) const;

  // Checks every byte: checksums of all files, grammar of all lists and records. Errors: DataLoss.
  absl::Status Verify() const;

 private:
  // Errors: DataLoss. REQUIRES: editorial words.
  absl::Status CheckQuestionVectors() const;

  std::string kb_;
  Manifest manifest_;
  std::vector<std::unique_ptr<Segment>> segments_;
  std::unique_ptr<RecordStore> records_;
  std::shared_ptr<const Embedder> embedder_;
  std::shared_ptr<const StoredEditorial> editorial_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SNAPSHOT_H_
