// SynonymScores: what the synonyms of a query's words add to the scores of passages.
//
// A word of the query counts as the best of what a passage holds of it and of its synonyms, never
// as their sum; a synonym weighs a little less than it would by itself, and than the word it stands
// for, however long it is. For one search, one thread; refers to the snapshot.

#ifndef POLICYKB_RETRIEVER_SYNONYM_SCORES_H_
#define POLICYKB_RETRIEVER_SYNONYM_SCORES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
  // What synonyms give each entry of the segment beyond the words themselves, in units: a term's
  // code counts its factor times the index's impact scale over `unit`, rounded.
  std::vector<uint32_t> GainsOf(size_t segment, Level level, double unit) const;

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
  // Share of the query, in idf, that synonyms in the passage cover beyond the words themselves.
  Idfs Covered(size_t segment, uint32_t passage) const;

  // True when `term` belongs to an expanded word of which some passage holds a synonym; and this
  // passage whole.
  bool IsKnown(std::string_view term) const;
  bool IsHeld(std::string_view term, size_t segment, uint32_t passage) const;

 private:
  struct Part {
    std::string text;
    TermKind kind = TermKind::kWord;
    double idf = 0;           // over passages
    double document_idf = 0;  // over documents
    // One entry per segment.
    std::vector<std::optional<LexicalIndex::TermList>> passages, documents;
  };
  struct Phrase {
    std::string text;
    std::vector<Part> parts;
    double idf = 0;           // of all parts
    Idfs whole;               // the same by kind
    double document_idf = 0;  // of all parts
    bool known = false;       // some passage holds a part
  };
  struct Word {
    Phrase own;
    std::vector<Phrase> synonyms;
  };

  Phrase Weigh(std::string_view text) const;
  // What a synonym's idf are multiplied by: to weigh as the word does where that is less.
  static double ScaleOf(const Word& word, const Phrase& synonym, Level level);
  // Sum of idf * impact over the parts.
  static double Lexical(const LexicalIndex& index, const Phrase& phrase, size_t segment,
                        uint32_t passage);
  // Idf of the parts that the passage holds.
  Idfs Held(const Phrase& phrase, size_t segment, uint32_t passage) const;

  const Snapshot& snapshot_;
  double passages_ = 0;
  double documents_ = 0;
  std::vector<Word> words_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_SYNONYM_SCORES_H_
