#include "indexer/editorial_targets.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core/base/status_macros.h"
#include "core/snapshot/filter_columns.h"
#include "core/snapshot/segment.h"
#include "core/text/document_title.h"

namespace policykb {

namespace {

constexpr std::string_view kDocumentsPrefix = "documents/";
constexpr std::string_view kProvisionsPart = "/provisions/";

// The live documents of all segments.
class LiveDocuments {
 public:
  absl::Status Open(const std::string& kb, const std::vector<SegmentEntry>& entries) {
    for (const SegmentEntry& entry : entries) {
      ASSIGN_OR_RETURN(std::unique_ptr<FilterColumns> columns, OpenSegmentColumns(kb, entry));
      for (uint32_t document = 0; document < columns->documents(); ++document) {
        if (!IsDead(entry, document)) titles_.insert(ComparableTitle(columns->title(document)));
      }
      segments_.push_back({.entry = &entry, .columns = std::move(columns)});
    }
    return absl::OkStatus();
  }

  bool HasTitle(const std::string& comparable) const { return titles_.contains(comparable); }
  bool HasDocument(std::string_view id) const { return Find(id).has_value(); }
  bool HasPassage(std::string_view name) const {
    name.remove_prefix(kDocumentsPrefix.size());
    const size_t at = name.find(kProvisionsPart);
    const auto place = Find(name.substr(0, at));
    return place &&
           !place->first->FindProvision(place->second, name.substr(at + kProvisionsPart.size()))
                .empty();
  }

 private:
  struct OpenSegment {
    const SegmentEntry* entry;
    std::unique_ptr<FilterColumns> columns;
  };

  static bool IsDead(const SegmentEntry& entry, uint32_t document) {
    return std::binary_search(entry.dead_documents.begin(), entry.dead_documents.end(), document);
  }
  std::optional<std::pair<const FilterColumns*, uint32_t>> Find(std::string_view id) const {
    for (const OpenSegment& segment : segments_) {
      const std::optional<uint32_t> document = segment.columns->FindDocument(id);
      if (document && !IsDead(*segment.entry, *document))
        return std::pair<const FilterColumns*, uint32_t>(segment.columns.get(), *document);
    }
    return std::nullopt;
  }

  std::vector<OpenSegment> segments_;
  std::unordered_set<std::string> titles_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> PointlessEntriesIn(
    const std::string& kb, const std::vector<SegmentEntry>& segments, const EditorialFiles& files) {
  if (files.editorial.aliases.empty() && files.editorial.questions.empty())
    return std::vector<std::string>();
  LiveDocuments documents;
  RETURN_IF_ERROR(documents.Open(kb, segments));
  return PointlessEntries(
      files, {.has_document = [&](std::string_view id) { return documents.HasDocument(id); },
              .has_title = [&](const std::string& title) { return documents.HasTitle(title); },
              .has_passage = [&](std::string_view name) { return documents.HasPassage(name); }});
}

}  // namespace policykb
