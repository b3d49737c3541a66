#include "retriever/name_index.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "core/text/document_number.h"
#include "core/text/document_title.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kFewestTitleChars = 4;
// A name that stands behind other words must not be what ends other names.
constexpr size_t kFewestTailChars = 3;
// A title is looked for in the beginning of a query only; what is longer is a text, not a question.
constexpr size_t kMostBytesToScan = 600;

// What the names of regions end in.
constexpr std::string_view kRegionEnds[] = {"省", "市", "县", "区", "州", "旗", "盟", "镇", "乡"};

// True when `address` is `wanted` or one of its pieces or later namesakes: art2, art2~3, art2_2.
bool IsAddressOf(std::string_view address, std::string_view wanted) {
  if (!address.starts_with(wanted)) return false;
  const std::string_view rest = address.substr(wanted.size());
  return rest.empty() || rest.front() == '~' || rest.front() == '_';
}

// As many characters as the shortest title that is looked for, or nothing where there are fewer.
std::string_view TitleBeginning(std::string_view text) {
  size_t at = 0;
  for (size_t i = 0; i < kFewestTitleChars; ++i) {
    if (at >= text.size()) return {};
    at += DecodeChar(text, at).size;
  }
  return text.substr(0, at);
}

}  // namespace

NameIndex::NameIndex(const Snapshot& snapshot) : snapshot_(snapshot) {
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    const FilterColumns& columns = snapshot.segments()[s]->columns();
    for (uint32_t d = 0; d < columns.documents(); ++d) {
      if (!snapshot.segments()[s]->IsLive(d)) continue;
      const DocumentPlace place = {.segment = s, .document = d};
      const std::string title = ComparableTitle(columns.title(d));
      if (!title.empty()) by_title_[title].push_back(place);
      const std::set<std::string> keys = {EnglishTitleKey(columns.title(d)),
                                          EnglishTitleKey(columns.title(d), columns.region(d))};
      for (const std::string& key : keys) {
        if (!key.empty()) by_words_[key].push_back(place);
      }
      for (const DocumentNumber& number : FindDocumentNumbers(columns.document_number(d))) {
        by_number_[number.normalized].push_back(place);
      }
    }
  }
  if (snapshot.editorial() != nullptr) AddEditorial(*snapshot.editorial());
  AddLengths(by_title_);
  AddLengths(by_alias_);
  for (auto& [beginning, lengths] : lengths_) {
    std::sort(lengths.begin(), lengths.end());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  }
}

void NameIndex::AddLengths(const Places& names) {
  for (const auto& [name, places] : names) {
    const std::string_view beginning = TitleBeginning(name);
    if (!beginning.empty()) lengths_[std::string(beginning)].push_back(name.size());
  }
}

void NameIndex::AddEditorial(const StoredEditorial& editorial) {
  const auto by_id = [this](std::string_view id) {
    std::vector<DocumentPlace> places;
    for (uint32_t s = 0; s < snapshot_.segments().size(); ++s) {
      const Segment& segment = *snapshot_.segments()[s];
      const std::optional<uint32_t> document = segment.columns().FindDocument(id);
      if (document && segment.IsLive(*document))
        places.push_back({.segment = s, .document = *document});
    }
    return places;
  };
  const Editorial words = editorial.LoadWords();
  for (const DocumentAlias& alias : words.aliases) {
    const std::string comparable = ComparableTitle(alias.alias);
    // What is a title means the document of that title.
    if (comparable.empty() || by_title_.contains(comparable)) continue;
    std::vector<DocumentPlace> places = by_id(alias.target);
    if (places.empty()) {
      const auto titled = by_title_.find(ComparableTitle(alias.target));
      if (titled != by_title_.end()) places = titled->second;
    }
    if (places.empty()) continue;
    by_alias_[comparable] = std::move(places);
  }
  for (const DefinedName& defined : words.defined_names) {
    for (const DocumentPlace& place : by_id(defined.document))
      by_defined_[ComparableTitle(defined.name)].push_back(place);
  }
}

std::string NameIndex::TitleOf(DocumentPlace place) const {
  return ComparableTitle(snapshot_.segments()[place.segment]->columns().title(place.document));
}

std::vector<DocumentPlace> NameIndex::Exact(std::string_view comparable,
                                            const VisibleDocuments& visible) const {
  std::vector<DocumentPlace> found;
  for (const Places* names : {&by_title_, &by_alias_}) {
    const auto named = names->find(comparable);
    if (named == names->end()) continue;
    std::copy_if(named->second.begin(), named->second.end(), std::back_inserter(found), visible);
    if (!found.empty()) break;
  }
  return found;
}

