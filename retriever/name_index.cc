#include "retriever/name_index.h"

#include <algorithm>

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

}  // namespace

NameIndex::NameIndex(const Snapshot& snapshot) : snapshot_(snapshot) {
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    const FilterColumns& columns = snapshot.segments()[s]->columns();
    for (uint32_t d = 0; d < columns.documents(); ++d) {
      if (!snapshot.segments()[s]->IsLive(d)) continue;
      const DocumentPlace place = {.segment = s, .document = d};
      const std::string title = ComparableTitle(columns.title(d));
      longest_name_ = std::max(longest_name_, title.size());
      if (!title.empty()) by_title_[title].push_back(place);
      for (const DocumentNumber& number : FindDocumentNumbers(columns.document_number(d))) {
        by_number_[number.normalized].push_back(place);
      }
    }
  }
  if (snapshot.editorial() != nullptr) AddEditorial(*snapshot.editorial());
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
    longest_name_ = std::max(longest_name_, comparable.size());
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

const std::vector<DocumentPlace>* NameIndex::Exact(const std::string& comparable) const {
  const auto titled = by_title_.find(comparable);
  if (titled != by_title_.end()) return &titled->second;
  const auto listed = by_alias_.find(comparable);
  return listed == by_alias_.end() ? nullptr : &listed->second;
}

const std::vector<DocumentPlace>* NameIndex::LongestTail(const std::string& comparable) const {
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size) {
    const std::string tail = comparable.substr(at);
    const std::vector<DocumentPlace>* exact = Exact(tail);
    if (exact == nullptr) continue;
    if (by_title_.contains(tail) || CountChars(tail) >= kFewestTailChars) return exact;
  }
  return nullptr;
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

NamedDocuments NameIndex::FindByTitle(std::string_view title, bool in_marks) const {
  const std::string comparable = ComparableTitle(title);
  if (comparable.empty()) return {};
  if (const auto* exact = Exact(comparable)) return {.documents = *exact, .rivals = {}};
  if (const auto defined = by_defined_.find(comparable); defined != by_defined_.end())
    return {.documents = defined->second, .only_if_one = true, .rivals = {}};
  if (!in_marks) {
    if (const auto* tail = LongestTail(comparable)) return {.documents = *tail, .rivals = {}};
  }
  NamedDocuments found = {.documents = {}, .only_if_one = true, .rivals = {}};
  for (const auto& [known, places] : by_title_) {
    const ShortForm form = ShortFormOf(comparable, known);
    for (const DocumentPlace& place : places) {
      if (form == ShortForm::kContraction || IsBehindRegion(known, comparable, place)) {
        found.documents.push_back(place);
      } else if (form == ShortForm::kRun) {
        found.rivals.push_back(place);
      }
    }
  }
  std::sort(found.documents.begin(), found.documents.end());
  return found;
}

std::vector<DocumentPlace> NameIndex::FindByNumber(const std::string& number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? std::vector<DocumentPlace>() : found->second;
}

std::vector<DocumentPlace> NameIndex::FindTitleIn(std::string_view text) const {
  const std::string comparable =
      ComparableTitle(text.substr(0, FloorToChar(text, kMostBytesToScan)));
  std::vector<size_t> starts;
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size)
    starts.push_back(at);
  starts.push_back(comparable.size());
  std::string_view best;
  for (size_t i = 0; i + kFewestTitleChars < starts.size(); ++i) {
    for (size_t j = i + kFewestTitleChars;
         j < starts.size() && starts[j] - starts[i] <= longest_name_; ++j) {
      const std::string_view part(comparable.data() + starts[i], starts[j] - starts[i]);
      if (part.size() > best.size() && Exact(std::string(part)) != nullptr) best = part;
    }
  }
  return best.empty() ? std::vector<DocumentPlace>() : *Exact(std::string(best));
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
