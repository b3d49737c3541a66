#include "core/snapshot/publish.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr std::string_view kLockFile = "LOCK";
constexpr std::string_view kStagingSuffix = ".tmp";

// Names in a folder that may not exist yet.
absl::StatusOr<std::vector<std::string>> NamesIfAny(const std::string& folder) {
  if (!PathExists(folder)) return std::vector<std::string>();
  return ListNames(folder);
}

}  // namespace

absl::StatusOr<std::unique_ptr<KnowledgeBaseLock>> KnowledgeBaseLock::Acquire(
    const std::string& kb) {
  RETURN_IF_ERROR(MakeFolders(kb));
  const std::string path = JoinPath(kb, kLockFile);
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return absl::PermissionDeniedError(Cat(path, ": open: ", std::strerror(errno)));
  std::unique_ptr<KnowledgeBaseLock> lock(new KnowledgeBaseLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t n = ::pread(fd, holder, sizeof(holder) - 1, 0);
    return absl::FailedPreconditionError(Cat(
        kb, ": being changed by process ",
        StripAsciiSpace({holder, n > 0 ? static_cast<size_t>(n) : 0}), ", one indexer at a time"));
  }
  const std::string pid = Cat(::getpid(), "\n");
  if (::ftruncate(fd, 0) != 0 ||
      ::pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size())) {
    return absl::ResourceExhaustedError(Cat(path, ": write: ", std::strerror(errno)));
  }
  return lock;
}

KnowledgeBaseLock::~KnowledgeBaseLock() { ::close(fd_); }

std::string NewSnapshotId(const std::string& kb, absl::Time now) {
  const std::string stem = absl::FormatTime("%Y%m%d-%H%M%S", now, absl::UTCTimeZone());
  for (int i = 0;; ++i) {
    std::string id = i == 0 ? stem : Cat(stem, "-", i);
    if (!PathExists(JoinPath(JoinPath(kb, kSnapshotsFolder), id)) &&
        !PathExists(JoinPath(JoinPath(kb, kSegmentsFolder), id))) {
      return id;
    }
  }
}

absl::Status RemoveDebris(const std::string& kb) {
  const std::string snapshots = JoinPath(kb, kSnapshotsFolder);
  const std::string segments = JoinPath(kb, kSegmentsFolder);
  ASSIGN_OR_RETURN(const std::vector<std::string> snapshot_names, NamesIfAny(snapshots));
  ASSIGN_OR_RETURN(const std::vector<std::string> segment_names, NamesIfAny(segments));
  std::set<std::string> wanted;
  std::vector<std::string> debris;
  for (const std::string& name : snapshot_names) {
    if (name.ends_with(kStagingSuffix)) {
      debris.push_back(JoinPath(snapshots, name));
      continue;
    }
    absl::StatusOr<Manifest> manifest = ReadManifest(kb, name, "");
    // A snapshot of a newer format may refer to any segment.
    RETURN_IF_ERROR(manifest.status());
    for (const SegmentEntry& segment : manifest->segments) wanted.insert(segment.id);
  }
  for (const std::string& name : segment_names) {
    if (!wanted.contains(name)) debris.push_back(JoinPath(segments, name));
  }
  for (const std::string& path : debris) RETURN_IF_ERROR(RemoveAll(path));
  return absl::OkStatus();
}

absl::Status PublishSnapshot(const std::string& kb, Manifest manifest, RecordStore& store,
                             const std::string& embedder_folder) {
  const std::string folder = JoinPath(JoinPath(kb, kSnapshotsFolder), manifest.id);
  const std::string staging = Cat(folder, kStagingSuffix);
  RETURN_IF_ERROR(RemoveAll(staging));
  RETURN_IF_ERROR(MakeFolders(JoinPath(staging, kEmbedderFolder)));
  RETURN_IF_ERROR(store.Checkpoint(JoinPath(staging, kRecordsFolder)));
  ASSIGN_OR_RETURN(const std::vector<std::string> embedder_files, ListNames(embedder_folder));
  for (const std::string& name : embedder_files) {
    ASSIGN_OR_RETURN(const std::string content, ReadFile(JoinPath(embedder_folder, name)));
    RETURN_IF_ERROR(WriteNewFile(JoinPath(JoinPath(staging, kEmbedderFolder), name), content));
  }
  RETURN_IF_ERROR(SyncFolder(JoinPath(staging, kEmbedderFolder)));
  ASSIGN_OR_RETURN(const std::vector<ListedFile> files, ListFilesBelow(staging));
  for (const ListedFile& file : files) {
    RETURN_IF_ERROR(file.status);
    ASSIGN_OR_RETURN(FileEntry entry, DescribeFile(staging, file.relative_path));
    entry.path = Cat(kSnapshotsFolder, "/", manifest.id, "/", file.relative_path);
    manifest.files.push_back(std::move(entry));
  }
  const std::string json = EncodeManifest(manifest);
  RETURN_IF_ERROR(WriteNewFile(JoinPath(staging, kManifestFile), json));
  RETURN_IF_ERROR(SyncFolder(staging));
  RETURN_IF_ERROR(RenameSynced(staging, folder));
  return WriteFileAtomically(JoinPath(kb, kCurrentFile),
                             Cat(manifest.id, " ", Hex64(Checksum64(json)), "\n"));
}

}  // namespace policykb
