// RecordStore: documents and passages by key. The wall around RocksDB.
//
// Answers by key only; nothing on the query path before the final hits reads it. A writable store
// is used by one thread; a read-only one by any.

#ifndef POLICYKB_CORE_SNAPSHOT_RECORD_STORE_H_
#define POLICYKB_CORE_SNAPSHOT_RECORD_STORE_H_

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/record_codec.h"
#include "core/snapshot/records.h"

namespace policykb {

class RecordStore {
 public:
  // Opens or creates the indexer's working store. Errors: FailedPrecondition (held by another
  // process), DataLoss, ResourceExhausted, PermissionDenied.
  static absl::StatusOr<std::unique_ptr<RecordStore>> OpenForWriting(const std::string& path);
  // Opens a checkpoint without changing any file. Errors: NotFound, DataLoss.
  static absl::StatusOr<std::unique_ptr<RecordStore>> OpenReadOnly(const std::string& path);
  ~RecordStore();

  // Removes every document and passage. Errors: as Write.
  absl::Status Clear();
  // Writes a document and its passages, all or nothing. Errors: ResourceExhausted (disk full),
  // DataLoss, Unavailable.
  absl::Status Write(const Document& document, const std::vector<Passage>& passages);
  // Makes `path`, which must not exist, a store with the content of now; its files are hard links
  // where possible. Everything written so far is flushed first. Errors: as Write.
  absl::Status Checkpoint(const std::string& path);

  // The document without text and provisions. Errors: NotFound, DataLoss.
  absl::StatusOr<Document> GetDocumentMetadata(const std::string& id) const;
  // The whole document. Errors: NotFound, DataLoss.
  absl::StatusOr<Document> GetDocument(const std::string& id) const;
  // Errors: NotFound, DataLoss.
  absl::StatusOr<Passage> GetPassage(const std::string& name) const;
  // In the order of `names`; fails as a whole. Errors: as GetPassage.
  absl::StatusOr<std::vector<Passage>> GetPassages(std::span<const std::string> names) const;
  // All passages of a document, in the order of its text; none where it is absent. Errors:
  // DataLoss.
  absl::StatusOr<std::vector<Passage>> PassagesOf(const std::string& document_id) const;
  // Calls `visit` with every document, in ascending order of ids, until it fails. Errors: DataLoss;
  // as `visit`.
  absl::Status ForEachDocument(
      const std::function<absl::Status(const StoredDocument&)>& visit) const;
  // Reads every record and checks its checksum and grammar. Errors: DataLoss.
  absl::Status Verify() const;

 private:
  struct Database;
  explicit RecordStore(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_RECORD_STORE_H_
