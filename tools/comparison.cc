#include "tools/comparison.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tools/randomization.h"

namespace policykb {

namespace {

// Equal figures may be computed in two ways.
constexpr double kRounding = 1e-9;

double Difference(double baseline, double run) {
  return std::abs(run - baseline) < kRounding ? 0 : run - baseline;
}

MeasureComparison Compare(const NamedMeasure& measure, const std::vector<ScoredTopic>& baseline,
                          const std::vector<ScoredTopic>& run) {
  MeasureComparison comparison{
      .measure = measure, .baseline = MeanOf(baseline, measure), .run = MeanOf(run, measure)};
  std::vector<double> differences;
  for (size_t i = 0; i < run.size(); ++i) {
    const double difference =
        Difference(baseline[i].figures.*measure.value, run[i].figures.*measure.value);
    differences.push_back(difference);
    ++(difference > 0 ? comparison.wins : difference < 0 ? comparison.losses : comparison.ties);
  }
  comparison.p = RandomizationP(differences);
  return comparison;
}

}  // namespace

double TopicFigure(const ScoredTopic& topic) {
  static const NamedMeasure measure = *FindMeasure(kTopicMeasure);
  return topic.figures.*measure.value;
}

RunComparison CompareRuns(std::vector<ScoredTopic> baseline, const std::vector<ScoredTopic>& run) {
  RunComparison comparison;
  for (const NamedMeasure& measure : Measures())
    comparison.measures.push_back(Compare(measure, baseline, run));
  const auto change = [&](size_t topic) {
    return std::abs(Difference(TopicFigure(baseline[topic]), TopicFigure(run[topic])));
  };
  for (size_t topic = 0; topic < run.size(); ++topic) {
    if (change(topic) > 0) comparison.changed.push_back(topic);
  }
  std::stable_sort(comparison.changed.begin(), comparison.changed.end(),
                   [&](size_t a, size_t b) { return change(a) > change(b) + kRounding; });
  comparison.baseline = std::move(baseline);
  return comparison;
}

}  // namespace policykb
