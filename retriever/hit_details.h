// What a hit tells of itself: where the query's words stand in it, and how its score came about.
//
// Pure functions over a finished search, any thread.

#ifndef POLICYKB_RETRIEVER_HIT_DETAILS_H_
#define POLICYKB_RETRIEVER_HIT_DETAILS_H_

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

// Ranges of `text` that hold terms of the query or of its synonyms, overlapping and touching ones
// as one. Single characters count only where there is nothing longer.
std::vector<Span> MatchedSpans(std::string_view text, const ParsedQuery& parsed,
                               const std::vector<Expansion>& expansions);

// Fills what a hit shows when the query asks to explain, but for the known questions.
void Explain(const CandidateSearch& search, const FeatureVector& weights,
             const Candidate& candidate, SearchHit& hit);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_HIT_DETAILS_H_
