// Manifest: what a snapshot is made of, and CURRENT, which names the live one.
//
// Layout in FORMAT.md "Folders" and "Manifest". Plain values and pure functions over files, any
// thread.

#ifndef POLICYKB_CORE_SNAPSHOT_MANIFEST_H_
#define POLICYKB_CORE_SNAPSHOT_MANIFEST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/civil_date.h"

namespace policykb {

// Raising the current one adds a stored fixture that must open for ever.
inline constexpr uint32_t kCurrentFormatVersion = 3;
inline constexpr uint32_t kOldestWritableFormatVersion = 2;
inline constexpr uint32_t kOldestReadableFormatVersion = 2;

// Names below a knowledge base folder.
inline constexpr std::string_view kCurrentFile = "CURRENT";
inline constexpr std::string_view kStoreFolder = "store";
inline constexpr std::string_view kSegmentsFolder = "segments";
inline constexpr std::string_view kSnapshotsFolder = "snapshots";
// Names below a snapshot's folder.
inline constexpr std::string_view kManifestFile = "MANIFEST.json";
inline constexpr std::string_view kRecordsFolder = "records";
inline constexpr std::string_view kEmbedderFolder = "embedder";
inline constexpr std::string_view kEditorialFolder = "editorial";

struct FileEntry {
  std::string path;  // relative to the knowledge base folder
  uint64_t size_bytes = 0;
  std::string xxh3;  // 16 hexadecimal digits
  friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

// Metadata of a document that changed after its segment was written, while its text did not.
struct DocumentOverlay {
  uint32_t document = 0;  // ordinal in its segment
  std::string kind;
  std::string region;
  std::string issuer;
  std::string document_number;
  std::vector<std::string> visibility;
  Validity validity;
  friend bool operator==(const DocumentOverlay&, const DocumentOverlay&) = default;
};

struct SegmentEntry {
  std::string id;
  uint32_t passages = 0;                 // dead ones included
  std::vector<uint32_t> dead_documents;  // ordinals, ascending
  std::vector<FileEntry> files;
  std::vector<DocumentOverlay> overlays;  // ascending by ordinal
  friend bool operator==(const SegmentEntry&, const SegmentEntry&) = default;
};

struct Manifest {
  uint32_t format_version = kCurrentFormatVersion;
  std::string id;
  std::string published_at;  // RFC 3339, UTC
  std::string analyzer_fingerprint;
  std::string embedder_fingerprint;
  uint32_t dimension = 0;
  std::vector<SegmentEntry> segments;
  std::vector<FileEntry> files;
  uint64_t documents = 0;
  uint64_t passages = 0;
  std::string content_digest;
  std::string editorial_digest;  // empty when it holds no editorial words
  std::string parent;  // snapshot that was live when this one was made; empty for the first
  // Mean lengths of fields by which the impacts of all its segments are normalised.
  std::vector<double> passage_field_lengths;
  std::vector<double> document_field_lengths;
  // How vectors of large segments are indexed, now and by what is made of this snapshot.
  std::string vector_index;        // FAISS factory string; empty: our own graph
  uint32_t vector_index_from = 0;  // vectors of a large segment; 0: as VectorIndexOptions
  friend bool operator==(const Manifest&, const Manifest&) = default;
};

std::string EncodeManifest(const Manifest& manifest);
// Errors: DataLoss (grammar), FailedPrecondition (a format version outside the readable ones).
absl::StatusOr<Manifest> DecodeManifest(std::string_view json);

struct Current {
  std::string snapshot;
  std::string manifest_xxh3;
};

// Errors: NotFound (nothing was published here), DataLoss.
absl::StatusOr<Current> ReadCurrent(const std::string& kb);
// The manifest of a snapshot, checked against `expected_xxh3` unless that is empty. Errors:
// NotFound, DataLoss, FailedPrecondition (format version).
absl::StatusOr<Manifest> ReadManifest(const std::string& kb, const std::string& snapshot,
                                      std::string_view expected_xxh3);

// Size and checksum of a file as it is. Errors: as MappedFile::Open.
absl::StatusOr<FileEntry> DescribeFile(const std::string& kb, const std::string& relative_path);
enum class FileCheck { kSize, kSizeAndChecksum };
// Errors: DataLoss (missing, of another size, of another checksum).
absl::Status CheckFile(const std::string& kb, const FileEntry& entry, FileCheck check);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_MANIFEST_H_
