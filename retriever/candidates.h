// Candidates: the passages of a snapshot that a query may be about, with the evidence for each.
//
// Lexical and dense search over all segments under the visibility filter, before ranking. An object
// serves one query in one thread; the snapshot is not changed.

#ifndef POLICYKB_RETRIEVER_CANDIDATES_H_
#define POLICYKB_RETRIEVER_CANDIDATES_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/snapshot/snapshot.h"
#include "retriever/features.h"
#include "retriever/filter_cache.h"
#include "retriever/name_index.h"
#include "retriever/query.h"
#include "retriever/stage_clock.h"
#include "retriever/synonym_scores.h"

namespace policykb {

// How many candidates each source gives to the ranking stage; more changed nothing on the
// development questions.
inline constexpr size_t kLexicalCandidates = 400;
inline constexpr uint32_t kDenseCandidates = 200;
// Lexical candidates are the best by lexical score / best + share * score of the document / best.
inline constexpr double kDocumentShare = 0.4;

class CandidateSearch {
 public:
  // Refers to the snapshot and the query, which must outlive it. `filter` is of that snapshot.
  CandidateSearch(const Snapshot& snapshot, const ParsedQuery& parsed,
                  std::shared_ptr<const SnapshotFilter> filter,
                  const std::vector<Expansion>& expansions = {});

  // True when the filter lets the passage through.
  bool IsAllowed(PassagePlace place) const;
  // Marks a document whose title the query holds. Before Run.
  void MarkTitle(DocumentPlace place);

  // Gives the feature question_bank of a passage; the highest value counts. Before Run.
  void MarkQuestion(PassagePlace place, double similarity);

  // Embeds the query, where that was not done, for that call. d components; all zero after a
  // failure, which dense_failure() says.
  const std::vector<float>& QueryVector(const EmbeddingCall& call);
  const absl::Status& dense_failure() const { return dense_failure_; }

  // Finds the candidates and scores them by `ranking`, best first, ties by place. `always` are
  // candidates whatever their scores. `clock` may be null. Without a vector of the query
  // words alone find them. Errors: as VectorIndex::Search.
  absl::StatusOr<std::vector<Candidate>> Run(const std::vector<PassagePlace>& always,
                                             const RankingModel& ranking = DefaultRanking(),
                                             StageClock* clock = nullptr);

  // Passages that the filter lets through.
  uint64_t allowed_passages() const;

  // Valid after Run.
  const QueryEvidence& evidence() const { return evidence_; }
  const std::vector<WeightedTerm>& terms() const { return evidence_.terms; }
  // Impact of term `t` in the passage times its idf and count.
  double TermScore(size_t t, PassagePlace place) const;
  // Highest lexical score the query's terms could give.
  double MaxLexical() const;
  double best_lexical() const { return evidence_.best_lexical; }
  const SynonymScores& synonyms() const { return synonyms_; }

 private:
  void ScoreTerms();
  // True when a passage that the filter lets through is in the list.
  bool IsHeldByAllowed(size_t segment, const LexicalIndex::TermList& list) const;
  void FindBest();
  std::vector<Candidate> LexicalCandidates();
  // Sets asked_vector_ and the middle of it and that of the query with its synonyms, unit length.
  absl::Status Embed(const EmbeddingCall& call);
  absl::Status AddDense(std::vector<Candidate>& candidates);
  void CompleteNeighborhoods(const std::vector<Candidate>& candidates);

  const Snapshot& snapshot_;
  const ParsedQuery& parsed_;
  SynonymScores synonyms_;
  std::string with_synonyms_;  // the query and what its words stand for as well
  QueryEvidence evidence_;
  std::vector<float> asked_vector_;  // of the query alone; empty until it is embedded
  absl::Status dense_failure_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_CANDIDATES_H_
