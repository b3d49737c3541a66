#include "core/snapshot/record_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/utilities/checkpoint.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rocksdb/rocksdb_log.h"
#include "core/snapshot/record_codec.h"

namespace policykb {

namespace {

// One letter per kind of record, so that kinds lie together.
constexpr char kDocumentMetadata = 'd';
constexpr char kDocumentBody = 'b';
constexpr char kPassage = 'p';
constexpr char kFile = 'f';
constexpr char kWithdrawal = 'w';

std::string Key(char kind, std::string_view name) { return Cat(kind, '/', name); }

std::string_view View(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

absl::Status ToStatus(const rocksdb::Status& status, std::string_view what) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = Cat(what, ": ", status.ToString());
  if (status.IsNotFound()) return absl::NotFoundError(message);
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  if (status.IsIOError() && message.find("lock") != std::string::npos) {
    return absl::FailedPreconditionError(message);
  }
  if (status.IsPathNotFound()) return absl::NotFoundError(message);
  return absl::UnavailableError(message);
}

rocksdb::Options StoreOptions() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(size_t{32} << 20);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_size = size_t{8} << 10;
  table.format_version = 5;
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = size_t{64} << 20;
  options.info_log = NoRocksDbLog();
  options.paranoid_checks = true;
  // Small changes stay small files, merged among themselves until they are as large as the rest:
  // what an update writes is in proportion to the change.
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.level0_file_num_compaction_trigger = 8;
  return options;
}

// Nothing refers to what is written before the checkpoint, which flushes and syncs.
rocksdb::WriteOptions Unlogged() {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return options;
}

std::string PassagesPrefix(const std::string& document_id) {
  return Key(kPassage, Cat(DocumentName(document_id), "/provisions/"));
}

}  // namespace

struct RecordStore::Database {
  std::string path;
  std::unique_ptr<rocksdb::DB> db;

  absl::StatusOr<std::string> Get(const std::string& key, std::string_view what) const {
    std::string value;
    const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), key, &value);
    if (status.IsNotFound()) return absl::NotFoundError(Cat(what, " not found"));
    RETURN_IF_ERROR(ToStatus(status, Cat(path, ": ", what)));
    return value;
  }

  // Calls `visit(value)` for passages or the metadata of documents, in the order of their names.
  template <typename Visit>
  absl::Status GetAll(char kind, std::span<const std::string> names, Visit visit) const {
    std::vector<std::string> keys;
    keys.reserve(names.size());
    for (const std::string& name : names) keys.push_back(Key(kind, name));
    const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    db->MultiGet(rocksdb::ReadOptions(), db->DefaultColumnFamily(), keys.size(), slices.data(),
                 values.data(), statuses.data());
    for (size_t i = 0; i < names.size(); ++i) {
      if (!statuses[i].ok()) {
        const std::string what = kind == kPassage ? names[i] : DocumentName(names[i]);
        if (statuses[i].IsNotFound()) return absl::NotFoundError(Cat(what, " not found"));
        return ToStatus(statuses[i], Cat(path, ": ", what));
      }
      RETURN_IF_ERROR(visit(View(values[i])));
    }
    return absl::OkStatus();
  }

  absl::Status Write(rocksdb::WriteBatch& batch, std::string_view what) const {
    return ToStatus(db->Write(Unlogged(), &batch), Cat(path, ": ", what));
  }

  // Until no small files are to be merged, so that their number stays bounded.
  absl::Status WaitForMerges() const {
    uint64_t pending = 0;
    uint64_t running = 0;
    while (db->GetIntProperty(rocksdb::DB::Properties::kCompactionPending, &pending) &&
           db->GetIntProperty(rocksdb::DB::Properties::kNumRunningCompactions, &running) &&
           pending + running > 0) {
      uint64_t failed = 0;
      if (db->GetIntProperty(rocksdb::DB::Properties::kBackgroundErrors, &failed) && failed > 0)
        return absl::ResourceExhaustedError(Cat(path, ": its files could not be merged"));
      absl::SleepFor(absl::Milliseconds(1));
    }
    return absl::OkStatus();
  }

  // Calls `visit(key, value)` for all keys that begin with `prefix`.
  template <typename Visit>
  absl::Status Scan(const std::string& prefix, Visit visit) const {
    const std::unique_ptr<rocksdb::Iterator> it(db->NewIterator(rocksdb::ReadOptions()));
    for (it->Seek(prefix); it->Valid() && it->key().starts_with(prefix); it->Next()) {
      RETURN_IF_ERROR(visit(View(it->key()), View(it->value())));
    }
    return ToStatus(it->status(), path);
  }
};

RecordStore::RecordStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
RecordStore::~RecordStore() = default;

