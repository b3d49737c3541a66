// SynonymScores: what the synonyms of a query's words add to the scores of passages.
//
// A word of the query counts as the best of what a passage holds of it and of its synonyms, never
// as their sum; a synonym weighs a little less than it would by itself, and than the word it stands
// for, however long it is. Where it has pairs of characters or words, its single characters stand
// for other words as often and add nothing to scores. For one search, one thread; refers to the
// snapshot.

#ifndef POLICYKB_RETRIEVER_SYNONYM_SCORES_H_
#define POLICYKB_RETRIEVER_SYNONYM_SCORES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/entry_set.h"
#include "core/snapshot/lexical_scorer.h"
#include "core/snapshot/snapshot.h"
#include "core/text/analyzer.h"
#include "retriever/synonyms.h"

namespace policykb {

class SynonymScores {
 public:
  SynonymScores(const Snapshot& snapshot, const std::vector<Expansion>& expansions);

  bool empty() const { return words_.empty(); }
  enum class Level { kPassages, kDocuments };
  // Lists of terms that can count for one entry beyond those of the query's own terms.
  size_t lists() const;
  // The largest factor on a term's impact, 0 when empty.
  double LargestWeight(Level level) const;
  // What synonyms give entries of the segment beyond the words themselves, > 0, in units: a term's
  // code counts its factor times the index's impact scale over `unit`, rounded. An entry is there
  // once for each word that gains by it.
  std::vector<EntryGain> GainsOf(size_t segment, Level level, double unit) const;

  // What a synonym in a passage gave.
  struct Gain {
    std::string_view word;     // of the query
    std::string_view synonym;  // the best one
    double lexical = 0;        // beyond the word itself, > 0
  };
  std::vector<Gain> Gains(size_t segment, uint32_t passage) const;

  // Idf that the terms of expanded words have and no passage holds, though one holds a synonym: of
  // bigrams and words, of characters.
  struct Idfs {
    double words = 0;
    double characters = 0;
  };
  Idfs NewlyKnown() const;
  // Of the query, in idf, what synonyms in each of the passages cover beyond the words themselves,
  // in their order. REQUIRES: a set of passages of the segment.
  std::vector<Idfs> Covered(size_t segment, const EntrySet& passages) const;

  // True when `term` belongs to an expanded word of which some passage holds a synonym; and this
  // passage whole.
  bool IsKnown(std::string_view term) const;
  bool IsHeld(std::string_view term, size_t segment, uint32_t passage) const;

 private:
  struct Part {
    std::string text;
    TermKind kind = TermKind::kWord;
    bool scores = true;       // no character of a phrase that has pairs or words
    double idf = 0;           // over passages
    double document_idf = 0;  // over documents
    // One entry per segment.
    std::vector<std::optional<LexicalIndex::TermList>> passages, documents;
  };
  struct Phrase {
    std::string text;
    std::vector<Part> parts;
    double idf = 0;           // of the parts that score
    double document_idf = 0;  // the same over documents
    Idfs whole;               // of all parts
    bool known = false;       // some passage holds a part
  };
  struct Word {
    double count = 1;  // occurrences in the query
    Phrase own;
    std::vector<Phrase> synonyms;
  };

  Phrase Weigh(std::string_view text) const;
  // What a synonym's idf are multiplied by: to weigh as the word does where that is less.
  static double ScaleOf(const Word& word, const Phrase& synonym, Level level);
  // Sum of idf * impact over the parts.
  static double Lexical(const LexicalIndex& index, const Phrase& phrase, size_t segment,
                        uint32_t passage);
  // For each of the passages the idf of the parts that it holds.
  std::vector<Idfs> Held(const Phrase& phrase, size_t segment, const EntrySet& passages) const;

  const Snapshot& snapshot_;
  double passages_ = 0;
  double documents_ = 0;
  std::vector<Word> words_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_SYNONYM_SCORES_H_
