#include "core/snapshot/snapshot.h"

#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/open_embedder.h"
#include "core/text/analyzer.h"

namespace policykb {

namespace {

absl::Status CheckFingerprint(std::string_view what, std::string_view snapshot,
                              std::string_view program) {
  if (snapshot == program) return absl::OkStatus();
  return absl::FailedPreconditionError(Cat(what, " fingerprint: the snapshot was built with ",
                                           snapshot, ", this program has ", program));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::OpenCurrent(const std::string& kb) {
  ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb));
  return Open(kb, current.snapshot, current.manifest_xxh3);
}

absl::StatusOr<std::shared_ptr<const Snapshot>> Snapshot::Open(
    const std::string& kb, const std::string& id, std::string_view manifest_xxh3,
    const std::shared_ptr<const Snapshot>& previous) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->kb_ = kb;
  ASSIGN_OR_RETURN(snapshot->manifest_, ReadManifest(kb, id, manifest_xxh3));
  const Manifest& manifest = snapshot->manifest_;
  const std::string folder = JoinPath(JoinPath(kb, kSnapshotsFolder), id);
  RETURN_IF_ERROR_IN(
      CheckFingerprint("analyzer", manifest.analyzer_fingerprint, AnalyzerFingerprint()), folder);
  const std::string editorial = JoinPath(folder, kEditorialFolder);
  for (const FileEntry& file : manifest.files) {
    const bool is_editorial = JoinPath(kb, file.path).starts_with(Cat(editorial, "/"));
    RETURN_IF_ERROR(
        CheckFile(kb, file, is_editorial ? FileCheck::kSizeAndChecksum : FileCheck::kSize));
  }
  if (previous != nullptr && previous->embedder_->fingerprint() == manifest.embedder_fingerprint) {
    snapshot->embedder_ = previous->embedder_;
  } else {
    ASSIGN_OR_RETURN(snapshot->embedder_, OpenEmbedder(snapshot->embedder_folder()));
  }
  RETURN_IF_ERROR_IN(CheckFingerprint("embedder", manifest.embedder_fingerprint,
                                      snapshot->embedder_->fingerprint()),
                     folder);
  if (!manifest.editorial_digest.empty()) {
    if (previous != nullptr && previous->embedder_ == snapshot->embedder_ &&
        previous->manifest_.editorial_digest == manifest.editorial_digest) {
      snapshot->editorial_ = previous->editorial_;
    } else {
      ASSIGN_OR_RETURN(snapshot->editorial_, StoredEditorial::Open(editorial));
    }
    RETURN_IF_ERROR_IN(snapshot->CheckQuestionVectors(), editorial);
  }
  for (const SegmentEntry& entry : manifest.segments) {
    ASSIGN_OR_RETURN(std::unique_ptr<Segment> segment,
                     previous == nullptr ? Segment::Open(kb, entry, {})
                                         : Segment::Open(kb, entry, previous->segments_));
    if (segment->vectors().dimension() != snapshot->embedder_->dimension()) {
      return absl::DataLossError(
          Cat(folder, ": segment ", entry.id, " has vectors of ", segment->vectors().dimension(),
              " components, the embedder makes ", snapshot->embedder_->dimension()));
    }
    snapshot->segments_.push_back(std::move(segment));
  }
  ASSIGN_OR_RETURN(snapshot->records_, RecordStore::OpenReadOnly(JoinPath(folder, kRecordsFolder)));
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

absl::Status Snapshot::CheckQuestionVectors() const {
  const VectorIndex* vectors = editorial_->vectors();
  if (vectors == nullptr || vectors->dimension() == embedder_->dimension()) return absl::OkStatus();
  return absl::DataLossError(Cat("questions have vectors of ", vectors->dimension(),
                                 " components, the embedder makes ", embedder_->dimension()));
}

std::string Snapshot::embedder_folder() const {
  return JoinPath(JoinPath(JoinPath(kb_, kSnapshotsFolder), manifest_.id), kEmbedderFolder);
}

absl::StatusOr<Snapshot::Place> Snapshot::FindDocument(std::string_view id) const {
  for (const std::unique_ptr<Segment>& segment : segments_) {
    const auto document = segment->columns().FindDocument(id);
    if (document && segment->IsLive(*document))
      return Place{.segment = segment.get(), .document = *document};
  }
  return absl::NotFoundError(Cat("documents/", id, " not found"));
}

absl::Status Snapshot::Verify() const {
  for (const FileEntry& file : manifest_.files)
    RETURN_IF_ERROR(CheckFile(kb_, file, FileCheck::kSizeAndChecksum));
  for (const SegmentEntry& segment : manifest_.segments) {
    for (const FileEntry& file : segment.files)
      RETURN_IF_ERROR(CheckFile(kb_, file, FileCheck::kSizeAndChecksum));
  }
  for (const std::unique_ptr<Segment>& segment : segments_) {
    RETURN_IF_ERROR(segment->passages().Verify());
    RETURN_IF_ERROR(segment->documents().Verify());
  }
  if (editorial_ != nullptr) RETURN_IF_ERROR(editorial_->Verify());
  return records_->Verify();
}

}  // namespace policykb