absl::StatusOr<std::unique_ptr<RecordStore>> RecordStore::OpenForWriting(const std::string& path) {
  rocksdb::Options options = StoreOptions();
  options.create_if_missing = true;
  auto database = std::make_unique<Database>();
  database->path = path;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::Open(options, path, &db), path));
  database->db.reset(db);
  return std::unique_ptr<RecordStore>(new RecordStore(std::move(database)));
}

absl::StatusOr<std::unique_ptr<RecordStore>> RecordStore::OpenReadOnly(const std::string& path) {
  rocksdb::Options options = StoreOptions();
  options.max_open_files = -1;
  auto database = std::make_unique<Database>();
  database->path = path;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::OpenForReadOnly(options, path, &db), path));
  database->db.reset(db);
  return std::unique_ptr<RecordStore>(new RecordStore(std::move(database)));
}

absl::Status RecordStore::Clone(const std::string& checkpoint, const std::string& path) {
  RETURN_IF_ERROR(MakeFolders(path));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListNames(checkpoint));
  for (const std::string& name : names) {
    const std::string from = JoinPath(checkpoint, name);
    if (name.ends_with(".sst")) {
      RETURN_IF_ERROR(LinkFile(from, JoinPath(path, name)));
      continue;
    }
    // What names the tables is rewritten when the clone is opened, so it must be a file of its own.
    ASSIGN_OR_RETURN(const std::string content, ReadFile(from));
    RETURN_IF_ERROR(WriteNewFile(JoinPath(path, name), content));
  }
  return absl::OkStatus();
}

absl::Status RecordStore::Write(const Document& document, const std::vector<Passage>& passages) {
  rocksdb::WriteBatch batch;
  batch.Put(Key(kDocumentMetadata, document.id),
            EncodeDocumentMetadata(document, TextDigest(document, passages)));
  batch.Put(Key(kDocumentBody, document.id), EncodeDocumentBody(document));
  for (const Passage& passage : passages)
    batch.Put(Key(kPassage, passage.name), EncodePassage(passage));
  return database_->Write(batch, Cat("document ", document.id));
}

absl::Status RecordStore::WriteMetadata(const StoredDocument& document) {
  rocksdb::WriteBatch batch;
  batch.Put(Key(kDocumentMetadata, document.document.id),
            EncodeDocumentMetadata(document.document, document.text_digest));
  return database_->Write(batch, Cat("document ", document.document.id));
}

absl::Status RecordStore::Remove(const std::string& document_id) {
  rocksdb::WriteBatch batch;
  batch.Delete(Key(kDocumentMetadata, document_id));
  batch.Delete(Key(kDocumentBody, document_id));
  RETURN_IF_ERROR(
      database_->Scan(PassagesPrefix(document_id), [&](std::string_view key, std::string_view) {
        batch.Delete(rocksdb::Slice(key.data(), key.size()));
        return absl::OkStatus();
      }));
  return database_->Write(batch, Cat("document ", document_id));
}

absl::Status RecordStore::WriteFile(const FileRecord& file) {
  rocksdb::WriteBatch batch;
  batch.Put(Key(kFile, file.path), EncodeFileRecord(file));
  return database_->Write(batch, Cat("file ", file.path));
}

absl::Status RecordStore::RemoveFile(const std::string& path) {
  rocksdb::WriteBatch batch;
  batch.Delete(Key(kFile, path));
  return database_->Write(batch, Cat("file ", path));
}

absl::Status RecordStore::AddWithdrawal(const std::string& document_id, const std::string& path) {
  rocksdb::WriteBatch batch;
  batch.Put(Key(kWithdrawal, document_id), path);
  return database_->Write(batch, Cat("withdrawal of ", document_id));
}

absl::Status RecordStore::RemoveWithdrawal(const std::string& document_id) {
  rocksdb::WriteBatch batch;
  batch.Delete(Key(kWithdrawal, document_id));
  return database_->Write(batch, Cat("withdrawal of ", document_id));
}

absl::Status RecordStore::Compact() {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  return ToStatus(database_->db->CompactRange(options, nullptr, nullptr), database_->path);
}

absl::Status RecordStore::Checkpoint(const std::string& path) {
  RETURN_IF_ERROR(ToStatus(database_->db->Flush(rocksdb::FlushOptions()), database_->path));
  RETURN_IF_ERROR(database_->WaitForMerges());
  rocksdb::Checkpoint* raw = nullptr;
  RETURN_IF_ERROR(
      ToStatus(rocksdb::Checkpoint::Create(database_->db.get(), &raw), database_->path));
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  return ToStatus(checkpoint->CreateCheckpoint(path), path);
}

