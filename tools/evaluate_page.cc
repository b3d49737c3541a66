#include "tools/evaluate_page.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/strings.h"
#include "tools/charts.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

constexpr std::string_view kPageStyle = R"(body { margin: 2rem auto; max-width: 68rem;
  padding: 0 1rem; color: var(--ink); background: var(--paper); font: 15px/1.5 system-ui, sans-serif; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--rule); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
th { position: sticky; top: 0; background: var(--paper); }
td.number, th.number { text-align: right; white-space: nowrap; }
p, td.unit { color: var(--quiet); }
td.better { color: var(--gain); } td.worse { color: var(--loss); }
)";

std::string NumberCell(std::string_view text) {
  return Cat("<td class=\"number\">", text, "</td>");
}

std::string DifferenceCell(double difference) {
  const std::string text = SignedDecimals(difference, 4);
  const bool is_zero = text == SignedDecimals(0, 4);
  return Cat("<td class=\"number",
             is_zero          ? ""
             : difference > 0 ? " better"
                              : " worse",
             "\">", text, "</td>");
}

std::string RankText(size_t rank) { return rank == 0 ? "-" : Cat(rank); }

// Mean share of a topic's relevant units among the first k, at k - 1.
std::vector<double> RecallCurve(const std::vector<ScoredTopic>& topics) {
  std::vector<double> curve(kRankingDepth, 0);
  for (const ScoredTopic& topic : topics) {
    const double share = 1 / static_cast<double>(topic.gold.size() * topics.size());
    for (const GoldUnit& gold : topic.gold) {
      if (gold.rank > 0 && gold.rank <= curve.size()) curve[gold.rank - 1] += share;
    }
  }
  // Sums of shares may end a little above 1.
  for (size_t k = 1; k < curve.size(); ++k) curve[k] = std::min(1.0, curve[k] + curve[k - 1]);
  return curve;
}

struct NamedRun {
  std::string name;
  SeriesColor color;
  const std::vector<ScoredTopic>* topics;
};

std::string MeasureCharts(const std::vector<NamedRun>& runs) {
  std::vector<std::string> names;
  for (const NamedMeasure& measure : Measures()) names.emplace_back(measure.name);
  std::vector<ChartSeries> means;
  std::vector<ChartSeries> curves;
  for (const NamedRun& run : runs) {
    ChartSeries series{.name = run.name, .color = run.color, .values = {}};
    for (const NamedMeasure& measure : Measures())
      series.values.push_back(MeanOf(*run.topics, measure));
    means.push_back(series);
    series.values = RecallCurve(*run.topics);
    curves.push_back(series);
  }
  return BarChart("Measures, means over topics", names, means) +
         CurveChart("Recall at k, mean over topics", curves);
}

std::string ComparisonTable(const RunComparison& comparison) {
  std::string html =
      "<table>\n<tr><th>measure</th><th class=\"number\">baseline</th><th class=\"number\">run</th>"
      "<th class=\"number\">difference</th><th class=\"number\">wins</th><th "
      "class=\"number\">losses</th><th class=\"number\">ties</th><th "
      "class=\"number\">p</th></tr>\n";
  for (const MeasureComparison& line : comparison.measures) {
    html += Cat("<tr><td>", EscapeHtml(line.measure.name), "</td>",
                NumberCell(Decimals(line.baseline, 4)), NumberCell(Decimals(line.run, 4)),
                DifferenceCell(line.difference()), NumberCell(Cat(line.wins)),
                NumberCell(Cat(line.losses)), NumberCell(Cat(line.ties)),
                NumberCell(Decimals(line.p, 5)), "</tr>\n");
  }
  return html +
         "</table>\n<p>p: two-sided paired randomisation test over the topics (Smucker, Allan and "
         "Carterette 2007): how often chance alone makes such a difference.</p>\n";
}

std::string Differences(const RunComparison& comparison, const std::vector<ScoredTopic>& topics) {
  std::vector<ChartDifference> differences;
  for (const size_t place : comparison.changed) {
    differences.push_back(
        {.name = Cat(topics[place].id, " ", topics[place].text),
         .value = TopicFigure(topics[place]) - TopicFigure(comparison.baseline[place])});
  }
  std::stable_sort(
      differences.begin(), differences.end(),
      [](const ChartDifference& a, const ChartDifference& b) { return a.value > b.value; });
  return DifferenceChart(
      Cat("Difference in ", kTopicMeasure, " of the ", differences.size(), " topics that changed, ",
          topics.size() - differences.size(), " did not"),
      differences);
}

