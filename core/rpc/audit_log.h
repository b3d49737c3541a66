// AuditLog: who searched and asked when, what came of it, and which documents were shown; a file of
// JSON lines beside the log.
//
// A question stands in it as its hash only (question_hash.h). Lines are written by a thread of its
// own, so that no call waits for the disk: what is in memory is lost when the program is killed,
// what the system has not written yet when the machine loses power. A line that cannot be written,
// the disk being full, is counted and told, and no call fails by it. Whoever renames the file away
// finds a new one in its place with the next line (core/base/append_file.h), or at once where the
// program is told to reopen it. Any thread.

#ifndef POLICYKB_CORE_RPC_AUDIT_LOG_H_
#define POLICYKB_CORE_RPC_AUDIT_LOG_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "core/base/append_file.h"
#include "core/rpc/call_record.h"
#include "core/rpc/question_hash.h"

namespace policykb {

struct AuditOptions {
  std::string file = {};
  size_t most_waiting = 10000;  // lines in memory; one more is lost and counted
  // Told by the thread that writes: OK when lines are written again after some were lost, else why
  // they are lost and how many since it was told last. May be empty.
  std::function<void(const absl::Status& status, int64_t lost)> told = {};
};

// What came of a call that was let in.
struct AuditEvent {
  std::string_view event;                   // "search" or "answer"
  std::string outcome = {};                 // status of an answer; empty for searches
  std::vector<std::string> documents = {};  // shown, by id
};

// Adds the id of the document that `name`, "documents/{id}" with anything behind a slash, is of or
// in, unless it is there.
void AddShown(std::string_view name, std::vector<std::string>& documents);

class AuditLog {
 public:
  // Errors: as AppendFile::Open.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(AuditOptions options,
                                                        QuestionHasher hasher);
  // Writes what is waiting.
  ~AuditLog();

  void Write(const AuditEvent& event, const CallRecord& record, std::string_view question,
             absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Soon the file at the path is the one that is written, a new one where there is none.
  void Reopen() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  AuditLog(AuditOptions options, QuestionHasher hasher, std::unique_ptr<AppendFile> file);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  const AuditOptions options_;
  const QuestionHasher hasher_;
  const std::unique_ptr<AppendFile> file_;  // of the thread
  absl::Mutex mutex_;
  std::deque<std::string> waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t too_many_ ABSL_GUARDED_BY(mutex_) = 0;  // lost since the thread looked
  bool reopen_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_RPC_AUDIT_LOG_H_
