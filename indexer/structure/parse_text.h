// ParseText: a canonical text and what is declared of it -> the document.
//
// For parse_file.cc and service_list.cc. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_PARSE_TEXT_H_
#define POLICYKB_INDEXER_STRUCTURE_PARSE_TEXT_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/readers/reader.h"
#include "indexer/structure/head_table.h"
#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/remark.h"
#include "indexer/structure/sidecar.h"

namespace policykb {

// "a.md.meta.toml": the sidecar as messages name it.
std::string SidecarName(std::string_view relative_path);

// The sidecar of a file, empty where it has none. Errors: InvalidArgument (a collection that could
// not be read; a sidecar that is wrong: with its name and line).
absl::StatusOr<Sidecar> ReadDeclared(const SourceFile& file);

// The defaults of the file's collection, as the first layer.
MetadataLayer CollectionLayer(const SourceFile& file);

// `layers` as for ApplyMetadata; `provisions` is what a sidecar says of them,
// `head` what stood above the text. REQUIRES: the text is
// not empty. Errors: as ParseFile.
absl::StatusOr<ParsedDocument> ParseText(const SourceFile& file,
                                         std::span<const MetadataLayer> layers,
                                         const std::vector<ProvisionSettings>& provisions,
                                         const std::vector<HeadField>& head, CanonicalText source);

// Adds to the remarks of a document, and to its warnings or what was left out those that a build
// tells.
void AddRemarks(std::vector<Remark> remarks, ParsedDocument& parsed);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PARSE_TEXT_H_
