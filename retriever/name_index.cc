#include "retriever/name_index.h"

#include <algorithm>

#include "core/text/document_number.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kMostDocuments = 16;
constexpr size_t kFewestTitleChars = 4;
// A title is looked for in the beginning of a query only; what is longer is a text, not a question.
constexpr size_t kMostBytesToScan = 600;

// True when `address` is `wanted` or one of its pieces or later namesakes: art2, art2~3, art2_2.
bool IsAddressOf(std::string_view address, std::string_view wanted) {
  if (!address.starts_with(wanted)) return false;
  const std::string_view rest = address.substr(wanted.size());
  return rest.empty() || rest.front() == '~' || rest.front() == '_';
}

}  // namespace

NameIndex::NameIndex(const Snapshot& snapshot) {
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    const FilterColumns& columns = snapshot.segments()[s]->columns();
    for (uint32_t d = 0; d < columns.documents(); ++d) {
      if (!snapshot.segments()[s]->IsLive(d)) continue;
      const DocumentPlace place = {.segment = s, .document = d};
      const std::string title = ComparableTitle(columns.title(d));
      longest_title_ = std::max(longest_title_, title.size());
      if (!title.empty()) by_title_[title].push_back(place);
      for (const DocumentNumber& number : FindDocumentNumbers(columns.document_number(d))) {
        by_number_[number.normalized].push_back(place);
      }
    }
  }
}

const std::vector<DocumentPlace>* NameIndex::Exact(const std::string& comparable) const {
  const auto found = by_title_.find(comparable);
  return found == by_title_.end() ? nullptr : &found->second;
}

std::vector<DocumentPlace> NameIndex::FindByTitle(std::string_view title) const {
  const std::string comparable = ComparableTitle(title);
  if (comparable.empty()) return {};
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size) {
    if (const auto* exact = Exact(comparable.substr(at))) return *exact;
  }
  std::vector<std::pair<size_t, DocumentPlace>> ending;
  for (const auto& [known, places] : by_title_) {
    if (!known.ends_with(comparable)) continue;
    for (const DocumentPlace& place : places) ending.emplace_back(known.size(), place);
  }
  std::sort(ending.begin(), ending.end());
  std::vector<DocumentPlace> found;
  for (size_t i = 0; i < ending.size() && i < kMostDocuments; ++i)
    found.push_back(ending[i].second);
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
         j < starts.size() && starts[j] - starts[i] <= longest_title_; ++j) {
      const std::string_view part(comparable.data() + starts[i], starts[j] - starts[i]);
      if (part.size() > best.size() && by_title_.contains(std::string(part))) best = part;
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
