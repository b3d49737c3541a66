#include "retriever/document_list.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/text/normalize.h"
#include "retriever/query.h"
#include "retriever/reference_resolver.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

// Days by which documents are ordered; one without a first day comes last.
constexpr int32_t kNoFirstDay = std::numeric_limits<int32_t>::min();

// Where a document stands in the list: later days first, then ids ascending.
struct ListKey {
  int32_t day = kNoFirstDay;
  std::string_view id;
  friend bool operator<(const ListKey& a, const ListKey& b) {
    return a.day != b.day ? a.day > b.day : a.id < b.id;
  }
};

struct ListedPlace {
  ListKey key;
  const FilterColumns* columns = nullptr;
  uint32_t document = 0;
};

bool Passes(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

std::vector<std::string> WordsOf(std::string_view query) {
  std::vector<std::string> words;
  const std::string normalized = NormalizeForMatch(query);
  for (const std::string_view word : Split(normalized, ' ')) {
    if (!StripAsciiSpace(word).empty()) words.emplace_back(StripAsciiSpace(word));
  }
  return words;
}

bool HoldsAll(const FilterColumns& columns, uint32_t document,
              const std::vector<std::string>& words) {
  if (words.empty()) return true;
  const std::string text =
      NormalizeForMatch(Cat(columns.title(document), "\n", columns.document_number(document)));
  return std::all_of(words.begin(), words.end(), [&text](const std::string& word) {
    return text.find(word) != std::string::npos;
  });
}

// "2023-07-01/id", or "-/id" of a document without a first day.
std::string TokenOf(const ListKey& key) {
  return Cat(key.day == kNoFirstDay ? "-" : CivilDate(key.day).ToString(), "/", key.id);
}

// Views into the token. Errors: InvalidArgument.
absl::StatusOr<ListKey> KeyOf(std::string_view token) {
  const size_t slash = token.find('/');
  if (slash != std::string_view::npos && slash + 1 < token.size()) {
    ListKey key = {.day = kNoFirstDay, .id = token.substr(slash + 1)};
    if (token.substr(0, slash) == "-") return key;
    if (const auto day = CivilDate::Parse(token.substr(0, slash)); day.ok()) {
      key.day = day->days();
      return key;
    }
  }
  return absl::InvalidArgumentError(Cat("page_token: \"", token.substr(0, 200),
                                        "\", expected the next_page_token of a page before"));
}

class FacetCounter {
 public:
  void Add(std::string_view value) { ++counts_[value]; }
  // Most documents first, ties by value.
  std::vector<FacetCount> Take() const {
    std::vector<FacetCount> counts;
    for (const auto& [value, documents] : counts_)
      counts.push_back({.value = std::string(value), .documents = documents});
    std::stable_sort(counts.begin(), counts.end(), [](const FacetCount& a, const FacetCount& b) {
      return a.documents > b.documents;
    });
    return counts;
  }

 private:
  std::map<std::string_view, uint64_t> counts_;
};

// The documents that the query matches, and what it would match were it not for one of its lists.
struct Matches {
  std::vector<ListedPlace> places;
  FacetCounter kinds, regions, issuers;
};

Matches FindMatches(const Snapshot& snapshot, const DocumentListQuery& query) {
  const std::vector<std::string> words = WordsOf(query.words);
  Matches matches;
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    const FilterColumns& columns = segment->columns();
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      if (!segment->IsLive(document) || !IsVisible(columns, document, query.labels)) continue;
      const Validity validity = columns.validity(document);
      if (!query.include_not_in_force && !validity.Contains(query.as_of)) continue;
      const bool kind = Passes(query.kinds, columns.kind(document));
      const bool region = Passes(query.regions, columns.region(document));
      const bool issuer = Passes(query.issuers, columns.issuer(document));
      const bool counts = (kind && region) || (kind && issuer) || (region && issuer);
      if (!counts || !HoldsAll(columns, document, words)) continue;
      if (region && issuer) matches.kinds.Add(columns.kind(document));
      if (kind && issuer) matches.regions.Add(columns.region(document));
      if (kind && region) matches.issuers.Add(columns.issuer(document));
      if (!kind || !region || !issuer) continue;
      matches.places.push_back({.key = {.day = validity.from ? validity.from->days() : kNoFirstDay,
                                        .id = columns.id(document)},
                                .columns = &columns,
                                .document = document});
    }
  }
  return matches;
}

