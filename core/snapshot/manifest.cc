#include "core/snapshot/manifest.h"

#include <google/protobuf/util/json_util.h>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "policykb/snapshot/v1/manifest.pb.h"

namespace policykb {

namespace {

namespace pb = snapshot::v1;

constexpr uint64_t kMaxManifestBytes = uint64_t{256} << 20;

void ToMessage(const FileEntry& entry, pb::FileEntry& message) {
  message.set_path(entry.path);
  message.set_size_bytes(entry.size_bytes);
  message.set_xxh3(entry.xxh3);
}

FileEntry FromMessage(const pb::FileEntry& message) {
  return {.path = message.path(), .size_bytes = message.size_bytes(), .xxh3 = message.xxh3()};
}

void ToMessage(const DocumentOverlay& overlay, pb::DocumentOverlay& message) {
  message.set_document(overlay.document);
  message.set_kind(overlay.kind);
  message.set_region(overlay.region);
  message.set_issuer(overlay.issuer);
  message.set_document_number(overlay.document_number);
  for (const std::string& label : overlay.visibility) message.add_visibility(label);
  if (overlay.validity.from) message.set_valid_from(overlay.validity.from->days());
  if (overlay.validity.to) message.set_valid_to(overlay.validity.to->days());
}

DocumentOverlay FromMessage(const pb::DocumentOverlay& message) {
  DocumentOverlay overlay = {
      .document = message.document(),
      .kind = message.kind(),
      .region = message.region(),
      .issuer = message.issuer(),
      .document_number = message.document_number(),
      .visibility = {message.visibility().begin(), message.visibility().end()},
      .validity = {}};
  if (message.has_valid_from()) overlay.validity.from = CivilDate(message.valid_from());
  if (message.has_valid_to()) overlay.validity.to = CivilDate(message.valid_to());
  return overlay;
}

// True when `next` is above the last of `values`.
bool Ascends(const std::vector<uint32_t>& values, uint32_t next) {
  return values.empty() || next > values.back();
}

// An id is one folder name: what a manifest says must not lead out of the knowledge base.
bool IsFolderName(std::string_view id) {
  return !id.empty() && id.size() <= 128 && id.front() != '.' &&
         id.find('/') == std::string_view::npos;
}

bool IsRelativePathInside(std::string_view path) {
  for (const std::string_view part : Split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

}  // namespace

std::string EncodeManifest(const Manifest& manifest) {
  pb::Manifest message;
  message.set_format_version(manifest.format_version);
  message.set_id(manifest.id);
  message.set_published_at(manifest.published_at);
  message.set_analyzer_fingerprint(manifest.analyzer_fingerprint);
  message.set_embedder_fingerprint(manifest.embedder_fingerprint);
  message.set_dimension(manifest.dimension);
  for (const SegmentEntry& segment : manifest.segments) {
    pb::SegmentEntry& added = *message.add_segments();
    added.set_id(segment.id);
    added.set_passages(segment.passages);
    for (const uint32_t ordinal : segment.dead_documents) added.add_dead_documents(ordinal);
    for (const FileEntry& file : segment.files) ToMessage(file, *added.add_files());
    for (const DocumentOverlay& overlay : segment.overlays)
      ToMessage(overlay, *added.add_overlays());
  }
  for (const FileEntry& file : manifest.files) ToMessage(file, *message.add_files());
  message.set_documents(manifest.documents);
  message.set_passages(manifest.passages);
  message.set_content_digest(manifest.content_digest);
  message.set_editorial_digest(manifest.editorial_digest);
  message.set_parent(manifest.parent);
  for (const double length : manifest.passage_field_lengths)
    message.add_passage_field_lengths(length);
  for (const double length : manifest.document_field_lengths)
    message.add_document_field_lengths(length);
  message.set_vector_index(manifest.vector_index);
  message.set_vector_index_from(manifest.vector_index_from);
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // A message with string and number fields only always has a JSON form.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  return json;
}

absl::StatusOr<Manifest> DecodeManifest(std::string_view json) {
  google::protobuf::util::JsonParseOptions options;
  // A newer format is to be refused by its number, not by the first field this version does not
  // know.
  options.ignore_unknown_fields = true;
  pb::Manifest message;
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(std::string(json), &message, options);
  if (!parsed.ok())
    return absl::DataLossError(Cat("not a manifest: ", std::string(parsed.message())));
  if (message.format_version() < kOldestReadableFormatVersion ||
      message.format_version() > kCurrentFormatVersion) {
    return absl::FailedPreconditionError(Cat("format_version ", message.format_version(),
                                             ", readable ", kOldestReadableFormatVersion, "..",
                                             kCurrentFormatVersion));
  }
  Manifest manifest;
  manifest.format_version = message.format_version();
  manifest.id = message.id();
  manifest.published_at = message.published_at();
  manifest.analyzer_fingerprint = message.analyzer_fingerprint();
  manifest.embedder_fingerprint = message.embedder_fingerprint();
  manifest.dimension = message.dimension();
  for (const pb::SegmentEntry& segment : message.segments()) {
    SegmentEntry entry = {.id = segment.id(),
                          .passages = segment.passages(),
                          .dead_documents = {},
                          .files = {},
                          .overlays = {}};
    if (!IsFolderName(entry.id))
      return absl::DataLossError(Cat("segment id \"", entry.id, "\" is no folder name"));
    for (const uint32_t ordinal : segment.dead_documents()) {
      if (!Ascends(entry.dead_documents, ordinal)) {
        return absl::DataLossError(
            Cat("segment ", entry.id, ": dead document ", ordinal, " out of order"));
      }
      entry.dead_documents.push_back(ordinal);
    }
    for (const pb::FileEntry& file : segment.files()) entry.files.push_back(FromMessage(file));
    for (const pb::DocumentOverlay& overlay : segment.overlays()) {
      if (!entry.overlays.empty() && overlay.document() <= entry.overlays.back().document) {
        return absl::DataLossError(Cat("segment ", entry.id, ": overlay of document ",
                                       overlay.document(), " out of order"));
      }
      entry.overlays.push_back(FromMessage(overlay));
    }
    manifest.segments.push_back(std::move(entry));
  }
  for (const pb::FileEntry& file : message.files()) manifest.files.push_back(FromMessage(file));
  manifest.documents = message.documents();
  manifest.passages = message.passages();
  manifest.content_digest = message.content_digest();
  manifest.editorial_digest = message.editorial_digest();
  manifest.parent = message.parent();
  manifest.passage_field_lengths = {message.passage_field_lengths().begin(),
                                    message.passage_field_lengths().end()};
  manifest.document_field_lengths = {message.document_field_lengths().begin(),
                                     message.document_field_lengths().end()};
  manifest.vector_index = message.vector_index();
  manifest.vector_index_from = message.vector_index_from();
  return manifest;
}

absl::StatusOr<Current> ReadCurrent(const std::string& kb) {
  const std::string path = JoinPath(kb, kCurrentFile);
  absl::StatusOr<std::string> content = ReadFile(path, 4096);
  if (absl::IsNotFound(content.status())) {
    return absl::NotFoundError(
        Cat(kb, ": no published snapshot (", path, " does not exist); run policykb-indexer build"));
  }
  RETURN_IF_ERROR(content.status());
  const std::vector<std::string_view> words = Split(StripAsciiSpace(*content), ' ');
  if (words.size() != 2 || !IsFolderName(words[0]) || words[1].size() != 16) {
    return absl::DataLossError(
        Cat(path, ": not one line with a snapshot id and 16 hexadecimal digits"));
  }
  return Current{.snapshot = std::string(words[0]), .manifest_xxh3 = std::string(words[1])};
}

absl::StatusOr<Manifest> ReadManifest(const std::string& kb, const std::string& snapshot,
                                      std::string_view expected_xxh3) {
  const std::string path =
      JoinPath(JoinPath(JoinPath(kb, kSnapshotsFolder), snapshot), kManifestFile);
  ASSIGN_OR_RETURN(const std::string json, ReadFile(path, kMaxManifestBytes));
  ASSIGN_OR_RETURN_IN(Manifest manifest, DecodeManifest(json), path);
  const std::string found = Hex64(Checksum64(json));
  if (!expected_xxh3.empty() && found != expected_xxh3) {
    return absl::DataLossError(Cat(path, ": checksum ", found, ", expected ", expected_xxh3));
  }
  if (manifest.id != snapshot) {
    return absl::DataLossError(Cat(path, ": id \"", manifest.id, "\", expected ", snapshot));
  }
  return manifest;
}

absl::StatusOr<FileEntry> DescribeFile(const std::string& kb, const std::string& relative_path) {
  ASSIGN_OR_RETURN(const MappedFile file, MappedFile::Open(JoinPath(kb, relative_path)));
  return FileEntry{.path = relative_path,
                   .size_bytes = file.bytes().size(),
                   .xxh3 = Hex64(Checksum64(file.bytes()))};
}

absl::Status CheckFile(const std::string& kb, const FileEntry& entry, FileCheck check) {
  if (!IsRelativePathInside(entry.path)) {
    return absl::DataLossError(
        Cat("manifest names \"", entry.path, "\", not a path below the knowledge base"));
  }
  const std::string path = JoinPath(kb, entry.path);
  const absl::StatusOr<uint64_t> size = FileSize(path);
  if (!size.ok()) return absl::DataLossError(size.status().message());
  if (*size != entry.size_bytes) {
    return absl::DataLossError(
        Cat(path, ": ", *size, " bytes, the manifest says ", entry.size_bytes));
  }
  if (check == FileCheck::kSize) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FileEntry found, DescribeFile(kb, entry.path));
  if (found.xxh3 != entry.xxh3) {
    return absl::DataLossError(
        Cat(path, ": checksum ", found.xxh3, ", the manifest says ", entry.xxh3));
  }
  return absl::OkStatus();
}

}  // namespace policykb
