// RecordStore: documents and passages by key. The wall around RocksDB.
//
// Answers by key only; nothing on the query path before the final hits reads it. A writable store
// is used by one thread; a read-only one by any.

#ifndef POLICYKB_CORE_SNAPSHOT_RECORD_STORE_H_
#define POLICYKB_CORE_SNAPSHOT_RECORD_STORE_H_

#include <functional>
#include <map>
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
  // Opens or creates a store. Errors: FailedPrecondition (held by another process), DataLoss,
  // ResourceExhausted, PermissionDenied.
  static absl::StatusOr<std::unique_ptr<RecordStore>> OpenForWriting(const std::string& path);
  // Opens a checkpoint without changing any file. Errors: NotFound, DataLoss.
  static absl::StatusOr<std::unique_ptr<RecordStore>> OpenReadOnly(const std::string& path);
  // Makes `path`, which must not exist, a store with the content of the checkpoint, to be opened
  // for writing: tables are hard links, so that it costs next to nothing, and the checkpoint is
  // never changed. Errors: as Write.
  static absl::Status Clone(const std::string& checkpoint, const std::string& path);
  ~RecordStore();

  // Writes a document and its passages, all or nothing. REQUIRES: no document of that id is there.
  // Errors: ResourceExhausted (disk full), DataLoss, Unavailable.
  absl::Status Write(const Document& document, const std::vector<Passage>& passages);
  // Replaces the metadata of a document that is there. Errors: as Write.
  absl::Status WriteMetadata(const StoredDocument& document);
  // Removes a document with its passages; an absent one is OK. Errors: as Write.
  absl::Status Remove(const std::string& document_id);
  // Files of the corpus, by path. Errors: as Write.
  absl::Status WriteFile(const FileRecord& file);
  absl::Status RemoveFile(const std::string& path);
  // Documents that were withdrawn by name and stay out although their file, `path`, is there.
  absl::Status AddWithdrawal(const std::string& document_id, const std::string& path);
  absl::Status RemoveWithdrawal(const std::string& document_id);
  // Rewrites everything without what was removed. Errors: as Write.
  absl::Status Compact();
  // Makes `path`, which must not exist, a store with the content of now; its files are hard links
  // where possible. Everything written so far is flushed first. Errors: as Write.
  absl::Status Checkpoint(const std::string& path);

  // The document without text and provisions. Errors: NotFound, DataLoss.
  absl::StatusOr<Document> GetDocumentMetadata(const std::string& id) const;
  // In the order of `ids`; fails as a whole. Errors: as GetDocumentMetadata.
  absl::StatusOr<std::vector<Document>> GetDocumentsMetadata(
      std::span<const std::string> ids) const;
  // The whole document. Errors: NotFound, DataLoss.
  absl::StatusOr<Document> GetDocument(const std::string& id) const;
  // Errors: NotFound, DataLoss.
  absl::StatusOr<Passage> GetPassage(const std::string& name) const;
  // In the order of `names`; fails as a whole. Errors: as GetPassage.
  absl::StatusOr<std::vector<Passage>> GetPassages(std::span<const std::string> names) const;
  // All passages of the document in order of the text; none when it is not there. Errors: DataLoss.
  absl::StatusOr<std::vector<Passage>> PassagesOf(const std::string& document_id) const;

  // Calls `visit` for each record, in ascending order of id or path, until one call fails. Errors:
  // DataLoss, and what `visit` returned.
  absl::Status ForEachDocument(const std::function<absl::Status(StoredDocument)>& visit) const;
  absl::Status ForEachFile(const std::function<absl::Status(FileRecord)>& visit) const;
  // Paths by the ids of what was withdrawn. Errors: DataLoss.
  absl::StatusOr<std::map<std::string, std::string>> Withdrawals() const;
  // Reads every record and checks its checksum and grammar. Errors: DataLoss.
  absl::Status Verify() const;

 private:
  struct Database;
  explicit RecordStore(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_RECORD_STORE_H_
