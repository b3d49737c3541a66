#include "tools/snapshot_units.h"

#include <cstdint>
#include <memory>

namespace policykb {

std::map<std::string, std::vector<std::string>> UnitsByProvision(const Snapshot& snapshot,
                                                                 const QuestionSet& questions) {
  std::map<std::string, std::vector<std::string>> units;
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    const FilterColumns& columns = segment->columns();
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      if (!segment->IsLive(document)) continue;
      std::string source_path;
      if (questions.by_article()) {
        const absl::StatusOr<Document> record =
            snapshot.records().GetDocumentMetadata(std::string(columns.id(document)));
        if (record.ok()) source_path = record->source_path;
      }
      const auto [first, last] = columns.passages_of(document);
      for (uint32_t passage = first; passage < last; ++passage) {
        const std::string name = ProvisionUnit(columns.PassageName(passage));
        std::vector<std::string> of_passage;
        if (questions.by_article()) {
          of_passage.push_back(ArticleUnit(source_path, std::string(columns.address(passage))));
        } else {
          of_passage = ProvisionUnits(name);
        }
        units.emplace(name, std::move(of_passage));
      }
    }
  }
  return units;
}

}  // namespace policykb
