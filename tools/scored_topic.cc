#include "tools/scored_topic.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace policykb {

FoundPassage ToFound(const v1::Passage& passage) {
  return {.name = passage.name(), .label = passage.label()};
}

ScoredTopic ScoreRanking(const Topic& topic, const std::set<std::string>& relevant,
                         const std::vector<std::string>& units) {
  ScoredTopic scored{.id = topic.id, .text = topic.text, .figures = {}, .gold = {}, .best = {}};
  scored.figures.Add(units, relevant);
  for (size_t i = 0; i < units.size(); ++i) {
    if (relevant.contains(units[i])) scored.gold.push_back({.unit = units[i], .rank = i + 1});
  }
  const std::set<std::string> found(units.begin(), units.end());
  for (const std::string& unit : relevant) {
    if (!found.contains(unit)) scored.gold.push_back({.unit = unit, .rank = 0});
  }
  return scored;
}

ScoredTopic ScoreSearched(const Topic& topic, const std::set<std::string>& relevant,
                          const SearchedTopic& searched) {
  ScoredTopic scored = ScoreRanking(topic, relevant, searched.units);
  for (size_t i = 0; i < std::min(kBestShown, searched.hits.size()); ++i)
    scored.best.push_back(ToFound(searched.response.hits(searched.hits[i]).passage()));
  return scored;
}

absl::StatusOr<std::vector<ScoredTopic>> ScoreTopics(const QuestionSet& questions,
                                                     const AccessByLabels& access) {
  std::vector<ScoredTopic> scored;
  for (const Topic& topic : questions.topics()) {
    const std::set<std::string>* relevant = questions.RelevantTo(topic);
    if (relevant == nullptr) continue;
    ASSIGN_OR_RETURN(const SearchedTopic searched, SearchTopic(questions, topic, access, {}));
    scored.push_back(ScoreSearched(topic, *relevant, searched));
  }
  return scored;
}

double MeanOf(const std::vector<ScoredTopic>& scored, const NamedMeasure& measure) {
  double sum = 0;
  for (const ScoredTopic& topic : scored) sum += topic.figures.*measure.value;
  return sum / static_cast<double>(scored.size());
}

}  // namespace policykb
