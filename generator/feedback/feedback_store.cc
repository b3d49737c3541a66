#include "generator/feedback/feedback_store.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "core/base/files.h"
#include "core/base/random_id.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/rocksdb/rocksdb_log.h"
#include "core/text/redaction.h"

namespace policykb {

namespace {

using feedback::v1::StoredAnswer;
using feedback::v1::StoredFeedback;

constexpr size_t kTimeDigits = 12;
constexpr size_t kIdDigits = 32;
constexpr absl::Duration kExpiryInterval = absl::Hours(1);
// What must be free to write: RocksDB's log and table files grow by up to this before they are
// merged.
constexpr uint64_t kReserveMiB = 32;

absl::Status ToStatus(const rocksdb::Status& status, const std::string& folder) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = Cat(folder, ": ", status.ToString());
  if (status.IsNoSpace()) return absl::ResourceExhaustedError(message);
  if (status.IsCorruption()) return absl::DataLossError(message);
  if (status.IsPathNotFound()) return absl::NotFoundError(message);
  if (status.IsIOError() && message.find("lock") != std::string::npos)
    return absl::FailedPreconditionError(message);
  return absl::UnavailableError(message);
}

// RocksDB takes no more writes once its log met a full disk, and where it is built with assertions
// it ends the program; so nothing is written to a disk that is nearly full. Errors:
// ResourceExhausted.
absl::Status CheckRoom(const std::string& folder) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(folder, error);
  if (error || space.available >= kReserveMiB << 20) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      Cat(folder, ": ", space.available >> 20, " MiB free, at least ", kReserveMiB, " expected"));
}

// The time as ids begin with it.
std::string TimeKey(absl::Time time) {
  char key[kTimeDigits + 8];
  std::snprintf(key, sizeof(key), "%012llx",
                static_cast<unsigned long long>(std::max<int64_t>(0, absl::ToUnixMillis(time))));
  return key;
}

bool IsId(std::string_view id) {
  return id.size() == kIdDigits && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

struct FeedbackStore::Database {
  std::string folder;
  absl::Duration keep = absl::InfiniteDuration();
  std::unique_ptr<rocksdb::DB> db;
  absl::Mutex mutex;  // held while an answer is read and written again
  absl::Time expired_at ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
};

FeedbackStore::FeedbackStore(std::unique_ptr<Database> database) : database_(std::move(database)) {}
FeedbackStore::~FeedbackStore() = default;

absl::StatusOr<std::unique_ptr<FeedbackStore>> FeedbackStore::Open(const std::string& folder,
                                                                   absl::Duration keep,
                                                                   absl::Time now) {
  RETURN_IF_ERROR(MakeFolders(folder));
  rocksdb::Options options;
  options.create_if_missing = true;
  options.info_log = NoRocksDbLog();
  // Small: a few hundred bytes for each answer, read by nobody but the report.
  options.write_buffer_size = 4 << 20;
  options.max_open_files = 64;
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::Open(options, folder, &db), folder));
  auto database = std::make_unique<Database>();
  database->folder = folder;
  database->keep = keep;
  database->db.reset(db);
  auto store = std::unique_ptr<FeedbackStore>(new FeedbackStore(std::move(database)));
  RETURN_IF_ERROR(store->Expire(now));
  return store;
}

absl::StatusOr<std::unique_ptr<FeedbackStore>> FeedbackStore::OpenForReading(
    const std::string& folder) {
  if (!ListNames(folder).ok()) return absl::NotFoundError(Cat(folder, ": no such folder"));
  rocksdb::Options options;
  options.info_log = NoRocksDbLog();
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(rocksdb::DB::OpenForReadOnly(options, folder, &db), folder));
  auto database = std::make_unique<Database>();
  database->folder = folder;
  database->db.reset(db);
  return std::unique_ptr<FeedbackStore>(new FeedbackStore(std::move(database)));
}

std::string FeedbackStore::MakeId(absl::Time now) {
  return TimeKey(now) + RandomHex((kIdDigits - kTimeDigits) / 2);
}

absl::Status FeedbackStore::Expire(absl::Time now) {
  {
    absl::MutexLock lock(&database_->mutex);
    if (now - database_->expired_at < kExpiryInterval) return absl::OkStatus();
    database_->expired_at = now;
  }
  if (database_->keep == absl::InfiniteDuration()) return absl::OkStatus();
  const std::string end = TimeKey(now - database_->keep);
  rocksdb::DB& db = *database_->db;
  RETURN_IF_ERROR(
      ToStatus(db.DeleteRange(rocksdb::WriteOptions(), db.DefaultColumnFamily(), "", end),
               database_->folder));
  // So that it is gone from the disk as well.
  const rocksdb::Slice first(""), last(end);
  return ToStatus(db.CompactRange(rocksdb::CompactRangeOptions(), &first, &last),
                  database_->folder);
}

absl::Status FeedbackStore::AddAnswer(StoredAnswer answer) {
  RETURN_IF_ERROR(CheckRoom(database_->folder));
  RETURN_IF_ERROR(Expire(absl::FromUnixMillis(answer.answered_at_ms())));
  answer.set_question(RedactPersonalNumbers(answer.question()));
  return ToStatus(
      database_->db->Put(rocksdb::WriteOptions(), answer.id(), answer.SerializeAsString()),
      database_->folder);
}

absl::Status FeedbackStore::AddFeedback(std::string_view id, StoredFeedback feedback) {
  absl::Status unknown =
      absl::NotFoundError("answer_id: no answer of that id is kept (any longer)");
  if (!IsId(id)) return unknown;
  RETURN_IF_ERROR(CheckRoom(database_->folder));
  feedback.set_comment(RedactPersonalNumbers(feedback.comment()));
  const std::string key(id);
  absl::MutexLock lock(&database_->mutex);
  std::string value;
  const rocksdb::Status found = database_->db->Get(rocksdb::ReadOptions(), key, &value);
  if (found.IsNotFound()) return unknown;
  RETURN_IF_ERROR(ToStatus(found, database_->folder));
  StoredAnswer answer;
  if (!answer.ParseFromString(value))
    return absl::DataLossError(Cat(database_->folder, ": answer ", key, ": cannot be read"));
  *answer.mutable_feedback() = std::move(feedback);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  return ToStatus(database_->db->Put(synced, key, answer.SerializeAsString()), database_->folder);
}

absl::Status FeedbackStore::ForEach(
    absl::Time since, const std::function<absl::Status(const StoredAnswer&)>& take) const {
  const std::unique_ptr<rocksdb::Iterator> at(database_->db->NewIterator(rocksdb::ReadOptions()));
  StoredAnswer answer;
  for (at->Seek(TimeKey(since)); at->Valid(); at->Next()) {
    const std::string key = at->key().ToString();
    if (!answer.ParseFromArray(at->value().data(), static_cast<int>(at->value().size())) ||
        answer.id() != key) {
      return absl::DataLossError(
          Cat(database_->folder, ": answer ", IsId(key) ? key : "?", ": cannot be read"));
    }
    RETURN_IF_ERROR(take(answer));
  }
  return ToStatus(at->status(), database_->folder);
}

}  // namespace policykb
