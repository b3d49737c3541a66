#include "indexer/structure/sidecar.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/structure/metadata_keys.h"

namespace policykb {
namespace {

using std::string_view;

constexpr string_view kProvisionKey = "provision";
constexpr size_t kMaxProvisions = 10'000;

absl::Status Wrong(uint32_t line, string_view what) {
  return absl::InvalidArgumentError(Cat("line ", line, ": ", what));
}

absl::StatusOr<ProvisionSettings> ReadProvision(const TomlValue& value) {
  if (value.kind != TomlValue::Kind::kTable)
    return Wrong(value.line, Cat("provision is ", KindName(value.kind), ", not a table"));
  ProvisionSettings settings;
  settings.line = value.line;
  Validity validity;
  for (const TomlEntry& entry : value.table.entries) {
    const FrontMatterEntry metadata = ToMetadataEntry(entry);
    if (entry.key == "address") {
      if (entry.value.kind != TomlValue::Kind::kString || entry.value.string.empty())
        return Wrong(entry.line, "address is no word");
      settings.address = entry.value.string;
    } else if (entry.key == "valid_from") {
      ASSIGN_OR_RETURN(validity.from, DateValue(metadata));
    } else if (entry.key == "valid_to") {
      ASSIGN_OR_RETURN(validity.to, DateValue(metadata));
    } else if (entry.key == "visibility") {
      ASSIGN_OR_RETURN(settings.visibility, LabelValues(metadata));
    } else {
      return Wrong(entry.line, Cat(entry.key, " is no key of a provision; keys: address, ",
                                   "valid_from, valid_to, visibility"));
    }
  }
  if (settings.address.empty()) return Wrong(value.line, "provision has no address");
  if (validity.from && validity.to && *validity.to <= *validity.from) {
    return Wrong(value.table.Find("valid_to")->line,
                 Cat("valid_to ", validity.to->ToString(), " is not after valid_from ",
                     validity.from->ToString()));
  }
  if (validity != Validity()) settings.validity = validity;
  if (!settings.validity && settings.visibility.empty())
    return Wrong(value.line, "provision has neither validity nor visibility");
  return settings;
}

absl::StatusOr<std::vector<ProvisionSettings>> ReadProvisions(const TomlEntry& entry) {
  if (entry.value.kind != TomlValue::Kind::kArray)
    return Wrong(entry.line, "provision is no [[provision]] table");
  if (entry.value.array.size() > kMaxProvisions) {
    return Wrong(entry.line,
                 Cat(entry.value.array.size(), " provisions, at most ", kMaxProvisions));
  }
  std::vector<ProvisionSettings> provisions;
  for (const TomlValue& value : entry.value.array) {
    ASSIGN_OR_RETURN(ProvisionSettings settings, ReadProvision(value));
    provisions.push_back(std::move(settings));
  }
  return provisions;
}

}  // namespace

FrontMatterEntry ToMetadataEntry(const TomlEntry& entry) {
  FrontMatterEntry metadata;
  metadata.key = entry.key;
  metadata.line = entry.line;
  const TomlValue& value = entry.value;
  if (value.kind == TomlValue::Kind::kString) {
    metadata.values.push_back(value.string);
  } else if (value.kind == TomlValue::Kind::kDate) {
    metadata.values.push_back(value.date.ToString());
  } else if (value.kind == TomlValue::Kind::kArray) {
    metadata.kind = FrontMatterEntry::Kind::kList;
    for (const TomlValue& element : value.array) {
      if (element.kind != TomlValue::Kind::kString) {
        metadata.kind = FrontMatterEntry::Kind::kOther;
        metadata.values.clear();
        break;
      }
      metadata.values.push_back(element.string);
    }
  } else {
    metadata.kind = FrontMatterEntry::Kind::kOther;
  }
  return metadata;
}

absl::StatusOr<Sidecar> ReadSidecar(string_view bytes) {
  ASSIGN_OR_RETURN(const TomlTable table, ParseToml(bytes));
  Sidecar sidecar;
  for (const TomlEntry& entry : table.entries) {
    if (entry.key == kProvisionKey) {
      ASSIGN_OR_RETURN(sidecar.provisions, ReadProvisions(entry));
    } else {
      sidecar.entries.push_back(ToMetadataEntry(entry));
    }
  }
  return sidecar;
}

}  // namespace policykb
