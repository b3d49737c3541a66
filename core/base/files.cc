#include "core/base/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace fs = std::filesystem;

namespace {

absl::Status ErrnoStatus(int error, std::string_view what, const std::string& path) {
  const std::string message = Cat(path, ": ", what, ": ", std::strerror(error));
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return absl::NotFoundError(message);
    case EACCES:
    case EPERM:
    case EROFS:
      return absl::PermissionDeniedError(message);
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
      return absl::ResourceExhaustedError(message);
    case EISDIR:
      return absl::FailedPreconditionError(message);
    default:
      return absl::UnavailableError(message);
  }
}

// Closes on leaving; Close reports what a write-back error close would hide.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool Close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::string FolderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

std::string JoinPath(std::string_view a, std::string_view b) {
  while (!a.empty() && a.back() == '/' && a.size() > 1) a.remove_suffix(1);
  while (!b.empty() && b.front() == '/') b.remove_prefix(1);
  if (a.empty()) return std::string(b);
  return a == "/" ? Cat(a, b) : Cat(a, "/", b);
}

bool PathExists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

absl::StatusOr<std::string> ReadFile(const std::string& path, uint64_t limit_bytes) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return ErrnoStatus(errno, "open", path);
  std::string content;
  struct stat info;
  if (::fstat(file.get(), &info) != 0) return ErrnoStatus(errno, "stat", path);
  if (S_ISREG(info.st_mode)) {
    if (static_cast<uint64_t>(info.st_size) > limit_bytes) {
      return absl::FailedPreconditionError(Cat(path, ": ", static_cast<uint64_t>(info.st_size),
                                               " bytes, at most ", limit_bytes, " are read"));
    }
    content.reserve(static_cast<size_t>(info.st_size));
  }
  char buffer[1 << 16];
  while (true) {
    const ssize_t n = ::read(file.get(), buffer, sizeof(buffer));
    if (n < 0) {
      if (errno == EINTR) continue;
      return ErrnoStatus(errno, "read", path);
    }
    if (n == 0) return content;
    content.append(buffer, static_cast<size_t>(n));
    if (content.size() > limit_bytes) {
      return absl::FailedPreconditionError(Cat(path, ": more than ", limit_bytes, " bytes"));
    }
  }
}

absl::Status WriteNewFile(const std::string& path, std::string_view content) {
  return WriteNewFile(path, std::span<const std::string_view>(&content, 1));
}

absl::Status WriteNewFile(const std::string& path, std::span<const std::string_view> pieces) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return ErrnoStatus(errno, "create", path);
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const ssize_t n = ::write(file.get(), piece.data(), piece.size());
      if (n < 0) {
        if (errno == EINTR) continue;
        return ErrnoStatus(errno, "write", path);
      }
      piece.remove_prefix(static_cast<size_t>(n));
    }
  }
  if (::fsync(file.get()) != 0) return ErrnoStatus(errno, "sync", path);
  if (!file.Close()) return ErrnoStatus(errno, "close", path);
  return absl::OkStatus();
}

absl::Status WriteFileAtomically(const std::string& path, std::string_view content) {
  const std::string temporary = Cat(path, ".tmp", ::getpid());
  absl::Status status = WriteNewFile(temporary, content);
  if (status.ok()) status = RenameSynced(temporary, path);
  if (!status.ok()) ::unlink(temporary.c_str());
  return status;
}

absl::Status LinkFile(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return absl::OkStatus();
  if (errno != EXDEV && errno != EPERM && errno != EMLINK && errno != EOPNOTSUPP)
    return ErrnoStatus(errno, Cat("link from ", from), to);
  ASSIGN_OR_RETURN(const std::string content, ReadFile(from));
  return WriteNewFile(to, content);
}

