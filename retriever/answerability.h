// Answerability: signals on whether the hits of a search answer its query, and the probability that
// they do.
//
// What each signal is for and how the weights came about: docs/grounding.md. Not for ordering hits
// (ranking.h). Pure functions over a finished search, any thread.

#ifndef POLICYKB_RETRIEVER_ANSWERABILITY_H_
#define POLICYKB_RETRIEVER_ANSWERABILITY_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "retriever/candidates.h"
#include "retriever/searcher.h"

namespace policykb {

// The signals of the ranked candidates, best first, with their probability.
SearchEvidence GatherEvidence(const Snapshot& snapshot, const CandidateSearch& search,
                              const std::vector<Candidate>& ranked);

// The least and the most passages that the weights know of; other sizes count as the nearer one.
inline constexpr double kLeastPassages = 776;
inline constexpr double kMostPassages = 56771;

// What tells questions of other matters from the rest, and what tells questions whose document is
// not there. Names as in docs/grounding.md.
inline constexpr size_t kMatterSignals = 13;
inline constexpr size_t kSourceSignals = 11;
extern const std::array<std::string_view, kMatterSignals> kMatterSignalNames;
extern const std::array<std::string_view, kSourceSignals> kSourceSignalNames;
std::array<double, kMatterSignals> MatterSignals(const SearchEvidence& evidence);
std::array<double, kSourceSignals> SourceSignals(const SearchEvidence& evidence);

// One weight per signal and the constant last.
struct AnswerabilityWeights {
  std::array<double, kMatterSignals + 1> matter = {};
  std::array<double, kSourceSignals + 1> source = {};
  // Log odds = slope * the lesser of (source, matter + offset) + constant.
  double offset = 0;
  double slope = 1;
  double constant = 0;
};
// Fitted by `policykb calibrate refusal` (docs/grounding.md).
extern const AnswerabilityWeights kAnswerabilityWeights;

// Probability in [0, 1] that the hits answer the query, from the other fields.
double Answerability(const SearchEvidence& evidence,
                     const AnswerabilityWeights& weights = kAnswerabilityWeights);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_ANSWERABILITY_H_