std::vector<DocumentPlace> NameIndex::LongestTail(std::string_view comparable,
                                                  const VisibleDocuments& visible) const {
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size) {
    const std::string_view tail = comparable.substr(at);
    std::vector<DocumentPlace> exact = Exact(tail, visible);
    if (exact.empty()) continue;
    if (by_title_.contains(tail) || CountChars(tail) >= kFewestTailChars) return exact;
  }
  return {};
}

bool NameIndex::IsBehindRegion(const std::string& title, const std::string& comparable,
                               DocumentPlace place) const {
  if (title.size() <= comparable.size() || !title.ends_with(comparable)) return false;
  const std::string_view before =
      std::string_view(title).substr(0, title.size() - comparable.size());
  const FilterColumns& columns = snapshot_.segments()[place.segment]->columns();
  return before == ComparableTitle(columns.region(place.document)) ||
         before == ComparableTitle(columns.issuer(place.document)) ||
         std::any_of(std::begin(kRegionEnds), std::end(kRegionEnds),
                     [before](std::string_view end) { return before.ends_with(end); });
}

NamedDocuments NameIndex::FindByTitle(std::string_view title, bool in_marks,
                                      const VisibleDocuments& visible) const {
  const std::string comparable = ComparableTitle(title);
  if (comparable.empty()) return {};
  if (std::vector<DocumentPlace> exact = Exact(comparable, visible); !exact.empty())
    return {.documents = std::move(exact), .rivals = {}};
  if (const auto defined = by_defined_.find(comparable); defined != by_defined_.end()) {
    NamedDocuments found = {.documents = {}, .only_if_one = true, .rivals = {}};
    std::copy_if(defined->second.begin(), defined->second.end(),
                 std::back_inserter(found.documents), visible);
    if (!found.documents.empty()) return found;
  }
  if (!in_marks) {
    if (std::vector<DocumentPlace> tail = LongestTail(comparable, visible); !tail.empty())
      return {.documents = std::move(tail), .rivals = {}};
  }
  NamedDocuments found = {.documents = {}, .only_if_one = true, .rivals = {}};
  for (const auto& [known, places] : by_title_) {
    const ShortForm form = ShortFormOf(comparable, known);
    for (const DocumentPlace& place : places) {
      if (!visible(place)) continue;
      if (form == ShortForm::kContraction || IsBehindRegion(known, comparable, place)) {
        found.documents.push_back(place);
      } else if (form == ShortForm::kRun) {
        found.rivals.push_back(place);
      }
    }
  }
  if (const auto turned = by_words_.find(EnglishTitleKey(title)); turned != by_words_.end())
    std::copy_if(turned->second.begin(), turned->second.end(), std::back_inserter(found.documents),
                 visible);
  std::sort(found.documents.begin(), found.documents.end());
  found.documents.erase(std::unique(found.documents.begin(), found.documents.end()),
                        found.documents.end());
  return found;
}

std::vector<DocumentPlace> NameIndex::FindByNumber(const std::string& number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? std::vector<DocumentPlace>() : found->second;
}

std::vector<DocumentPlace> NameIndex::FindTitleIn(std::string_view text,
                                                  const VisibleDocuments& visible) const {
  const std::string comparable =
      ComparableTitle(text.substr(0, FloorToChar(text, kMostBytesToScan)));
  std::string_view best;
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size) {
    const std::string_view rest = std::string_view(comparable).substr(at);
    const auto lengths = lengths_.find(TitleBeginning(rest));
    if (lengths == lengths_.end()) continue;
    for (const size_t length : lengths->second) {
      if (length > best.size() && length <= rest.size() &&
          !Exact(rest.substr(0, length), visible).empty())
        best = rest.substr(0, length);
    }
  }
  return best.empty() ? std::vector<DocumentPlace>() : Exact(best, visible);
}

std::vector<uint32_t> PassagesOfArticle(const FilterColumns& columns, uint32_t document,
                                        ArticleNumber article) {
  const std::string wanted = ArticleAddress(article);
  std::vector<uint32_t> passages;
  const auto [first, last] = columns.passages_of(document);
  for (uint32_t passage = first; passage < last; ++passage) {
    if (IsAddressOf(columns.address(passage), wanted)) passages.push_back(passage);
  }
  return passages;
}

}  // namespace policykb
