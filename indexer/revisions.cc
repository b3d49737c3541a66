#include "indexer/revisions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/base/strings.h"
#include "indexer/revision_titles.h"
#include "indexer/structure/metadata_keys.h"

namespace policykb {
namespace {

using std::string_view;

constexpr string_view kSuccessor = "successor ";
constexpr string_view kRevision = "revision ";

std::optional<CivilDate> Beginning(const Document& document) {
  return document.stated_validity.from ? document.stated_validity.from : document.promulgated_on;
}

// One line's worth of documents, for messages.
std::string PathsOf(const std::vector<Document*>& documents) {
  std::vector<std::string> paths;
  for (const Document* document : documents) paths.push_back(document->source_path);
  return Join(paths, ", ");
}

void Reset(Document& document) {
  document.validity = document.stated_validity;
  document.supersedes = document.stated_supersedes;
  document.superseded_by.clear();
  std::erase_if(document.origins, [](const auto& origin) {
    return origin.second.starts_with(kSuccessor) || origin.second.starts_with(kRevision);
  });
}

bool StatesMetadata(const Document& document, string_view field) {
  const string_view origin = OriginOf(document, field);
  return origin == kFromSidecar || origin == kFromFrontMatter;
}

void EndAt(CivilDate day, const Document& successor, Document& older) {
  if (older.validity.to && *older.validity.to <= day) return;
  older.validity.to = day;
  std::erase_if(older.origins,
                [](const auto& origin) { return origin.second.starts_with(kSuccessor); });
  older.origins.emplace_back("valid_to", Cat(kSuccessor, successor.id));
}

// Components of documents that replace each other in a circle (Tarjan 1972, without recursion).
// Two documents of one component reach each other.
class Circles {
 public:
  explicit Circles(const std::vector<std::vector<size_t>>& next)
      : next_(next), component_(next.size(), kNone), number_(next.size(), kNone), low_(number_) {
    for (size_t node = 0; node < next.size(); ++node) {
      if (number_[node] == kNone) Walk(node);
    }
  }

  bool Same(size_t a, size_t b) const { return component_[a] == component_[b]; }

 private:
  static constexpr size_t kNone = SIZE_MAX;

  void Walk(size_t root) {
    std::vector<std::pair<size_t, size_t>> path;  // node, edges already followed
    Enter(root, path);
    while (!path.empty()) {
      const size_t node = path.back().first;
      if (path.back().second < next_[node].size()) {
        const size_t target = next_[node][path.back().second++];
        if (number_[target] == kNone) {
          Enter(target, path);
        } else if (component_[target] == kNone) {
          low_[node] = std::min(low_[node], number_[target]);
        }
        continue;
      }
      if (low_[node] == number_[node]) {
        for (;;) {
          const size_t member = open_.back();
          open_.pop_back();
          component_[member] = node;
          if (member == node) break;
        }
      }
      path.pop_back();
      if (!path.empty()) low_[path.back().first] = std::min(low_[path.back().first], low_[node]);
    }
  }

  void Enter(size_t node, std::vector<std::pair<size_t, size_t>>& path) {
    number_[node] = low_[node] = entered_++;
    open_.push_back(node);
    path.emplace_back(node, 0);
  }

  const std::vector<std::vector<size_t>>& next_;
  std::vector<size_t> component_, number_, low_;
  std::vector<size_t> open_;
  size_t entered_ = 0;
};

class Linker {
 public:
  explicit Linker(const std::vector<Document*>& documents) : documents_(documents) {
    // The order of the documents must not show in the result.
    std::sort(documents_.begin(), documents_.end(),
              [](const Document* a, const Document* b) { return a->id < b->id; });
    for (size_t i = 0; i < documents_.size(); ++i) by_id_.emplace(documents_[i]->id, i);
  }

  RevisionProblems Run() {
    for (Document* document : documents_) Reset(*document);
    LinkStated();
    LinkChains();
    return std::move(problems_);
  }

