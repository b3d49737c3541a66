// NameIndex: documents by the names people call them: title, title without the state's name, names
// that the data team lists or the document defines, short forms, document number.
//
// Resolves references of a query against one snapshot. A wrong document is worse than none: a name
// that does not fit as a whole counts only while one title is meant by it. Not for ranking by title
// words (lexical index). Const after construction, any thread; refers to the snapshot, which must
// outlive it.

#ifndef POLICYKB_RETRIEVER_NAME_INDEX_H_
#define POLICYKB_RETRIEVER_NAME_INDEX_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "core/text/provision_reference.h"

namespace policykb {

// A document of a snapshot.
struct DocumentPlace {
  uint32_t segment = 0;   // index in Snapshot::segments()
  uint32_t document = 0;  // ordinal in the segment
  friend auto operator<=>(const DocumentPlace&, const DocumentPlace&) = default;
};

// The documents that a title may mean.
struct NamedDocuments {
  std::vector<DocumentPlace> documents;
  // The title is no whole name of theirs: it means them only if those of them that count, and the
  // rivals that count, have one title.
  bool only_if_one = false;
  std::vector<DocumentPlace> rivals;  // that it may mean as well, but not surely enough
};

// True for the documents that the caller may see: names of all others are as if unknown, so that
// they take no reference from a document that is meant.
using VisibleDocuments = std::function<bool(DocumentPlace)>;

class NameIndex {
 public:
  explicit NameIndex(const Snapshot& snapshot);

  // Documents of that title or listed name; else those that define it as their name; else, unless
  // the title stood in marks, those of the longest tail of it that is a title or a listed name;
  // else those of which it is a contraction, or which have a region or issuer before it, or whose
  // English title has the same words in another order.
  NamedDocuments FindByTitle(std::string_view title, bool in_marks,
                             const VisibleDocuments& visible) const;
  // Documents of that normalised number.
  std::vector<DocumentPlace> FindByNumber(const std::string& number) const;
  // Longest title or listed name of at least four characters that stands in `text` as a whole; its
  // documents, or none.
  std::vector<DocumentPlace> FindTitleIn(std::string_view text,
                                         const VisibleDocuments& visible) const;
  // The title of a document as it is compared.
  std::string TitleOf(DocumentPlace place) const;

 private:
  // Looks up by views, without a string for each.
  struct NameHash {
    using is_transparent = void;
    size_t operator()(std::string_view name) const { return std::hash<std::string_view>()(name); }
  };
  template <typename T>
  using ByName = std::unordered_map<std::string, T, NameHash, std::equal_to<>>;
  using Places = ByName<std::vector<DocumentPlace>>;

  void AddEditorial(const StoredEditorial& editorial);
  void AddLengths(const Places& names);
  // Those of that title, else of that listed name, that are visible.
  std::vector<DocumentPlace> Exact(std::string_view comparable,
                                   const VisibleDocuments& visible) const;
  std::vector<DocumentPlace> LongestTail(std::string_view comparable,
                                         const VisibleDocuments& visible) const;
  // True when the document's title is `comparable` behind the name of its region or issuer.
  bool IsBehindRegion(const std::string& title, const std::string& comparable,
                      DocumentPlace place) const;

  const Snapshot& snapshot_;
  Places by_title_;
  Places by_alias_;    // listed names that are no titles
  Places by_defined_;  // names that documents define for themselves
  Places by_number_;
  Places by_words_;  // by EnglishTitleKey, with the words of their regions and without
  // For the first characters of titles and listed names how long in bytes those that begin so are,
  // ascending.
  ByName<std::vector<size_t>> lengths_;
};

// Passages of the document that hold the article, in order: one, or the pieces of a long one.
std::vector<uint32_t> PassagesOfArticle(const FilterColumns& columns, uint32_t document,
                                        ArticleNumber article);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_NAME_INDEX_H_