// Ranks of the relevant units: of the baseline, where there is one, and of the run.
std::string GoldCells(const ScoredTopic& topic, const ScoredTopic* before) {
  std::map<std::string, size_t> ranks_before;
  if (before != nullptr) {
    for (const GoldUnit& gold : before->gold) ranks_before[gold.unit] = gold.rank;
  }
  std::string units;
  std::string ranks;
  for (const GoldUnit& gold : topic.gold) {
    units += Cat(EscapeHtml(gold.unit), "<br>");
    if (before != nullptr) ranks += Cat(RankText(ranks_before[gold.unit]), " &rarr; ");
    ranks += Cat(RankText(gold.rank), "<br>");
  }
  return Cat("<td class=\"unit\">", units, "</td>", NumberCell(ranks));
}

// What changed most comes first; without a baseline, what was found worst.
std::vector<size_t> TableOrder(const EvaluateReport& report) {
  std::vector<size_t> order;
  for (size_t i = 0; i < report.topics.size(); ++i) order.push_back(i);
  const auto key = [&](size_t i) {
    const double figure = TopicFigure(report.topics[i]);
    return report.comparison ? -std::abs(figure - TopicFigure(report.comparison->baseline[i]))
                             : figure;
  };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(a) < key(b); });
  return order;
}

std::string TopicTable(const EvaluateReport& report) {
  std::string html = "<table>\n<tr><th>topic</th><th>text</th>";
  if (report.comparison) {
    html += Cat("<th class=\"number\">baseline</th><th class=\"number\">run</th>",
                "<th class=\"number\">difference</th>");
  } else {
    html += Cat("<th class=\"number\">", kTopicMeasure, "</th>");
  }
  html += "<th>relevant</th><th class=\"number\">rank</th></tr>\n";
  for (const size_t place : TableOrder(report)) {
    const ScoredTopic& topic = report.topics[place];
    const ScoredTopic* before = report.comparison ? &report.comparison->baseline[place] : nullptr;
    html += Cat("<tr><td>", EscapeHtml(topic.id), "</td><td>", EscapeHtml(topic.text), "</td>");
    if (before != nullptr) html += NumberCell(Decimals(TopicFigure(*before), 4));
    html += NumberCell(Decimals(TopicFigure(topic), 4));
    if (before != nullptr) html += DifferenceCell(TopicFigure(topic) - TopicFigure(*before));
    html += Cat(GoldCells(topic, before), "</tr>\n");
  }
  return html + "</table>\n";
}

}  // namespace

std::string EvaluatePage(const EvaluateReport& report, const EvaluateOptions& options,
                         const std::string& run_name) {
  std::vector<NamedRun> runs;
  const RunComparison* comparison = report.comparison ? &*report.comparison : nullptr;
  if (comparison != nullptr) {
    runs.push_back({.name = Cat("baseline: ", options.baseline.baseline),
                    .color = SeriesColor::kBaseline,
                    .topics = &comparison->baseline});
  }
  runs.push_back(
      {.name = Cat("run: ", run_name), .color = SeriesColor::kRun, .topics = &report.topics});

  std::string html =
      Cat("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
          "<meta http-equiv=\"Content-Security-Policy\" ",
          "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
          "<title>policykb eval</title>\n<style>\n", ChartStyle(), kPageStyle,
          "</style>\n</head>\n<body>\n<h1>Retrieval over ", report.topics.size(), " topics</h1>\n");
  for (const NamedRun& run : runs) html += Cat("<p>", EscapeHtml(run.name), "</p>\n");
  html += Cat("<p>topics: ", EscapeHtml(options.topics), "; judgements: ",
              EscapeHtml(options.qrels.empty() ? options.gold_articles : options.qrels), "</p>\n");
  if (comparison != nullptr) html += ComparisonTable(*comparison);
  html += MeasureCharts(runs);
  if (comparison != nullptr) html += Differences(*comparison, report.topics);
  html += Cat("<h2>Topics, by ", kTopicMeasure, "</h2>\n<p>Ranks of what is relevant; - is not ",
              "among the first ", kRankingDepth, ".</p>\n", TopicTable(report));
  return html + "</body>\n</html>\n";
}

}  // namespace policykb
