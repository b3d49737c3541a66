// Candidates: the passages of a snapshot that a query may be about, with the evidence for each.
//
// Lexical and dense search over all segments under the visibility filter, before ranking. Pure
// functions over an open snapshot, any thread.

#ifndef POLICYKB_RETRIEVER_CANDIDATES_H_
#define POLICYKB_RETRIEVER_CANDIDATES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/snapshot.h"
#include "retriever/query.h"
#include "retriever/ranking.h"
#include "retriever/searcher.h"
#include "retriever/synonym_scores.h"

namespace policykb {

// A passage of a snapshot.
struct PassagePlace {
  uint32_t segment = 0;  // index in Snapshot::segments()
  uint32_t passage = 0;  // ordinal in the segment
  friend auto operator<=>(const PassagePlace&, const PassagePlace&) = default;
};

struct Candidate {
  PassagePlace place;
  FeatureVector features = {};
  double score = 0;
  uint32_t lexical_rank = 0;  // from 1; 0 when it was none
  uint32_t dense_rank = 0;
};

// A query term with its statistics over all segments.
struct WeightedTerm {
  QueryTerm term;
  double idf = 0;  // term_statistics.h, times the term's weight
  // One entry per segment.
  std::vector<std::optional<LexicalIndex::TermList>> lists;
  bool known() const;
};

class CandidateSearch {
 public:
  // Refers to its arguments, which must outlive it.
  CandidateSearch(const Snapshot& snapshot, const ParsedQuery& parsed, const SearchQuery& query,
                  const std::vector<Expansion>& expansions);

  // True when the filter lets the passage through.
  bool IsAllowed(PassagePlace place) const;
  // Marks a document whose title the query holds. Before Run.
  void MarkTitle(uint32_t segment, uint32_t document);

  // Gives the feature question_bank of a passage; the highest value counts. Before Run.
  void MarkQuestion(PassagePlace place, double similarity);

  // Finds and scores the candidates, best first, ties by place. `always` are candidates whatever
  // their scores. Errors: as VectorIndex::Search and Embedder::EmbedQuery.
  absl::StatusOr<std::vector<Candidate>> Run(const std::vector<PassagePlace>& always);

  // Valid after Run.
  const std::vector<WeightedTerm>& terms() const { return terms_; }
  // Impact of term `t` in the passage times its idf and count.
  double TermScore(size_t t, PassagePlace place) const;
  // Highest lexical score the query's terms could give.
  double MaxLexical() const;
  double best_lexical() const { return best_lexical_; }
  const SynonymScores& synonyms() const { return synonyms_; }

 private:
  struct SegmentScores {
    std::vector<uint64_t> allowed;
    std::vector<float> lexical;    // by passage
    std::vector<float> documents;  // by document
    std::vector<bool> titled;      // by document
  };

  void ScoreTerms();
  std::vector<Candidate> LexicalCandidates() const;
  absl::Status AddDense(std::vector<Candidate>& candidates);
  void FillFeatures(std::vector<Candidate>& candidates) const;

  const Snapshot& snapshot_;
  const ParsedQuery& parsed_;
  std::vector<SegmentScores> scores_;
  std::vector<WeightedTerm> terms_;
  SynonymScores synonyms_;
  std::map<PassagePlace, double> questions_;  // similarity
  std::vector<float> query_vector_;
  double best_lexical_ = 0;
  double best_document_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_CANDIDATES_H_
