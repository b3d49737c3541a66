// StageClock: where the time of one search goes, by stage.
//
// For measuring; a search that is not measured passes no clock, and a stage costs it one comparison
// with null. For one search, one thread.

#ifndef POLICYKB_RETRIEVER_STAGE_CLOCK_H_
#define POLICYKB_RETRIEVER_STAGE_CLOCK_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace policykb {

enum class Stage : size_t {
  kQuery,      // terms, references and synonyms of the text
  kFilter,     // the bitmap, kept or made
  kNames,      // titles, references, known questions
  kTerms,      // lists looked up, short ones added up, synonyms
  kLexical,    // the best lexical candidates
  kDense,      // query vector, nearest passages
  kRanking,    // features and scores of the candidates
  kEvidence,   // whether the hits answer
  kReranking,  // by a reranker, where there is one
  kRecords,    // hits read from the record store
  kCopies,     // hits compared with each other
  kDetails,    // terms marked, explanations
};

inline constexpr size_t kStages = 12;

// Names by stage, as policykb bench prints them.
inline constexpr std::array<std::string_view, kStages> kStageNames = {
    "query",   "filter",   "names",     "terms",   "lexical", "dense",
    "ranking", "evidence", "reranking", "records", "copies",  "details"};

using StageTimes = std::array<absl::Duration, kStages>;

class StageClock {
 public:
  StageClock() : since_(absl::Now()) {}

  // The time from here on belongs to `stage`, until the next call.
  void Enter(Stage stage) {
    Stop();
    stage_ = stage;
  }
  void Stop() {
    const absl::Time now = absl::Now();
    times_[static_cast<size_t>(stage_)] += now - since_;
    since_ = now;
  }
  // Up to the last call.
  const StageTimes& times() const { return times_; }

 private:
  Stage stage_ = Stage::kQuery;
  absl::Time since_;
  StageTimes times_ = {};
};

// Enter of the clock, where there is one.
inline void EnterStage(StageClock* clock, Stage stage) {
  if (clock != nullptr) clock->Enter(stage);
}

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_STAGE_CLOCK_H_