ListedDocument Describe(const ListedPlace& place) {
  const FilterColumns& columns = *place.columns;
  return {.id = std::string(place.key.id),
          .title = std::string(columns.title(place.document)),
          .kind = std::string(columns.kind(place.document)),
          .document_number = std::string(columns.document_number(place.document)),
          .issuer = std::string(columns.issuer(place.document)),
          .region = std::string(columns.region(place.document)),
          .validity = columns.validity(place.document)};
}

// True when a search with the query's labels on its day may return a passage of that name.
bool MayReturn(const Snapshot& snapshot, std::string_view name, const SearchQuery& query) {
  const absl::StatusOr<Snapshot::Place> place =
      snapshot.FindDocument(DocumentIdOf(name));  // an empty id is none
  if (!place.ok()) return false;
  const std::vector<uint32_t> passages =
      place->segment->columns().FindProvision(place->document, AddressOf(name));
  return std::any_of(passages.begin(), passages.end(), [&](uint32_t passage) {
    return IsAllowedPassage(*place->segment, passage, query);
  });
}

// What is typed so far may be nothing.
absl::Status CheckTyped(std::string_view text, std::string_view field) {
  if (StripAsciiSpace(text).empty() && text.size() <= kMaxQueryBytes) return absl::OkStatus();
  RETURN_IF_ERROR_IN(CheckQueryText(text), field);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<DocumentPage> ListDocuments(const Snapshot& snapshot,
                                           const DocumentListQuery& query) {
  RETURN_IF_ERROR(CheckTyped(query.words, "query"));
  if (query.page_size < 1 || query.page_size > kMaxPageDocuments) {
    return absl::InvalidArgumentError(
        Cat("page_size: ", query.page_size, ", expected 1..", kMaxPageDocuments));
  }
  std::optional<ListKey> after;
  if (!query.page_token.empty()) {
    ASSIGN_OR_RETURN(after, KeyOf(query.page_token));
  }
  Matches matches = FindMatches(snapshot, query);
  std::vector<ListedPlace>& places = matches.places;
  const auto by_key = [](const ListedPlace& a, const ListedPlace& b) { return a.key < b.key; };
  std::sort(places.begin(), places.end(), by_key);
  DocumentPage page = {.documents = {},
                       .next_page_token = "",
                       .total = places.size(),
                       .kinds = matches.kinds.Take(),
                       .regions = matches.regions.Take(),
                       .issuers = matches.issuers.Take(),
                       .snapshot = snapshot.manifest().id};
  auto place = places.begin();
  if (after) {
    place = std::upper_bound(
        places.begin(), places.end(), *after,
        [](const ListKey& key, const ListedPlace& listed) { return key < listed.key; });
  }
  for (; place != places.end() && page.documents.size() < query.page_size; ++place)
    page.documents.push_back(Describe(*place));
  if (place != places.end()) page.next_page_token = TokenOf((place - 1)->key);
  return page;
}

absl::StatusOr<std::vector<std::string>> SuggestQuestions(const Snapshot& snapshot,
                                                          const SuggestionQuery& query) {
  RETURN_IF_ERROR(CheckTyped(query.prefix, "prefix"));
  if (query.limit < 1 || query.limit > kMaxSuggestions) {
    return absl::InvalidArgumentError(
        Cat("limit: ", query.limit, ", expected 1..", kMaxSuggestions));
  }
  const StoredEditorial* const bank = snapshot.editorial();
  if (bank == nullptr) return std::vector<std::string>();
  SearchQuery caller;
  caller.as_of = query.as_of;
  caller.labels = query.labels;
  const std::string typed = NormalizeForMatch(StripAsciiSpace(query.prefix));
  std::vector<std::string> beginning, holding;
  std::set<std::string> seen;
  for (size_t question = 0; question < bank->questions(); ++question) {
    if (beginning.size() >= query.limit) break;
    const std::string text = NormalizeForMatch(bank->text(question));
    const size_t at = text.find(typed);
    if (at == std::string::npos || (at > 0 && holding.size() >= query.limit)) continue;
    const std::vector<std::string_view> passages = bank->passages(question);
    if (std::none_of(passages.begin(), passages.end(),
                     [&](std::string_view name) { return MayReturn(snapshot, name, caller); })) {
      continue;
    }
    if (seen.insert(text).second)
      (at == 0 ? beginning : holding).emplace_back(bank->text(question));
  }
  for (std::string& text : holding) {
    if (beginning.size() < query.limit) beginning.push_back(std::move(text));
  }
  return beginning;
}

}  // namespace policykb
