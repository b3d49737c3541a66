#include "retriever/reference_resolver.h"

#include <set>
#include <string>

#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

constexpr uint32_t kPassagesOfNamedDocument = 50;
constexpr std::string_view kDocumentsPrefix = "documents/";
constexpr std::string_view kProvisionsPart = "/provisions/";

class Resolver {
 public:
  Resolver(const Snapshot& snapshot, const NameIndex& names, const SearchQuery& query,
           const CandidateSearch& search)
      : snapshot_(snapshot), names_(names), query_(query), search_(search) {}

  ResolvedReferences Run(const ParsedQuery& parsed) {
    for (const ProvisionReference& reference : parsed.references) {
      if (!reference.title.empty() && reference.article) TakeReference(reference);
    }
    for (const std::string& number : parsed.document_numbers) TakeNumber(number);
    return std::move(resolved_);
  }

 private:
  const FilterColumns& ColumnsOf(DocumentPlace place) const {
    return snapshot_.segments()[place.segment]->columns();
  }
  bool IsInForce(DocumentPlace place) const {
    return query_.filter.include_not_in_force ||
           ColumnsOf(place).validity(place.document).Contains(query_.as_of);
  }

  // Those of the documents that the title can mean to this caller on this day: with a name that is
  // not whole, none when several titles remain.
  std::vector<DocumentPlace> Meant(const NamedDocuments& named) const {
    std::vector<DocumentPlace> visible = Visible(named.documents);
    if (!named.only_if_one) return visible;
    std::vector<DocumentPlace> meant = InForce(visible);
    std::vector<DocumentPlace> rivals = Visible(named.rivals);
    if (meant.empty()) {
      meant = visible;
    } else {
      rivals = InForce(rivals);
    }
    std::set<std::string> titles;
    for (const std::vector<DocumentPlace>* places : {&meant, &rivals}) {
      for (const DocumentPlace& place : *places) titles.insert(names_.TitleOf(place));
    }
    return titles.size() == 1 ? meant : std::vector<DocumentPlace>();
  }

  std::vector<DocumentPlace> Visible(std::vector<DocumentPlace> places) const {
    std::erase_if(places, [this](const DocumentPlace& place) {
      return !IsVisible(ColumnsOf(place), place.document, query_.labels);
    });
    return places;
  }
  std::vector<DocumentPlace> InForce(std::vector<DocumentPlace> places) const {
    std::erase_if(places, [this](const DocumentPlace& place) { return !IsInForce(place); });
    return places;
  }

  void NoteNotInForce(const std::vector<DocumentPlace>& places) {
    for (const DocumentPlace& place : places) {
      if (IsVisible(ColumnsOf(place), place.document, query_.labels) && !IsInForce(place) &&
          not_in_force_seen_.insert(place).second) {
        resolved_.not_in_force.push_back(place);
      }
    }
  }

  void TakeReference(const ProvisionReference& reference) {
    const std::vector<DocumentPlace> places =
        Meant(names_.FindByTitle(reference.title, reference.in_marks));
    NoteNotInForce(places);
    for (const DocumentPlace& place : places) {
      for (const uint32_t passage :
           PassagesOfArticle(ColumnsOf(place), place.document, *reference.article)) {
        const PassagePlace found = {.segment = place.segment, .passage = passage};
        if (search_.IsAllowed(found) && seen_.insert(found).second)
          resolved_.passages.push_back(found);
      }
    }
  }

  void TakeNumber(const std::string& number) {
    const std::vector<DocumentPlace> places = names_.FindByNumber(number);
    NoteNotInForce(places);
    for (const DocumentPlace& place : places) {
      resolved_.documents.push_back(place);
      const auto [first, last] = ColumnsOf(place).passages_of(place.document);
      for (uint32_t passage = first; passage < last && passage < first + kPassagesOfNamedDocument;
           ++passage) {
        const PassagePlace found = {.segment = place.segment, .passage = passage};
        if (search_.IsAllowed(found)) resolved_.of_documents.push_back(found);
      }
    }
  }

  const Snapshot& snapshot_;
  const NameIndex& names_;
  const SearchQuery& query_;
  const CandidateSearch& search_;
  ResolvedReferences resolved_;
  std::set<DocumentPlace> not_in_force_seen_;
  std::set<PassagePlace> seen_;
};

}  // namespace

std::string_view DocumentIdOf(std::string_view passage_name) {
  if (!passage_name.starts_with(kDocumentsPrefix)) return {};
  passage_name.remove_prefix(kDocumentsPrefix.size());
  const size_t at = passage_name.find(kProvisionsPart);
  if (at == std::string_view::npos || at + kProvisionsPart.size() == passage_name.size()) return {};
  return passage_name.substr(0, at);
}

std::string_view AddressOf(std::string_view passage_name) {
  return passage_name.substr(passage_name.find(kProvisionsPart) + kProvisionsPart.size());
}

ResolvedReferences ResolveReferences(const Snapshot& snapshot, const NameIndex& names,
                                     const ParsedQuery& parsed, const SearchQuery& query,
                                     const CandidateSearch& search) {
  return Resolver(snapshot, names, query, search).Run(parsed);
}

std::vector<PassagePlace> AllowedPassagesNamed(const Snapshot& snapshot, std::string_view name,
                                               const CandidateSearch& search) {
  std::vector<PassagePlace> places;
  const std::string_view id = DocumentIdOf(name);
  if (id.empty()) return places;
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    const Segment& segment = *snapshot.segments()[s];
    const std::optional<uint32_t> document = segment.columns().FindDocument(id);
    if (!document || !segment.IsLive(*document)) continue;
    for (const uint32_t passage : segment.columns().FindProvision(*document, AddressOf(name))) {
      const PassagePlace place = {.segment = s, .passage = passage};
      if (search.IsAllowed(place)) places.push_back(place);
    }
  }
  return places;
}

}  // namespace policykb
