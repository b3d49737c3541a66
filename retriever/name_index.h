// NameIndex: documents by the names people call them: title, title without the state's name,
// document number.
//
// Resolves references of a query against one snapshot. Not for ranking by title words (lexical
// index). Const after construction, any thread; refers to the snapshot, which must outlive it.

#ifndef POLICYKB_RETRIEVER_NAME_INDEX_H_
#define POLICYKB_RETRIEVER_NAME_INDEX_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "core/text/document_title.h"
#include "core/text/provision_reference.h"

namespace policykb {

// A document of a snapshot.
struct DocumentPlace {
  uint32_t segment = 0;   // index in Snapshot::segments()
  uint32_t document = 0;  // ordinal in the segment
  friend auto operator<=>(const DocumentPlace&, const DocumentPlace&) = default;
};

class NameIndex {
 public:
  explicit NameIndex(const Snapshot& snapshot);

  // Documents of that title: those that equal it; else those whose title ends in it; for a bare
  // title also with junk before the longest tail that is a title. Shortest titles first, at
  // most 16.
  std::vector<DocumentPlace> FindByTitle(std::string_view title) const;
  // Documents of that normalised number.
  std::vector<DocumentPlace> FindByNumber(const std::string& number) const;
  // Longest title of at least four characters that stands in `text` as a whole; its documents, or
  // none.
  std::vector<DocumentPlace> FindTitleIn(std::string_view text) const;

 private:
  // Appends nothing when the title is unknown.
  const std::vector<DocumentPlace>* Exact(const std::string& comparable) const;

  std::unordered_map<std::string, std::vector<DocumentPlace>> by_title_;
  std::unordered_map<std::string, std::vector<DocumentPlace>> by_number_;
  size_t longest_title_ = 0;  // bytes
};

// Passages of the document that hold the article, in order: one, or the pieces of a long one.
std::vector<uint32_t> PassagesOfArticle(const FilterColumns& columns, uint32_t document,
                                        ArticleNumber article);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_NAME_INDEX_H_
