#include "core/snapshot/publish.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/snapshot_report.h"

namespace policykb {

namespace {

constexpr std::string_view kLockFile = "LOCK";
constexpr std::string_view kStagingSuffix = ".tmp";
// Below a snapshot's staging folder, while its records are written.
constexpr std::string_view kWorkFolder = "work";

std::string SnapshotFolder(const std::string& kb, std::string_view id) {
  return JoinPath(JoinPath(kb, kSnapshotsFolder), id);
}

// Order of making: the time, then the counter, which has no leading zeros.
bool IsOlder(const std::string& a, const std::string& b) {
  constexpr size_t kTime = std::string_view("20260101-000000").size();
  const int time = a.compare(0, kTime, b, 0, kTime);
  if (time != 0) return time < 0;
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

// Makes `to` a folder with links to the files of the folder `from`.
absl::Status LinkFolder(const std::string& from, const std::string& to) {
  RETURN_IF_ERROR(MakeFolders(to));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListNames(from));
  for (const std::string& name : names)
    RETURN_IF_ERROR(LinkFile(JoinPath(from, name), JoinPath(to, name)));
  return SyncFolder(to);
}

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

absl::StatusOr<std::string> NewSnapshotId(const std::string& kb, absl::Time now) {
  // Segments of a snapshot that is gone may be in use: names of segments begin with the id of the
  // snapshot they were made for, and a letter tells the several of one apart.
  ASSIGN_OR_RETURN(std::vector<std::string> taken, NamesIfAny(JoinPath(kb, kSegmentsFolder)));
  ASSIGN_OR_RETURN(const std::vector<std::string> snapshots,
                   NamesIfAny(JoinPath(kb, kSnapshotsFolder)));
  taken.insert(taken.end(), snapshots.begin(), snapshots.end());
  const std::string stem = absl::FormatTime("%Y%m%d-%H%M%S", now, absl::UTCTimeZone());
  for (int i = 0;; ++i) {
    std::string id = i == 0 ? stem : Cat(stem, "-", i);
    const bool is_free = std::none_of(taken.begin(), taken.end(), [&](std::string_view name) {
      if (!name.starts_with(id)) return false;
      name.remove_prefix(id.size());
      return name.empty() || name.starts_with('.') || name.starts_with("-m") ||
             name.starts_with("-s");
    });
    if (is_free) return id;
  }
}

absl::Status RemoveDebris(const std::string& kb) {
  const std::string snapshots = JoinPath(kb, kSnapshotsFolder);
  const std::string segments = JoinPath(kb, kSegmentsFolder);
  ASSIGN_OR_RETURN(const std::vector<std::string> snapshot_names, NamesIfAny(snapshots));
  ASSIGN_OR_RETURN(const std::vector<std::string> segment_names, NamesIfAny(segments));
  std::set<std::string> wanted;
  bool all_known = true;
  std::vector<std::string> debris;
  for (const std::string& name : snapshot_names) {
    if (name.ends_with(kStagingSuffix)) {
      debris.push_back(JoinPath(snapshots, name));
      continue;
    }
    absl::StatusOr<Manifest> manifest = ReadManifest(kb, name, "");
    // A snapshot of another format may refer to any segment.
    if (absl::IsFailedPrecondition(manifest.status())) {
      all_known = false;
      continue;
    }
    RETURN_IF_ERROR(manifest.status());
    for (const SegmentEntry& segment : manifest->segments) wanted.insert(segment.id);
  }
  for (const std::string& name : segment_names) {
    if (name.ends_with(kStagingSuffix) || (all_known && !wanted.contains(name)))
      debris.push_back(JoinPath(segments, name));
  }
  for (const std::string& path : debris) RETURN_IF_ERROR(RemoveAll(path));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<SnapshotWriter>> SnapshotWriter::Begin(const std::string& kb,
                                                                      const std::string& id,
                                                                      const std::string& parent) {
  std::unique_ptr<SnapshotWriter> writer(new SnapshotWriter(kb, id, parent));
  RETURN_IF_ERROR(RemoveAll(writer->staging_));
  RETURN_IF_ERROR(MakeFolders(writer->staging_));
  const std::string work = JoinPath(writer->staging_, kWorkFolder);
  if (!parent.empty())
    RETURN_IF_ERROR(RecordStore::Clone(JoinPath(SnapshotFolder(kb, parent), kRecordsFolder), work));
  ASSIGN_OR_RETURN(writer->records_, RecordStore::OpenForWriting(work));
  return writer;
}

SnapshotWriter::SnapshotWriter(std::string kb, std::string id, std::string parent)
    : kb_(std::move(kb)),
      id_(std::move(id)),
      parent_(std::move(parent)),
      staging_(Cat(SnapshotFolder(kb_, id_), kStagingSuffix)) {}

absl::Status SnapshotWriter::AddEditorial(const Editorial& editorial, const Embedder& embedder) {
  if (editorial.empty()) return absl::OkStatus();
  const std::string folder = JoinPath(staging_, kEditorialFolder);
  RETURN_IF_ERROR(MakeFolders(folder));
  RETURN_IF_ERROR(WriteEditorial(editorial, embedder, folder));
  return SyncFolder(folder);
}

absl::Status SnapshotWriter::KeepEditorial() {
  const std::string parents = JoinPath(SnapshotFolder(kb_, parent_), kEditorialFolder);
  if (!PathExists(parents)) return absl::OkStatus();
  return LinkFolder(parents, JoinPath(staging_, kEditorialFolder));
}

absl::Status SnapshotWriter::Finish(Manifest manifest, const std::string& embedder_folder) {
  RETURN_IF_ERROR(records_->Checkpoint(JoinPath(staging_, kRecordsFolder)));
  records_.reset();
  RETURN_IF_ERROR(RemoveAll(JoinPath(staging_, kWorkFolder)));
  RETURN_IF_ERROR(LinkFolder(embedder_folder, JoinPath(staging_, kEmbedderFolder)));

  // Files that the parent has under the same name on disk keep the checksum they have there.
  std::map<std::string, FileEntry> known;
  if (!parent_.empty()) {
    ASSIGN_OR_RETURN(const Manifest parent, ReadManifest(kb_, parent_, ""));
    const size_t prefix = Cat(kSnapshotsFolder, "/", parent_, "/").size();
    for (const FileEntry& file : parent.files) {
      if (file.path.size() > prefix) known.emplace(file.path.substr(prefix), file);
    }
  }
  manifest.id = id_;
  manifest.files.clear();
  ASSIGN_OR_RETURN(const std::vector<ListedFile> files, ListFilesBelow(staging_));
  for (const ListedFile& file : files) {
    RETURN_IF_ERROR(file.status);
    const auto found = known.find(file.relative_path);
    FileEntry entry;
    if (found != known.end() &&
        IsSameFile(JoinPath(staging_, file.relative_path), JoinPath(kb_, found->second.path))) {
      entry = found->second;
    } else {
      ASSIGN_OR_RETURN(entry, DescribeFile(staging_, file.relative_path));
    }
    entry.path = Cat(kSnapshotsFolder, "/", id_, "/", file.relative_path);
    manifest.files.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(WriteNewFile(JoinPath(staging_, kManifestFile), EncodeManifest(manifest)));
  RETURN_IF_ERROR(SyncFolder(staging_));
  return RenameSynced(staging_, SnapshotFolder(kb_, id_));
}

absl::Status MakeLive(const std::string& kb, const std::string& id) {
  const std::string path = JoinPath(SnapshotFolder(kb, id), kManifestFile);
  RETURN_IF_ERROR(ReadManifest(kb, id, "").status());
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path));
  return WriteFileAtomically(JoinPath(kb, kCurrentFile),
                             Cat(id, " ", Hex64(Checksum64(json)), "\n"));
}

absl::Status RemoveSnapshot(const std::string& kb, const std::string& id) {
  const std::string folder = SnapshotFolder(kb, id);
  const std::string doomed = Cat(folder, kStagingSuffix);
  RETURN_IF_ERROR(RenameSynced(folder, doomed));
  RETURN_IF_ERROR(RemoveReports(kb, id));
  return RemoveAll(doomed);
}

absl::StatusOr<std::vector<std::string>> ListSnapshots(const std::string& kb) {
  ASSIGN_OR_RETURN(std::vector<std::string> names, NamesIfAny(JoinPath(kb, kSnapshotsFolder)));
  std::erase_if(names, [](const std::string& name) { return name.ends_with(kStagingSuffix); });
  std::sort(names.begin(), names.end(), IsOlder);
  return names;
}

}  // namespace policykb
