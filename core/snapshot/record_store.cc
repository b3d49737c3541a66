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

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/record_codec.h"

namespace policykb {

namespace {

// One letter per kind of record, so that kinds lie together.
constexpr char kDocumentMetadata = 'd';
constexpr char kDocumentBody = 'b';
constexpr char kPassage = 'p';

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
  options.keep_log_file_num = 2;
  options.info_log_level = rocksdb::WARN_LEVEL;
  options.paranoid_checks = true;
  return options;
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
  // A read-only open must not create a log file beside a published snapshot.
  options.info_log_level = rocksdb::FATAL_LEVEL;
  options.max_open_files = -1;
  auto database = std::make_unique<Database>();
  database->path = path;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::OpenForReadOnly(options, path, &db), path));
  database->db.reset(db);
  return std::unique_ptr<RecordStore>(new RecordStore(std::move(database)));
}

absl::Status RecordStore::Clear() {
  rocksdb::DB& db = *database_->db;
  for (const char kind : {kDocumentMetadata, kDocumentBody, kPassage}) {
    const std::string from = Cat(kind, '/');
    const std::string to = Cat(kind, static_cast<char>('/' + 1));
    RETURN_IF_ERROR(
        ToStatus(db.DeleteRange(rocksdb::WriteOptions(), db.DefaultColumnFamily(), from, to),
                 database_->path));
  }
  // Files that hold deleted records only would otherwise ride along into the next checkpoint.
  return ToStatus(db.CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr),
                  database_->path);
}

absl::Status RecordStore::Write(const Document& document, const std::vector<Passage>& passages) {
  rocksdb::WriteBatch batch;
  batch.Put(Key(kDocumentMetadata, document.id),
            EncodeDocumentMetadata(document, TextDigest(document, passages)));
  batch.Put(Key(kDocumentBody, document.id), EncodeDocumentBody(document));
  for (const Passage& passage : passages)
    batch.Put(Key(kPassage, passage.name), EncodePassage(passage));
  rocksdb::WriteOptions options;
  // The checkpoint flushes and syncs; until then nothing refers to what is written here.
  options.disableWAL = true;
  return ToStatus(database_->db->Write(options, &batch),
                  Cat(database_->path, ": document ", document.id));
}

absl::Status RecordStore::Checkpoint(const std::string& path) {
  RETURN_IF_ERROR(ToStatus(database_->db->Flush(rocksdb::FlushOptions()), database_->path));
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
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const std::string& name : names) keys.push_back(Key(kPassage, name));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  rocksdb::DB& db = *database_->db;
  db.MultiGet(rocksdb::ReadOptions(), db.DefaultColumnFamily(), keys.size(), slices.data(),
              values.data(), statuses.data());
  std::vector<Passage> passages;
  passages.reserve(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (statuses[i].IsNotFound()) return absl::NotFoundError(Cat(names[i], " not found"));
    RETURN_IF_ERROR(ToStatus(statuses[i], Cat(database_->path, ": ", names[i])));
    ASSIGN_OR_RETURN(Passage passage, DecodePassage(View(values[i])));
    passages.push_back(std::move(passage));
  }
  return passages;
}

absl::StatusOr<std::vector<Passage>> RecordStore::PassagesOf(const std::string& document_id) const {
  const std::string prefix = Key(kPassage, Cat(DocumentName(document_id), "/"));
  std::vector<Passage> passages;
  const std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(prefix); it->Valid() && View(it->key()).starts_with(prefix); it->Next()) {
    ASSIGN_OR_RETURN_IN(Passage passage, DecodePassage(View(it->value())),
                        Cat(database_->path, ": ", View(it->key())));
    passages.push_back(std::move(passage));
  }
  RETURN_IF_ERROR(ToStatus(it->status(), database_->path));
  std::sort(passages.begin(), passages.end(),
            [](const Passage& a, const Passage& b) { return a.span.start < b.span.start; });
  return passages;
}

absl::Status RecordStore::ForEachDocument(
    const std::function<absl::Status(const StoredDocument&)>& visit) const {
  const std::string prefix = Key(kDocumentMetadata, "");
  const std::unique_ptr<rocksdb::Iterator> it(database_->db->NewIterator(rocksdb::ReadOptions()));
  for (it->Seek(prefix); it->Valid() && View(it->key()).starts_with(prefix); it->Next()) {
    ASSIGN_OR_RETURN_IN(const StoredDocument stored, DecodeStoredDocument(View(it->value())),
                        Cat(database_->path, ": ", View(it->key())));
    RETURN_IF_ERROR(visit(stored));
  }
  return ToStatus(it->status(), database_->path);
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
      default:
        status = absl::DataLossError("a key of no known kind");
    }
    RETURN_IF_ERROR_IN(status, Cat(database_->path, ": ", key));
  }
  return ToStatus(it->status(), database_->path);
}

}  // namespace policykb
