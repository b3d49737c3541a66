#include "tools/evaluate_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/strings.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

constexpr size_t kMostChangedTopics = 20;

// The figures under their names, in the order they are printed.
nlohmann::ordered_json Figures(const EvaluateReport& report, const EvaluateOptions& options) {
  nlohmann::ordered_json figures = {{"topics", report.mean.topics}};
  for (const NamedMeasure& measure : Measures())
    figures[std::string(measure.name)] = report.mean.*measure.value;
  figures["gold_units"] = report.gold_units;
  if (report.gold_units_found > 0) figures["gold_units_found"] = report.gold_units_found;
  if (options.answers) {
    const AnswerCounts& answers = report.answers;
    figures["answers"] = {{"asked", answers.asked},
                          {"answered", answers.answered},
                          {"refused", answers.refused},
                          {"unanswerable", answers.unanswerable},
                          {"unanswerable_refused", answers.unanswerable_refused},
                          {"answerable_refused", answers.answerable_refused},
                          {"gold_cited", answers.gold_cited},
                          {"gold_in_top_3", answers.gold_in_top_3},
                          {"answered_gold_in_top_3", answers.answered_gold_in_top_3},
                          {"citations", answers.citations},
                          {"quotes", answers.quotes},
                          {"quotes_exact", answers.quotes_exact}};
  }
  return figures;
}

std::string Padded(std::string text, size_t width) {
  text.insert(0, width - std::min(width, text.size()), ' ');
  return text;
}

std::string RankText(size_t rank) { return rank == 0 ? "none" : Cat(rank); }

std::string ComparisonText(const RunComparison& comparison, const std::vector<ScoredTopic>& topics,
                           const std::string& baseline) {
  std::string text =
      Cat("\ncompared with ", baseline,
          "\nmeasure     baseline     run  difference  wins  losses  ties       p\n");
  for (const MeasureComparison& line : comparison.measures) {
    std::string name(line.measure.name);
    name.resize(std::max<size_t>(name.size(), 12), ' ');
    text += Cat(name, Padded(Decimals(line.baseline, 4), 8), Padded(Decimals(line.run, 4), 8),
                Padded(SignedDecimals(line.difference(), 4), 12), Padded(Cat(line.wins), 6),
                Padded(Cat(line.losses), 8), Padded(Cat(line.ties), 6),
                Padded(Decimals(line.p, 5), 9), "\n");
  }
  if (comparison.changed.empty()) return text + Cat("no topic changed in ", kTopicMeasure, "\n");
  const size_t shown = std::min(kMostChangedTopics, comparison.changed.size());
  text += Cat("\nchanged most in ", kTopicMeasure, ", ", shown, " of ", comparison.changed.size(),
              ": baseline, run, rank of the first relevant\n");
  for (size_t i = 0; i < shown; ++i) {
    const ScoredTopic& before = comparison.baseline[comparison.changed[i]];
    const ScoredTopic& after = topics[comparison.changed[i]];
    text += Cat("  ", Decimals(TopicFigure(before), 4), "  ", Decimals(TopicFigure(after), 4), "  ",
                RankText(before.first_rank()), " -> ", RankText(after.first_rank()), "  ", after.id,
                " \"", after.text, "\"\n");
  }
  return text;
}

nlohmann::ordered_json ComparisonJson(const RunComparison& comparison,
                                      const std::vector<ScoredTopic>& topics,
                                      const std::string& baseline) {
  nlohmann::ordered_json json = {{"baseline", baseline}};
  auto& measures = json["measures"] = nlohmann::ordered_json::array();
  for (const MeasureComparison& line : comparison.measures) {
    measures.push_back({{"measure", line.measure.name},
                        {"baseline", line.baseline},
                        {"run", line.run},
                        {"difference", line.difference()},
                        {"wins", line.wins},
                        {"losses", line.losses},
                        {"ties", line.ties},
                        {"p", line.p}});
  }
  json["topic_measure"] = kTopicMeasure;
  auto& changed = json["changed"] = nlohmann::ordered_json::array();
  for (const size_t place : comparison.changed) {
    const ScoredTopic& before = comparison.baseline[place];
    const ScoredTopic& after = topics[place];
    changed.push_back({{"topic", after.id},
                       {"text", after.text},
                       {"baseline", TopicFigure(before)},
                       {"run", TopicFigure(after)},
                       {"rank_baseline", before.first_rank()},
                       {"rank_run", after.first_rank()}});
  }
  return json;
}

}  // namespace

std::string EvaluateReportText(const EvaluateReport& report, const EvaluateOptions& options) {
  std::string text;
  const nlohmann::ordered_json figures = Figures(report, options);
  for (const auto& [name, value] : figures.items()) {
    if (value.is_object()) {
      text += Cat(name, "\n");
      for (const auto& [inner, count] : value.items())
        text += Cat("  ", inner, " ", count.dump(), "\n");
    } else if (value.is_number_float()) {
      text += Cat(name, " ", Decimals(value.get<double>(), 4), "\n");
    } else {
      text += Cat(name, " ", value.dump(), "\n");
    }
  }
  if (report.comparison)
    text += ComparisonText(*report.comparison, report.topics, options.baseline.baseline);
  return text;
}

std::string EvaluateReportJson(const EvaluateReport& report, const EvaluateOptions& options) {
  nlohmann::ordered_json json = Figures(report, options);
  if (report.comparison) {
    json["comparison"] =
        ComparisonJson(*report.comparison, report.topics, options.baseline.baseline);
  }
  // The texts of topics come from files that may hold any bytes.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace policykb
