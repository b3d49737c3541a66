#include "core/snapshot/vector_cache.h"

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <cstring>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rocksdb/rocksdb_log.h"

namespace policykb {

namespace {

// Key of the embedder's fingerprint; keys of vectors are digests, which begin otherwise.
constexpr std::string_view kFingerprintKey = "fingerprint";

std::string KeyOf(std::string_view text) {
  Digest digest;
  digest.Add(text);
  return digest.Hex();
}

absl::Status ToStatus(const rocksdb::Status& status, const std::string& path) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = Cat(path, ": ", status.ToString());
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsIOError() && message.find("lock") != std::string::npos)
    return absl::FailedPreconditionError(message);
  return absl::UnavailableError(message);
}

absl::StatusOr<std::unique_ptr<rocksdb::DB>> OpenDatabase(const std::string& path) {
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::Options options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.create_if_missing = true;
  // Codes of vectors do not compress.
  options.compression = rocksdb::kNoCompression;
  options.compaction_style = rocksdb::kCompactionStyleUniversal;
  options.info_log = NoRocksDbLog();
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::Open(options, path, &db), path));
  return std::unique_ptr<rocksdb::DB>(db);
}

}  // namespace

struct VectorCache::Database {
  std::string path;
  std::unique_ptr<rocksdb::DB> db;
};

VectorCache::VectorCache(std::unique_ptr<Database> database, const Embedder& embedder)
    : database_(std::move(database)), embedder_(embedder) {}
VectorCache::~VectorCache() = default;

absl::StatusOr<std::unique_ptr<VectorCache>> VectorCache::Open(const std::string& path,
                                                               const Embedder& embedder) {
  RETURN_IF_ERROR(MakeFolders(path));
  auto database = std::make_unique<Database>();
  database->path = path;
  absl::StatusOr<std::unique_ptr<rocksdb::DB>> db = OpenDatabase(path);
  std::string fingerprint;
  if (db.ok()) {
    // Absent in a new cache.
    (void)(*db)->Get(rocksdb::ReadOptions(), std::string(kFingerprintKey), &fingerprint);
  }
  if (absl::IsDataLoss(db.status()) || (db.ok() && fingerprint != embedder.fingerprint())) {
    if (db.ok()) db->reset();
    RETURN_IF_ERROR(RemoveAll(path));
    RETURN_IF_ERROR(MakeFolders(path));
    db = OpenDatabase(path);
    RETURN_IF_ERROR(db.status());
    RETURN_IF_ERROR(ToStatus(
        (*db)->Put(rocksdb::WriteOptions(), std::string(kFingerprintKey), embedder.fingerprint()),
        path));
  }
  RETURN_IF_ERROR(db.status());
  database->db = *std::move(db);
  return std::unique_ptr<VectorCache>(new VectorCache(std::move(database), embedder));
}

absl::StatusOr<CodedVectors> VectorCache::Vectors(std::span<const std::string_view> texts) {
  const auto dimension = static_cast<size_t>(embedder_.dimension());
  std::vector<std::string> keys;
  keys.reserve(texts.size());
  for (const std::string_view text : texts) keys.push_back(KeyOf(text));
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<std::string> values(keys.size());
  std::vector<bool> known(keys.size());
  std::vector<std::string_view> missing;
  for (size_t i = 0; i < keys.size(); ++i) {
    known[i] = database_->db->Get(rocksdb::ReadOptions(), slices[i], &values[i]).ok() &&
               values[i].size() == dimension + sizeof(float);
    if (!known[i]) missing.push_back(texts[i]);
  }
  CodedVectors fresh(dimension);
  if (!missing.empty()) {
    ASSIGN_OR_RETURN(const std::vector<float> vectors, embedder_.EmbedPassages(missing));
    RETURN_IF_ERROR(fresh.Append(vectors));
  }
  rocksdb::WriteBatch batch;
  CodedVectors rows(dimension);
  size_t next = 0;
  for (size_t i = 0; i < keys.size(); ++i) {
    if (known[i]) {
      float scale = 0;
      std::memcpy(&scale, values[i].data() + dimension, sizeof(scale));
      rows.AppendRow({reinterpret_cast<const uint8_t*>(values[i].data()), dimension}, scale);
      continue;
    }
    const VectorCodes made = fresh.View();
    const float scale = made.scales[next];
    std::string value(reinterpret_cast<const char*>(made.row(next)), dimension);
    value.append(reinterpret_cast<const char*>(&scale), sizeof(scale));
    batch.Put(slices[i], value);
    rows.AppendRow({made.row(next), dimension}, scale);
    ++next;
  }
  embedded_ += missing.size();
  reused_ += texts.size() - missing.size();
  if (!missing.empty()) {
    // Not synced: what a power cut takes is embedded again.
    RETURN_IF_ERROR(
        ToStatus(database_->db->Write(rocksdb::WriteOptions(), &batch), database_->path));
  }
  return rows;
}

}  // namespace policykb
