// Files and folders: read, map, write durably, list.
//
// For everything that programs keep on disk. Errors name the path and the system's reason. Not for
// RocksDB's own files. Functions are safe from any thread as far as the file system is; a
// MappedFile is const after Open.

#ifndef POLICYKB_CORE_BASE_FILES_H_
#define POLICYKB_CORE_BASE_FILES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

// `a/b` with exactly one slash.
std::string JoinPath(std::string_view a, std::string_view b);

// True when something is there, a dangling link excepted.
bool PathExists(const std::string& path);

// Whole content. Errors: NotFound, PermissionDenied, FailedPrecondition (a folder, or above
// `limit_bytes`), Unavailable.
absl::StatusOr<std::string> ReadFile(const std::string& path,
                                     uint64_t limit_bytes = uint64_t{1} << 40);

// Writes `path` so that after a crash it holds either what it held or all of `content`: a temporary
// file beside it is written, synced, renamed, and the folder synced. Errors: PermissionDenied,
// ResourceExhausted (disk full), Unavailable.
absl::Status WriteFileAtomically(const std::string& path, std::string_view content);

// Writes and syncs a file that nothing refers to yet: the pieces one after the other. Errors as
// WriteFileAtomically.
absl::Status WriteNewFile(const std::string& path, std::span<const std::string_view> pieces);
absl::Status WriteNewFile(const std::string& path, std::string_view content);

// Makes `to` another name of the file `from`, or a synced copy where the file system has no hard
// links. `to` must not exist. Errors as WriteFileAtomically.
absl::Status LinkFile(const std::string& from, const std::string& to);

// True when both paths are the same file on disk.
bool IsSameFile(const std::string& a, const std::string& b);

// Renames and syncs the folder of `to`.
absl::Status RenameSynced(const std::string& from, const std::string& to);

// Makes the folder and those above it.
absl::Status MakeFolders(const std::string& path);

// Flushes a folder's entries to disk.
absl::Status SyncFolder(const std::string& path);

// Removes a file or a folder with all below it; absent is OK.
absl::Status RemoveAll(const std::string& path);

// Size in bytes.
absl::StatusOr<uint64_t> FileSize(const std::string& path);

// Bytes of all regular files below `path`, each file on disk once whatever its names.
absl::StatusOr<uint64_t> TreeSize(const std::string& path);

// A regular file below a folder, or an entry there that could not be looked at.
struct ListedFile {
  std::string relative_path;  // with '/', relative to the folder
  absl::Status status;        // why it could not be looked at; OK otherwise
};

// All regular files below `folder`, links not followed out of it, names beginning with '.' left
// out, sorted by path. Errors: NotFound, PermissionDenied, FailedPrecondition (not a folder).
absl::StatusOr<std::vector<ListedFile>> ListFilesBelow(const std::string& folder);

// Names in `folder`, sorted. Errors: NotFound, PermissionDenied.
absl::StatusOr<std::vector<std::string>> ListNames(const std::string& folder);

// A file mapped for reading. Moves keep the address of the bytes.
class MappedFile {
 public:
  // Errors: NotFound, PermissionDenied, Unavailable.
  static absl::StatusOr<MappedFile> Open(const std::string& path);
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  // Valid as long as this object.
  std::string_view bytes() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_FILES_H_
