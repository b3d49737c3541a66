// What a hit tells of itself: where the query's words stand in it, and how its score came about.
//
// Pure functions over a finished search, any thread.

#ifndef POLICYKB_RETRIEVER_HIT_DETAILS_H_
#define POLICYKB_RETRIEVER_HIT_DETAILS_H_

#include <bitset>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "retriever/candidates.h"
#include "retriever/query.h"
#include "retriever/searcher.h"
#include "retriever/synonyms.h"

namespace policykb {

// Takes out of the metadata what names documents that the caller may not see: predecessors,
// successors, and where a value came from.
void HideNames(const Snapshot& snapshot, const CallerLabels& labels, Document& document);

// The terms of a query and of its synonyms, to be marked in the texts of hits. Const after
// construction.
class MarkedTerms {
 public:
  MarkedTerms(const ParsedQuery& parsed, const std::vector<Expansion>& expansions);

  // Ranges of `text` that hold terms, overlapping and touching ones as one. Single characters count
  // only where there is nothing longer.
  std::vector<Span> SpansIn(std::string_view text) const;

 private:
  static constexpr size_t kBits = 4096;
  // The first bytes of a term as one of kBits numbers.
  static size_t BitOf(std::string_view term);

  bool unigrams_ = false;                      // nothing is longer
  std::set<std::string, std::less<>> wanted_;  // of what counts
  std::bitset<kBits> maybe_;  // BitOf of all of them: most terms of a text are none
};

// Fills what a hit shows when the query asks to explain, but for the known questions.
void Explain(const CandidateSearch& search, const RankingModel& ranking, const Candidate& candidate,
             SearchHit& hit);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_HIT_DETAILS_H_
