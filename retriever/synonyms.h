// SynonymTable: which words of a query stand for others, by the data team's groups and one-way
// words and by everyday words.
//
// Not for what that does to scores (synonym_scores.h). Const after construction, any thread.

#ifndef POLICYKB_RETRIEVER_SYNONYMS_H_
#define POLICYKB_RETRIEVER_SYNONYMS_H_

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/span.h"
#include "core/snapshot/editorial.h"

namespace policykb {

// A place of a query that stands for other words as well.
struct Expansion {
  Span span;                          // in the query
  std::string word;                   // as the query has it
  std::vector<std::string> synonyms;  // not empty
};

// Whether the everyday words of core/text/everyday_words.h are among the synonyms.
enum class EverydayWordUse { kUse, kIgnore };

class SynonymTable {
 public:
  // `editorial` may be null: no synonyms of the data team then. A word that it lists is left to it,
  // whatever the everyday words say of it.
  explicit SynonymTable(const StoredEditorial* editorial,
                        EverydayWordUse everyday_words = EverydayWordUse::kIgnore);

  // In order of their places, which do not overlap: of words that do, the one of more characters
  // and words counts, then the earlier one.
  std::vector<Expansion> Find(std::string_view query) const;

 private:
  void AddEditorial(const StoredEditorial& editorial);
  void Add(const std::string& word, const std::string& synonym);

  // By key of the word; of the beginnings of words as well, which have none.
  std::unordered_map<std::string, std::vector<std::string>> synonyms_;
};

// The query followed by the synonyms of its words, for an embedder: a vector of a word that no
// document has says nothing, that of its synonym does. Without those of words that ask for a kind
// of answer ("how much"): the synonym, "fees", is the heading of any guide's section.
std::string WithSynonyms(std::string_view query, const std::vector<Expansion>& expansions);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_SYNONYMS_H_
