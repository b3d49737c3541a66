// Features: the evidence for each candidate, in the form that the ranking stage weighs.
//
// Reads what candidate retrieval (candidates.h) found out; finds nothing itself and knows no
// weights (ranking.h). Pure functions over an open snapshot, any thread.

#ifndef POLICYKB_RETRIEVER_FEATURES_H_
#define POLICYKB_RETRIEVER_FEATURES_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/snapshot/lexical_scorer.h"
#include "core/snapshot/snapshot.h"
#include "core/text/answer_kind.h"
#include "retriever/filter_cache.h"
#include "retriever/name_index.h"
#include "retriever/query.h"
#include "retriever/ranking.h"
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
  double trees = 0;  // what the trees add to the linear score
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
  bool known = false;  // a passage that the search may return holds it
};

// What is known of a query once its terms are scored.
struct QueryEvidence {
  std::shared_ptr<const SnapshotFilter> filter;
  std::vector<WeightedTerm> terms;
  std::vector<DocumentPlace> titled;  // documents whose titles the query holds
  std::vector<float> query_vector;
  AnswerKinds asked = 0;
  // Similarity of the most similar known question that a passage answers.
  std::map<PassagePlace, double> questions;
  // By segment, in units; the scores of candidates and of their neighbors are complete.
  std::vector<LexicalScorer> passages;
  std::vector<std::vector<uint32_t>> documents;
  double passage_unit = 0;  // a score is so many of these
  double document_unit = 0;
  double best_lexical = 0;   // of the allowed passages
  double best_document = 0;  // of the documents with an allowed passage

  // 0 where it is not allowed. REQUIRES: a candidate, or beside one.
  double Lexical(PassagePlace place) const {
    if (!(*filter)[place.segment].AllowsPassage(place.passage)) return 0;
    return passages[place.segment].ScoreOf(place.passage) * passage_unit;
  }
  double WholeDocument(DocumentPlace place) const {
    return documents[place.segment][place.document] * document_unit;
  }
  bool IsTitled(DocumentPlace place) const {
    return std::find(titled.begin(), titled.end(), place) != titled.end();
  }
};

// Fills the features of all candidates and their linear scores by `weights`.
void FillFeatures(const Snapshot& snapshot, const QueryEvidence& evidence,
                  const SynonymScores& synonyms, const FeatureVector& weights,
                  std::vector<Candidate>& candidates);

// Adds what the trees say to the scores of the first kTreeCandidates by score, ties by place.
void AddTrees(const std::vector<RankingTree>& trees, std::vector<Candidate>& candidates);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_FEATURES_H_
