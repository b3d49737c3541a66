// ScoredTopic: what one ranking is worth for one topic, and the same for all judged topics of a
// question set.
//
// Shared by eval and gate, so that both compare the same figures. Not for the measures themselves
// (measures.h) and not for deciding whether a difference means anything (comparison.h). Pure
// functions but for ScoreTopics, which searches and is as safe as the access it goes through.

#ifndef POLICYKB_TOOLS_SCORED_TOPIC_H_
#define POLICYKB_TOOLS_SCORED_TOPIC_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/measures.h"
#include "tools/question_set.h"

namespace policykb {

struct FoundPassage {
  std::string name;
  std::string label;
};

// As many of the passages that stand first are shown to people.
inline constexpr size_t kBestShown = 3;
FoundPassage ToFound(const v1::Passage& passage);

struct GoldUnit {
  std::string unit;
  size_t rank = 0;  // from 1; 0: not among the first hundred
};

struct ScoredTopic {
  std::string id;
  std::string text;
  MeanMeasures figures;            // of this topic alone
  std::vector<GoldUnit> gold;      // its relevant units, best rank first, those not found last
  std::vector<FoundPassage> best;  // at most kBestShown; none of a ranking from a file

  // Of the first relevant unit; 0: not among the first hundred.
  size_t first_rank() const { return gold.empty() ? 0 : gold.front().rank; }
};

// `units`: each once, best first. REQUIRES: relevant is not empty.
ScoredTopic ScoreRanking(const Topic& topic, const std::set<std::string>& relevant,
                         const std::vector<std::string>& units);
// The same with the passages that stand first.
ScoredTopic ScoreSearched(const Topic& topic, const std::set<std::string>& relevant,
                          const SearchedTopic& searched);

// The judged topics of a set, in their order. Errors: as SearchTopic.
absl::StatusOr<std::vector<ScoredTopic>> ScoreTopics(const QuestionSet& questions,
                                                     const AccessByLabels& access);

// REQUIRES: there is a topic.
double MeanOf(const std::vector<ScoredTopic>& scored, const NamedMeasure& measure);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_SCORED_TOPIC_H_
