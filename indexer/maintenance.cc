#include "indexer/maintenance.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/snapshot.h"
#include "indexer/segment_set.h"

namespace policykb {

namespace {

uint64_t SegmentBytes(const std::vector<SegmentEntry>& segments) {
  uint64_t bytes = 0;
  for (const SegmentEntry& segment : segments) {
    for (const FileEntry& file : segment.files) bytes += file.size_bytes;
  }
  return bytes;
}

}  // namespace

absl::StatusOr<std::vector<ListedSnapshot>> List(const std::string& kb) {
  if (!PathExists(kb)) return absl::NotFoundError(Cat(kb, ": no such knowledge base"));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ListSnapshots(kb));
  const absl::StatusOr<Current> current = ReadCurrent(kb);
  std::vector<ListedSnapshot> snapshots;
  for (const std::string& id : ids) {
    snapshots.push_back({.id = id,
                         .is_live = current.ok() && current->snapshot == id,
                         .manifest = ReadManifest(kb, id, "")});
  }
  return snapshots;
}

absl::StatusOr<CompactReport> Compact(const std::string& kb, Publish publish,
                                      const Progress& progress) {
  Stages stages(progress);
  CompactReport report;
  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock, KnowledgeBaseLock::Acquire(kb));
  RETURN_IF_ERROR(RemoveDebris(kb));
  ASSIGN_OR_RETURN(const BaseState base, ReadBaseState(kb));
  const absl::Time now = absl::Now();
  ASSIGN_OR_RETURN(const std::string id, NewSnapshotId(kb, now));
  stages.Begin("merge");
  ASSIGN_OR_RETURN(SegmentSet segments, SegmentSet::Open(kb, base.manifest));
  report.bytes_before = SegmentBytes(base.manifest.segments);
  ASSIGN_OR_RETURN(report.merged_segments, segments.MergeAll(id));
  if (report.merged_segments == 0) {
    stages.End();
    report.bytes_after = report.bytes_before;
    report.content_digest = base.manifest.content_digest;
    return report;
  }
  stages.Begin("write snapshot");
  ASSIGN_OR_RETURN(const std::unique_ptr<SnapshotWriter> writer,
                   SnapshotWriter::Begin(kb, id, base.manifest.id));
  RETURN_IF_ERROR(writer->records().Compact());
  RETURN_IF_ERROR(writer->KeepEditorial());
  Manifest manifest = base.manifest;
  manifest.format_version = kCurrentFormatVersion;
  manifest.parent = base.manifest.id;
  manifest.published_at = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
  manifest.segments = segments.Entries();
  RETURN_IF_ERROR(writer->Finish(
      manifest,
      JoinPath(JoinPath(JoinPath(kb, kSnapshotsFolder), base.manifest.id), kEmbedderFolder)));
  if (publish == Publish::kNow) RETURN_IF_ERROR(MakeLive(kb, id));
  stages.End();
  report.snapshot = id;
  report.content_digest = manifest.content_digest;
  report.bytes_after = SegmentBytes(manifest.segments);
  report.stage_seconds = stages.seconds();
  return report;
}

absl::StatusOr<std::string> PublishExisting(const std::string& kb, const std::string& id,
                                            const Judge& judge) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock, KnowledgeBaseLock::Acquire(kb));
  std::string chosen = id;
  const absl::StatusOr<Current> current = ReadCurrent(kb);
  if (chosen.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids, ListSnapshots(kb));
    if (ids.empty() || (current.ok() && ids.back() == current->snapshot))
      return absl::NotFoundError(Cat(kb, ": no snapshot is younger than the live one"));
    chosen = ids.back();
  }
  RETURN_IF_ERROR(Snapshot::Open(kb, chosen, "").status());
  if (judge) RETURN_IF_ERROR(judge(chosen));
  RETURN_IF_ERROR(MakeLive(kb, chosen));
  return chosen;
}

absl::StatusOr<std::string> Verify(const std::string& kb, const std::string& id) {
  absl::StatusOr<std::shared_ptr<const Snapshot>> snapshot =
      id.empty() ? Snapshot::OpenCurrent(kb) : Snapshot::Open(kb, id, "");
  RETURN_IF_ERROR(snapshot.status());
  RETURN_IF_ERROR((*snapshot)->Verify());
  return (*snapshot)->manifest().id;
}

absl::StatusOr<PruneReport> Prune(const std::string& kb, size_t keep) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock, KnowledgeBaseLock::Acquire(kb));
  // Without a readable CURRENT nothing says what must stay.
  ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb));
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ListSnapshots(kb));
  ASSIGN_OR_RETURN(const uint64_t before, TreeSize(kb));
  std::erase(ids, current.snapshot);
  PruneReport report;
  const size_t others = std::min(ids.size(), keep - 1);
  report.removed.assign(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(others));
  for (const std::string& id : report.removed) RETURN_IF_ERROR(RemoveSnapshot(kb, id));
  RETURN_IF_ERROR(RemoveDebris(kb));
  ASSIGN_OR_RETURN(const uint64_t after, TreeSize(kb));
  report.freed_bytes = before > after ? before - after : 0;
  return report;
}

}  // namespace policykb
