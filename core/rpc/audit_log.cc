#include "core/rpc/audit_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

absl::Status ErrnoStatus(const std::string& path, int error) {
  const std::string message = Cat(path, ": ", std::strerror(error));
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(message);
  if (error == EACCES || error == EPERM || error == EROFS)
    return absl::PermissionDeniedError(message);
  if (error == ENOSPC || error == EDQUOT || error == EFBIG)
    return absl::ResourceExhaustedError(message);
  return absl::UnavailableError(message);
}

}  // namespace

void AddShown(std::string_view name, std::vector<std::string>& documents) {
  constexpr std::string_view kPrefix = "documents/";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  name = name.substr(0, name.find('/'));
  if (std::find(documents.begin(), documents.end(), name) == documents.end())
    documents.emplace_back(name);
}

class AuditLog::File {
 public:
  explicit File(std::string path) : path_(std::move(path)) {}
  ~File() {
    if (file_ >= 0) ::close(file_);
  }

  absl::Status Append(std::string_view line) {
    RETURN_IF_ERROR(Reopen());
    std::string bytes = broken_ ? "\n" : "";
    bytes += line;
    for (size_t at = 0; at < bytes.size();) {
      const ssize_t written = ::write(file_, bytes.data() + at, bytes.size() - at);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return ErrnoStatus(path_, written == 0 ? ENOSPC : errno);
      at += static_cast<size_t>(written);
      // Until all of it is there, whatever comes next begins a new line.
      broken_ = at < bytes.size();
    }
    return absl::OkStatus();
  }

  // Opens what stands at the path now, unless that is the file that is open.
  absl::Status Reopen() {
    struct stat there, here;
    const bool same = file_ >= 0 && ::stat(path_.c_str(), &there) == 0 &&
                      ::fstat(file_, &here) == 0 && there.st_ino == here.st_ino &&
                      there.st_dev == here.st_dev;
    if (same) return absl::OkStatus();
    const int opened = ::open(
        path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (opened < 0) return ErrnoStatus(path_, errno);
    if (::fstat(opened, &here) != 0 || !S_ISREG(here.st_mode)) {
      ::close(opened);
      return absl::FailedPreconditionError(Cat(path_, ": is no regular file"));
    }
    if (file_ >= 0) ::close(file_);
    file_ = opened;
    char last = '\n';
    broken_ = here.st_size > 0 && ::pread(file_, &last, 1, here.st_size - 1) == 1 && last != '\n';
    return absl::OkStatus();
  }

 private:
  const std::string path_;
  int file_ = -1;
  bool broken_ = false;  // the last line has no end
};

absl::StatusOr<std::unique_ptr<AuditLog>> AuditLog::Open(AuditOptions options,
                                                         QuestionHasher hasher) {
  auto file = std::make_unique<File>(options.file);
  RETURN_IF_ERROR(file->Reopen());
  return std::unique_ptr<AuditLog>(
      new AuditLog(std::move(options), std::move(hasher), std::move(file)));
}

AuditLog::AuditLog(AuditOptions options, QuestionHasher hasher, std::unique_ptr<File> file)
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

void AuditLog::Run() {
  const auto has_work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return ending_ || !waiting_.empty() || too_many_ > 0;
  };
  bool loses = false;
  for (;;) {
    std::deque<std::string> lines;
    int64_t lost = 0;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      lines.swap(waiting_);
      lost = std::exchange(too_many_, 0);
      if (ending_ && lines.empty() && lost == 0) return;
    }
    absl::Status status;
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
