// Keys of metadata: what may stand in a sidecar, in front matter and in a collection's defaults,
// and what each value must be.
//
// Not for what the text says (metadata.h), not for the files' formats (readers). Pure functions,
// any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_METADATA_KEYS_H_
#define POLICYKB_INDEXER_STRUCTURE_METADATA_KEYS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/civil_date.h"
#include "core/snapshot/records.h"
#include "indexer/readers/reader.h"
#include "indexer/structure/remark.h"

namespace policykb {

// Origins of values, as stored in Document::origins.
inline constexpr std::string_view kFromSidecar = "sidecar";
inline constexpr std::string_view kFromFrontMatter = "front_matter";
inline constexpr std::string_view kFromCollection = "collection";
inline constexpr std::string_view kFromPath = "path";
inline constexpr std::string_view kFromRow = "row";  // of a list of service items
inline constexpr std::string_view kFromText = "text";

// Origin of a field's value; empty where it has none. Valid as long as `document`.
std::string_view OriginOf(const Document& document, std::string_view field);

// True for the name of a metadata key.
bool IsMetadataKey(std::string_view key);

// True when the front matter is some other system's: it holds no key of ours but title, language or
// source.
bool IsForeignFrontMatter(const std::vector<FrontMatterEntry>& entries);

// Metadata of one origin.
struct MetadataLayer {
  std::string_view origin;
  std::string where;  // before "line N" in messages; empty for the file itself
  const std::vector<FrontMatterEntry>* entries;
};

// Fills the document from the layers; a later layer overrules an earlier one key by key.
// Errors: InvalidArgument with the line (unknown key, value of the wrong form, impossible date,
// valid_to not behind valid_from).
absl::Status ApplyMetadata(std::span<const MetadataLayer> layers, Document& document,
                           std::vector<Remark>& remarks);

// Where the value of that key stands which won: "line 3", or "a.md.meta.toml: line 3"; empty where
// no layer has one.
std::string PlaceOf(std::span<const MetadataLayer> layers, std::string_view key);

// Checks entries that are to be the defaults of many files.
// Errors: as ApplyMetadata; also for keys that belong to one document only.
absl::Status CheckDefaults(const std::vector<FrontMatterEntry>& entries);

// Values of single entries. Errors: InvalidArgument with the line and the key.
absl::StatusOr<CivilDate> DateValue(const FrontMatterEntry& entry);
absl::StatusOr<std::vector<std::string>> LabelValues(const FrontMatterEntry& entry);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_METADATA_KEYS_H_
