#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/structure/metadata.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/parse_text.h"
#include "indexer/structure/service_items.h"

namespace policykb {
namespace {

// What every row is unless something says otherwise.
const std::vector<FrontMatterEntry>& RowDefaults() {
  static const auto& defaults =
      *new std::vector<FrontMatterEntry>{{.key = "kind", .values = {"guide"}}};
  return defaults;
}

// The id of the list, by which its items begin, and what the sidecar says of all of them.
absl::StatusOr<std::pair<std::string, std::vector<FrontMatterEntry>>> SplitId(
    const SourceFile& file, const Sidecar& sidecar) {
  std::string id = DocumentIdFromPath(file.relative_path);
  std::vector<FrontMatterEntry> others;
  for (const FrontMatterEntry& entry : sidecar.entries) {
    if (entry.key == "id" && entry.kind == FrontMatterEntry::Kind::kScalar) {
      id = entry.values[0];
    } else {
      others.push_back(entry);
    }
  }
  RETURN_IF_ERROR_IN(CheckDefaults(others), SidecarName(file.relative_path));
  if (!sidecar.provisions.empty()) {
    return absl::InvalidArgumentError(Cat(SidecarName(file.relative_path), ": line ",
                                          sidecar.provisions[0].line,
                                          ": provision of a list, which is many documents"));
  }
  return std::pair(std::move(id), std::move(others));
}

}  // namespace

absl::StatusOr<std::vector<ParsedDocument>> ParseServiceList(const SourceFile& file,
                                                             const std::vector<Sheet>& sheets) {
  ASSIGN_OR_RETURN(const Sidecar sidecar, ReadDeclared(file));
  if (file.collection == nullptr || !file.collection->items) {
    return absl::InvalidArgumentError(
        Cat("a list of service items needs a ", kCollectionFile, " with [items] title = \"...\""));
  }
  ASSIGN_OR_RETURN(const auto declared, SplitId(file, sidecar));
  const auto& [id, entries] = declared;
  std::vector<Remark> remarks;
  ASSIGN_OR_RETURN(std::vector<ServiceItem> items,
                   ReadServiceItems(sheets, *file.collection->items, id, remarks));
  std::vector<ParsedDocument> documents;
  for (ServiceItem& item : items) {
    const MetadataLayer layers[] = {{kFromRow, "", &RowDefaults()},
                                    CollectionLayer(file),
                                    {kFromSidecar, SidecarName(file.relative_path), &entries},
                                    {kFromRow, "", &item.entries}};
    absl::StatusOr<ParsedDocument> parsed = ParseText(file, layers, {}, {}, std::move(item.text));
    if (parsed.ok()) {
      documents.push_back(*std::move(parsed));
    } else {
      std::string what(parsed.status().message());
      // Most messages have the line already.
      const std::string line = Cat("line ", item.line, ": ");
      if (what.starts_with(line)) what.erase(0, line.size());
      remarks.push_back({RemarkKind::kBadRow, item.line, std::move(what)});
    }
  }
  if (documents.empty()) {
    return absl::InvalidArgumentError(remarks.empty() ? std::string("no row with content")
                                                      : RemarkLine(remarks[0]));
  }
  AddRemarks(std::move(remarks), documents[0]);
  return documents;
}

}  // namespace policykb
