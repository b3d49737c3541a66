#include "core/rpc/audit_log.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

void AddShown(std::string_view name, std::vector<std::string>& documents) {
  constexpr std::string_view kPrefix = "documents/";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  name = name.substr(0, name.find('/'));
  if (std::find(documents.begin(), documents.end(), name) == documents.end())
    documents.emplace_back(name);
}

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(AuditOptions options,
                                                         QuestionHasher hasher) {
  ASSIGN_OR_RETURN(std::unique_ptr<AppendFile> file, AppendFile::Open(options.file));
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::move(options), std::move(hasher), std::move(file)));
}

AuditLog::AuditLog(AuditOptions options, QuestionHasher hasher, std::unique_ptr<AppendFile> file)
    : options_(std::move(options)),
      hasher_(std::move(hasher)),
      file_(std::move(file)),
      thread_([this] { Run(); }) {}

AuditLog::~AuditLog() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

void AuditLog::Write(const AuditEvent& event, const CallRecord& record, std::string_view question,
                     absl::Time now) {
  LogLine line(event.event);
  line.Add("time", absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", now, absl::UTCTimeZone()))
      .Add("method", record.method)
      .Add("code", absl::StatusCodeToString(record.status.code()))
      .Add("caller", record.caller)
      .Add("role", record.role)
      .Add("on_behalf_of", record.on_behalf_of)
      .Add("trace", record.trace.trace_id)
      .Add("snapshot", record.snapshot)
      .Add("question", hasher_.Hash(question))
      .Add("key", hasher_.key_id())
      .Add("outcome", event.outcome)
      .AddList("documents", event.documents);
  std::string text = line.ToJson() + "\n";
  absl::MutexLock lock(&mutex_);
  if (waiting_.size() >= options_.most_waiting) {
    ++too_many_;
  } else {
    waiting_.push_back(std::move(text));
  }
}

void AuditLog::Reopen() {
  absl::MutexLock lock(&mutex_);
  reopen_ = true;
}

void AuditLog::Run() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return ending_ || reopen_ || !waiting_.empty() || too_many_ > 0;
  };
  bool loses = false;
  for (;;) {
    std::deque<std::string> lines;
    int64_t lost = 0;
    bool reopen = false;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      lines.swap(waiting_);
      lost = std::exchange(too_many_, 0);
      reopen = std::exchange(reopen_, false);
      if (ending_ && lines.empty() && lost == 0) return;
    }
    absl::Status status = reopen ? file_->Reopen() : absl::OkStatus();
    if (lost > 0) {
      status = absl::ResourceExhaustedError(
          Cat(options_.file, ": more than ", options_.most_waiting, " lines wait for the disk"));
    }
    for (const std::string& line : lines) {
      if (absl::Status written = file_->Append(line); !written.ok()) {
        status = std::move(written);
        ++lost;
      }
    }
    if (options_.told && (!status.ok() || loses)) options_.told(status, lost);
    loses = !status.ok();
  }
}

}  // namespace policykb
