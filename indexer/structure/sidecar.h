// Sidecar: what `<file>.meta.toml` says of its file: the keys of metadata, and tables [[provision]]
// for provisions that differ from their document.
//
// Not for what the values must be (metadata_keys.h). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_SIDECAR_H_
#define POLICYKB_INDEXER_STRUCTURE_SIDECAR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/civil_date.h"
#include "core/toml/toml.h"
#include "indexer/readers/reader.h"

namespace policykb {

// A provision with a validity or labels of its own.
struct ProvisionSettings {
  std::string address;  // "art12", "art12.para2" or a label, "di shi er tiao di er kuan"
  uint32_t line = 0;
  std::optional<Validity> validity;
  std::vector<std::string> visibility;  // empty: the document's
};

struct Sidecar {
  std::vector<FrontMatterEntry> entries;
  std::vector<ProvisionSettings> provisions;
};

// Errors: InvalidArgument with the line (no TOML; in a [[provision]]: an unknown key, a value of
// the wrong form, valid_to not behind valid_from, nothing set).
absl::StatusOr<Sidecar> ReadSidecar(std::string_view bytes);

// A TOML value as a metadata entry; what can be no value of metadata becomes Kind::kOther.
FrontMatterEntry ToMetadataEntry(const TomlEntry& entry);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_SIDECAR_H_