bool IsSameFile(const std::string& a, const std::string& b) {
  struct stat first;
  struct stat second;
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 &&
         first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

absl::Status RenameSynced(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    return ErrnoStatus(errno, Cat("rename from ", from), to);
  return SyncFolder(FolderOf(to));
}

absl::Status MakeFolders(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return ErrnoStatus(error.value(), "create folder", path);
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::string& path) {
  FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return ErrnoStatus(errno, "open folder", path);
  if (::fsync(folder.get()) != 0) return ErrnoStatus(errno, "sync folder", path);
  return absl::OkStatus();
}

absl::Status RemoveAll(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return ErrnoStatus(error.value(), "remove", path);
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> FileSize(const std::string& path) {
  std::error_code error;
  const uint64_t size = fs::file_size(path, error);
  if (error) return ErrnoStatus(error.value(), "size", path);
  return size;
}

absl::StatusOr<uint64_t> TreeSize(const std::string& path) {
  ASSIGN_OR_RETURN(const std::vector<ListedFile> files, ListFilesBelow(path));
  uint64_t sum = 0;
  std::set<std::pair<dev_t, ino_t>> seen;
  for (const ListedFile& file : files) {
    RETURN_IF_ERROR(file.status);
    const std::string full = JoinPath(path, file.relative_path);
    struct stat info;
    if (::stat(full.c_str(), &info) != 0) return ErrnoStatus(errno, "stat", full);
    if (seen.emplace(info.st_dev, info.st_ino).second) sum += static_cast<uint64_t>(info.st_size);
  }
  return sum;
}

absl::StatusOr<std::vector<ListedFile>> ListFilesBelow(const std::string& folder) {
  std::error_code error;
  const fs::file_status info = fs::status(folder, error);
  if (error) return ErrnoStatus(error.value(), "list", folder);
  if (!fs::is_directory(info)) return absl::FailedPreconditionError(Cat(folder, ": not a folder"));
  std::vector<ListedFile> files;
  std::vector<std::string> pending = {""};
  while (!pending.empty()) {
    const std::string relative = std::move(pending.back());
    pending.pop_back();
    const std::string path = relative.empty() ? folder : JoinPath(folder, relative);
    fs::directory_iterator entries(path, error);
    if (error) {
      const absl::Status status = ErrnoStatus(error.value(), "list", path);
      if (relative.empty()) return status;
      files.push_back({.relative_path = relative, .status = status});
      continue;
    }
    for (; entries != fs::directory_iterator(); entries.increment(error)) {
      const std::string name = entries->path().filename().string();
      if (name.starts_with(".")) continue;
      const std::string below = relative.empty() ? name : Cat(relative, "/", name);
      std::error_code entry_error;
      if (entries->is_symlink(entry_error)) {
        files.push_back({.relative_path = below,
                         .status = absl::FailedPreconditionError(
                             Cat(JoinPath(folder, below), ": a link, not followed"))});
      } else if (entries->is_directory(entry_error)) {
        pending.push_back(below);
      } else if (entries->is_regular_file(entry_error)) {
        files.push_back({.relative_path = below, .status = absl::OkStatus()});
      } else if (entry_error) {
        files.push_back(
            {.relative_path = below,
             .status = ErrnoStatus(entry_error.value(), "look at", JoinPath(folder, below))});
      }
    }
    if (error) return ErrnoStatus(error.value(), "list", path);
  }
  std::sort(files.begin(), files.end(), [](const ListedFile& a, const ListedFile& b) {
    return a.relative_path < b.relative_path;
  });
  return files;
}

absl::StatusOr<std::vector<std::string>> ListNames(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    names.push_back(entries->path().filename().string());
  }
  if (error) return ErrnoStatus(error.value(), "list", folder);
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<MappedFile> MappedFile::Open(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return ErrnoStatus(errno, "open", path);
  struct stat info;
  if (::fstat(file.get(), &info) != 0) return ErrnoStatus(errno, "stat", path);
  MappedFile mapped;
  mapped.size_ = static_cast<size_t>(info.st_size);
  if (mapped.size_ == 0) return mapped;
  void* address = ::mmap(nullptr, mapped.size_, PROT_READ, MAP_SHARED, file.get(), 0);
  if (address == MAP_FAILED) {
    mapped.size_ = 0;
    return ErrnoStatus(errno, "map", path);
  }
  mapped.data_ = static_cast<const char*>(address);
  return mapped;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<char*>(data_), size_);
}

}  // namespace policykb