 private:
  void LinkStated() {
    std::vector<std::vector<size_t>> next(documents_.size());
    for (size_t i = 0; i < documents_.size(); ++i) {
      for (const std::string& id : documents_[i]->stated_supersedes) {
        if (const auto found = by_id_.find(id); found != by_id_.end())
          next[i].push_back(found->second);
      }
    }
    const Circles circles(next);
    for (size_t i = 0; i < documents_.size(); ++i) {
      for (const std::string& id : documents_[i]->stated_supersedes) {
        const auto found = by_id_.find(id);
        const std::string& place = documents_[i]->supersedes_place;
        const std::string where = Cat(documents_[i]->source_path, ": ", place,
                                      place.empty() ? "" : ": ", "supersedes ", id);
        if (found == by_id_.end()) {
          problems_.doubts.push_back(Cat(where, ", which is not in the corpus"));
        } else if (circles.Same(i, found->second)) {
          problems_.refused.push_back(Cat(where, " (", documents_[found->second]->source_path,
                                          "), which leads back to itself"));
        } else {
          Supersede(*documents_[i], *documents_[found->second], where);
        }
      }
    }
  }

  void Supersede(const Document& newer, Document& older, const std::string& where) {
    const std::optional<CivilDate> begins = Beginning(newer);
    if (begins && older.stated_validity.from && *begins <= *older.stated_validity.from) {
      problems_.refused.push_back(Cat(where, " (", older.source_path, "), which begins ",
                                      older.stated_validity.from->ToString(), ", not before ",
                                      begins->ToString()));
      return;
    }
    older.superseded_by.push_back(newer.id);
    if (begins) {
      EndAt(*begins, newer, older);
    } else {
      problems_.refused.push_back(
          Cat(where, ", but has neither valid_from nor promulgated_on to end it by"));
    }
  }

  void LinkChains() {
    for (const std::vector<Document*>& revisions : GroupRevisions(documents_, problems_.doubts)) {
      std::map<CivilDate, std::vector<Document*>> by_date;
      for (Document* document : revisions) {
        if (const auto begins = Beginning(*document)) by_date[*begins].push_back(document);
      }
      for (const auto& [day, same] : by_date) {
        if (same.size() > 1) {
          problems_.doubts.push_back(Cat(PathsOf(same), ": one title, \"", same[0]->title,
                                         "\", and one date, ", day.ToString(),
                                         "; neither replaces the other"));
        }
      }
      for (auto older = by_date.begin(); older != by_date.end(); ++older) {
        const auto newer = NextChained(by_date, older);
        if (newer == by_date.end()) continue;
        for (Document* document : older->second) Chain(newer->first, newer->second, *document);
      }
    }
  }

  using ByDate = std::map<CivilDate, std::vector<Document*>>;

  // A document that states what it supersedes takes its predecessors from there alone.
  static bool JoinsChain(const Document* document) {
    return !StatesMetadata(*document, "supersedes");
  }

  static ByDate::const_iterator NextChained(const ByDate& by_date, ByDate::const_iterator from) {
    return std::find_if(std::next(from), by_date.end(), [](const auto& entry) {
      return std::any_of(entry.second.begin(), entry.second.end(), &JoinsChain);
    });
  }

  static void Chain(CivilDate day, const std::vector<Document*>& successors, Document& older) {
    for (Document* newer : successors) {
      if (!JoinsChain(newer)) continue;
      older.superseded_by.push_back(newer->id);
      newer->supersedes.push_back(older.id);
      newer->origins.emplace_back("supersedes", Cat(kRevision, older.id));
      if (!StatesMetadata(older, "valid_to")) EndAt(day, *newer, older);
    }
  }

  std::vector<Document*> documents_;  // by id
  std::unordered_map<string_view, size_t> by_id_;
  RevisionProblems problems_;
};

}  // namespace

RevisionProblems LinkRevisions(const std::vector<Document*>& documents) {
  return Linker(documents).Run();
}

}  // namespace policykb
