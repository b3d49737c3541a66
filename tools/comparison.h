// Two runs over the same topics, measure by measure and topic by topic.
//
// Not for judging whether a snapshot may go live (gate.h). Pure function, any thread.

#ifndef POLICYKB_TOOLS_COMPARISON_H_
#define POLICYKB_TOOLS_COMPARISON_H_

#include <string_view>
#include <vector>

#include "tools/measures.h"
#include "tools/scored_topic.h"

namespace policykb {

struct MeasureComparison {
  NamedMeasure measure;
  double baseline = 0;  // mean
  double run = 0;       // mean
  size_t wins = 0;      // topics in which the run is better than the baseline
  size_t losses = 0;
  size_t ties = 0;
  double p = 1;  // that chance alone makes such a difference (randomization.h)

  double difference() const { return run - baseline; }
};

struct RunComparison {
  std::vector<ScoredTopic> baseline;        // in the order of the run's topics
  std::vector<MeasureComparison> measures;  // in the order of Measures()
  // Places of the topics that kTopicMeasure tells apart, greatest change first.
  std::vector<size_t> changed;
};

// The measure by which single topics are compared: it sees every rank of the first ten.
inline constexpr std::string_view kTopicMeasure = "ndcg@10";
double TopicFigure(const ScoredTopic& topic);

// REQUIRES: the same topics in the same order, at least one.
RunComparison CompareRuns(std::vector<ScoredTopic> baseline, const std::vector<ScoredTopic>& run);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_COMPARISON_H_
