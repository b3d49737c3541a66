#include "retriever/name_index.h"

#include <algorithm>

#include "core/base/strings.h"
#include "core/text/document_number.h"
#include "core/text/normalize.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kMostDocuments = 16;
constexpr size_t kFewestTitleChars = 4;
// A title is looked for in the beginning of a query only; what is longer is a text, not a question.
constexpr size_t kMostBytesToScan = 600;
constexpr std::string_view kStateName = "中华人民共和国";

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

std::string ComparableTitle(std::string_view title) {
  const std::string normalized = NormalizeForMatch(title);
  std::string comparable;
  for (size_t at = 0; at < normalized.size();) {
    const DecodedChar c = DecodeChar(normalized, at);
    const std::string_view bytes(normalized.data() + at, c.size);
    at += c.size;
    if (bytes != "《" && bytes != "》" && bytes != "<" && bytes != ">" && bytes != "〈" &&
        bytes != "〉" && bytes != " " && bytes != "\t" && bytes != "\n") {
      comparable += bytes;
    }
  }
  if (comparable.ends_with(")")) {
    const size_t open = comparable.rfind('(');
    if (open != std::string::npos && open > 0) comparable.resize(open);
  }
  if (comparable.starts_with(kStateName) && comparable.size() > kStateName.size()) {
    comparable.erase(0, kStateName.size());
  }
  return comparable;
}

NameIndex::NameIndex(const Snapshot& snapshot) {
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    const FilterColumns& columns = snapshot.segments()[s]->columns();
    for (uint32_t d = 0; d < columns.documents(); ++d) {
      if (!snapshot.segments()[s]->IsLive(d)) continue;
      const DocumentPlace place = {.segment = s, .document = d};
      const std::string title = ComparableTitle(columns.title(d));
      if (!title.empty()) by_title_[title].push_back(place);
      for (const DocumentNumber& number : FindDocumentNumbers(columns.document_number(d))) {
        by_number_[number.normalized].push_back(place);
      }
    }
  }
  for (const auto& [title, places] : by_title_) {
    const std::string_view beginning = TitleBeginning(title);
    if (!beginning.empty()) lengths_[std::string(beginning)].push_back(title.size());
  }
  for (auto& [beginning, lengths] : lengths_) {
    std::sort(lengths.begin(), lengths.end());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  }
}

const std::vector<DocumentPlace>* NameIndex::Exact(std::string_view comparable) const {
  const auto found = by_title_.find(comparable);
  return found == by_title_.end() ? nullptr : &found->second;
}

std::vector<DocumentPlace> NameIndex::FindByTitle(std::string_view title) const {
  const std::string comparable = ComparableTitle(title);
  if (comparable.empty()) return {};
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size) {
    if (const auto* exact = Exact(std::string_view(comparable).substr(at))) return *exact;
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
  std::string_view best;
  for (size_t at = 0; at < comparable.size(); at += DecodeChar(comparable, at).size) {
    const std::string_view rest = std::string_view(comparable).substr(at);
    const auto lengths = lengths_.find(TitleBeginning(rest));
    if (lengths == lengths_.end()) continue;
    for (const size_t length : lengths->second) {
      if (length > best.size() && length <= rest.size() && Exact(rest.substr(0, length)) != nullptr)
        best = rest.substr(0, length);
    }
  }
  return best.empty() ? std::vector<DocumentPlace>() : *Exact(best);
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
