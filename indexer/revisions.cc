#include "indexer/revisions.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/base/strings.h"

namespace policykb {

namespace {

using DocumentsById = std::map<std::string, Document*>;

// True when following supersedes from `from` leads to `target`.
bool Reaches(const DocumentsById& by_id, const std::string& from, const std::string& target) {
  std::set<std::string> seen;
  std::vector<std::string> pending = {from};
  while (!pending.empty()) {
    const std::string id = std::move(pending.back());
    pending.pop_back();
    if (id == target) return true;
    const auto found = by_id.find(id);
    if (found == by_id.end() || !seen.insert(id).second) continue;
    pending.insert(pending.end(), found->second->supersedes.begin(),
                   found->second->supersedes.end());
  }
  return false;
}

}  // namespace

std::vector<std::string> LinkRevisions(const std::vector<Document*>& documents) {
  DocumentsById by_id;
  for (Document* document : documents) {
    by_id.emplace(document->id, document);
    document->validity = document->stated_validity;
    document->superseded_by.clear();
  }
  std::vector<std::string> problems;
  for (Document* newer : documents) {
    const std::string where = Cat(newer->source_path, ": supersedes ");
    const std::optional<CivilDate> begins =
        newer->validity.from ? newer->validity.from : newer->promulgated_on;
    for (const std::string& id : newer->supersedes) {
      const auto found = by_id.find(id);
      if (found == by_id.end()) {
        problems.push_back(Cat(where, id, ", which is not in the corpus"));
        continue;
      }
      Document& older = *found->second;
      if (Reaches(by_id, older.id, newer->id)) {
        problems.push_back(Cat(where, id, ", which leads back to itself"));
        continue;
      }
      older.superseded_by.push_back(newer->id);
      if (!begins) {
        problems.push_back(
            Cat(where, id, ", but has neither valid_from nor promulgated_on to end it by"));
        continue;
      }
      if (!older.validity.to || *begins < *older.validity.to) older.validity.to = begins;
    }
  }
  return problems;
}

}  // namespace policykb
