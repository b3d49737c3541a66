// Features: the evidence for each candidate, in the form that the ranking stage weighs.
//
// Reads what candidate retrieval (candidates.h) found out; finds nothing itself and knows no
// weights (ranking.h). Pure functions over an open snapshot, any thread.

#ifndef POLICYKB_RETRIEVER_FEATURES_H_
#define POLICYKB_RETRIEVER_FEATURES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "core/text/answer_kind.h"
#include "retriever/query.h"
#include "retriever/ranking.h"

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
  // ln(1 + (N - n + 0.5) / (n + 0.5)), Robertson and Zaragoza 2009, eq. 3.3, kept positive; times
  // the term's weight.
  double idf = 0;
  // One entry per segment.
  std::vector<std::optional<LexicalIndex::TermList>> lists;
  bool known() const;
};

// Of one segment.
struct SegmentEvidence {
  std::vector<uint64_t> allowed;  // one bit per passage
  std::vector<float> lexical;     // by passage, 0 where it is not allowed
  std::vector<float> documents;   // by document
  std::vector<bool> titled;       // by document: the query holds its title
};

// What is known of a query once its terms are scored.
struct QueryEvidence {
  std::vector<SegmentEvidence> segments;
  std::vector<WeightedTerm> terms;
  std::vector<float> query_vector;
  AnswerKinds asked = 0;
  double best_lexical = 0;   // of the allowed passages
  double best_document = 0;  // of the documents with an allowed passage

  double Lexical(PassagePlace place) const {
    return segments[place.segment].lexical[place.passage];
  }
  double WholeDocument(uint32_t segment, uint32_t document) const {
    return segments[segment].documents[document];
  }
};

// Fills the features of all candidates and their scores.
void FillFeatures(const Snapshot& snapshot, const QueryEvidence& evidence,
                  std::vector<Candidate>& candidates);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_FEATURES_H_
