#include "tools/passage_catalog.h"

#include <cstdint>
#include <memory>

#include "tools/snapshot_units.h"

namespace policykb {

PassageCatalog::PassageCatalog(const Snapshot& snapshot, const QuestionSet& questions) {
  const auto units = UnitsByProvision(snapshot, questions);
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    const FilterColumns& columns = segment->columns();
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      if (!segment->IsLive(document)) continue;
      const auto [first, last] = columns.passages_of(document);
      for (uint32_t passage = first; passage < last; ++passage) {
        const std::string name = columns.PassageName(passage);
        const std::vector<std::string>& of_passage = units.at(ProvisionUnit(name));
        for (const std::string& unit : of_passage) of_unit_[unit].push_back(entries_.size());
        entries_.push_back({.name = name,
                            .document = std::string(columns.id(document)),
                            .unit = of_passage.front()});
      }
    }
  }
}

const std::vector<size_t>& PassageCatalog::OfUnit(const std::string& unit) const {
  static const std::vector<size_t> none;
  const auto found = of_unit_.find(unit);
  return found == of_unit_.end() ? none : found->second;
}

std::vector<size_t> PassageCatalog::Beside(size_t place) const {
  const Entry& here = entries_[place];
  for (size_t next = place + 1; next < entries_.size() && entries_[next].document == here.document;
       ++next) {
    if (entries_[next].unit != here.unit) return {next};
  }
  for (size_t before = place; before-- > 0 && entries_[before].document == here.document;) {
    if (entries_[before].unit != here.unit) return {before};
  }
  return {};
}

}  // namespace policykb