absl::StatusOr<Document> RecordStore::GetDocumentMetadata(const std::string& id) const {
  ASSIGN_OR_RETURN(const std::string bytes,
                   database_->Get(Key(kDocumentMetadata, id), DocumentName(id)));
  return DecodeDocumentMetadata(bytes);
}

absl::StatusOr<std::vector<Document>> RecordStore::GetDocumentsMetadata(
    std::span<const std::string> ids) const {
  std::vector<Document> documents;
  documents.reserve(ids.size());
  RETURN_IF_ERROR(
      database_->GetAll(kDocumentMetadata, ids, [&](std::string_view value) -> absl::Status {
        ASSIGN_OR_RETURN(Document document, DecodeDocumentMetadata(value));
        documents.push_back(std::move(document));
        return absl::OkStatus();
      }));
  return documents;
}

absl::StatusOr<Document> RecordStore::GetDocument(const std::string& id) const {
  ASSIGN_OR_RETURN(Document document, GetDocumentMetadata(id));
  ASSIGN_OR_RETURN(const std::string bytes,
                   database_->Get(Key(kDocumentBody, id), DocumentName(id)));
  return DecodeDocumentBody(bytes, std::move(document));
}

absl::StatusOr<Passage> RecordStore::GetPassage(const std::string& name) const {
  ASSIGN_OR_RETURN(const std::string bytes, database_->Get(Key(kPassage, name), name));
  return DecodePassage(bytes);
}

absl::StatusOr<std::vector<Passage>> RecordStore::GetPassages(
    std::span<const std::string> names) const {
  std::vector<Passage> passages;
  passages.reserve(names.size());
  RETURN_IF_ERROR(database_->GetAll(kPassage, names, [&](std::string_view value) -> absl::Status {
    ASSIGN_OR_RETURN(Passage passage, DecodePassage(value));
    passages.push_back(std::move(passage));
    return absl::OkStatus();
  }));
  return passages;
}

absl::StatusOr<std::vector<Passage>> RecordStore::PassagesOf(const std::string& document_id) const {
  std::vector<Passage> passages;
  RETURN_IF_ERROR(
      database_->Scan(PassagesPrefix(document_id),
                      [&](std::string_view key, std::string_view value) -> absl::Status {
                        ASSIGN_OR_RETURN_IN(Passage passage, DecodePassage(value), key);
                        passages.push_back(std::move(passage));
                        return absl::OkStatus();
                      }));
  std::sort(passages.begin(), passages.end(),
            [](const Passage& a, const Passage& b) { return a.span.start < b.span.start; });
  return passages;
}

absl::Status RecordStore::ForEachDocument(
    const std::function<absl::Status(StoredDocument)>& visit) const {
  return database_->Scan(Key(kDocumentMetadata, ""),
                         [&](std::string_view key, std::string_view value) -> absl::Status {
                           ASSIGN_OR_RETURN_IN(StoredDocument document, DecodeStoredDocument(value),
                                               key);
                           return visit(std::move(document));
                         });
}

absl::Status RecordStore::ForEachFile(const std::function<absl::Status(FileRecord)>& visit) const {
  return database_->Scan(Key(kFile, ""),
                         [&](std::string_view key, std::string_view value) -> absl::Status {
                           ASSIGN_OR_RETURN_IN(FileRecord file, DecodeFileRecord(value), key);
                           return visit(std::move(file));
                         });
}

absl::StatusOr<std::map<std::string, std::string>> RecordStore::Withdrawals() const {
  std::map<std::string, std::string> paths;
  const std::string prefix = Key(kWithdrawal, "");
  RETURN_IF_ERROR(database_->Scan(prefix, [&](std::string_view key, std::string_view path) {
    paths.emplace(key.substr(prefix.size()), path);
    return absl::OkStatus();
  }));
  return paths;
}

absl::Status RecordStore::Verify() const {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(options));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    const std::string_view key = View(it->key());
    absl::Status status;
    switch (key.empty() ? '\0' : key.front()) {
      case kDocumentMetadata:
        status = DecodeDocumentMetadata(View(it->value())).status();
        break;
      case kDocumentBody:
        status = DecodeDocumentBody(View(it->value()), {}).status();
        break;
      case kPassage:
        status = DecodePassage(View(it->value())).status();
        break;
      case kFile:
        status = DecodeFileRecord(View(it->value())).status();
        break;
      case kWithdrawal:
        break;
      default:
        status = absl::DataLossError("a key of no known kind");
    }
    RETURN_IF_ERROR_IN(status, Cat(database_->path, ": ", key));
  }
  return ToStatus(it->status(), database_->path);
}

}  // namespace policykb
