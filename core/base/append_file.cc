#include "core/base/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

AppendFile::AppendFile(std::string path) : path_(std::move(path)) {}

AppendFile::~AppendFile() {
  if (file_ >= 0) ::close(file_);
}

absl::StatusOr<std::unique_ptr<AppendFile>> AppendFile::Open(std::string path) {
  std::unique_ptr<AppendFile> file(new AppendFile(std::move(path)));
  RETURN_IF_ERROR(file->Reopen());
  return file;
}

absl::Status AppendFile::Append(std::string_view line) {
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

absl::Status AppendFile::Reopen() {
  struct stat there, here;
  const bool same = file_ >= 0 && ::stat(path_.c_str(), &there) == 0 &&
                    ::fstat(file_, &here) == 0 && there.st_ino == here.st_ino &&
                    there.st_dev == here.st_dev;
  if (same) return absl::OkStatus();
  const int opened =
      ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
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

}  // namespace policykb
