#include "tools/ranking_fit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "retriever/ranking_weights.h"
#include "tools/cholesky.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

// Columns before the features: topic, unit, relevant, relevant units of the topic.
constexpr size_t kColumns = 4;
constexpr int kMostSteps = 50;
// A step that lowers the loss by less than this is the last one.
constexpr double kEnough = 1e-10;

double Dot(const FeatureVector& a, const FeatureVector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

bool IsRelevant(const JudgedCandidate& candidate) { return candidate.relevant; }

struct Loss {
  double value = 0;
  FeatureVector gradient = {};
  // Second derivatives, the lower half.
  SquareMatrix curvature = SquareMatrix(kFeatures, std::vector<double>(kFeatures, 0));
};

// Mean over the topics that have a relevant candidate, and the penalty.
Loss LossAt(const FeatureVector& weights, const std::vector<const JudgedTopic*>& topics,
            double penalty) {
  Loss loss;
  size_t counted = 0;
  std::vector<double> shares;
  for (const JudgedTopic* topic : topics) {
    const std::vector<JudgedCandidate>& candidates = topic->candidates;
    const auto relevant = std::count_if(candidates.begin(), candidates.end(), IsRelevant);
    if (relevant == 0) continue;
    ++counted;
    shares.clear();
    for (const JudgedCandidate& candidate : candidates)
      shares.push_back(Dot(weights, candidate.features));
    const double highest = *std::max_element(shares.begin(), shares.end());
    double sum = 0;
    for (double& share : shares) sum += share = std::exp(share - highest);
    FeatureVector expected = {};
    for (size_t i = 0; i < candidates.size(); ++i) {
      shares[i] /= sum;
      const FeatureVector& features = candidates[i].features;
      const double wanted = candidates[i].relevant ? 1.0 / static_cast<double>(relevant) : 0;
      if (wanted > 0) loss.value += wanted * (highest + std::log(sum) - Dot(weights, features));
      for (size_t a = 0; a < kFeatures; ++a) {
        expected[a] += shares[i] * features[a];
        loss.gradient[a] -= wanted * features[a];
        for (size_t b = 0; b <= a; ++b)
          loss.curvature[a][b] += shares[i] * features[a] * features[b];
      }
    }
    for (size_t a = 0; a < kFeatures; ++a) {
      loss.gradient[a] += expected[a];
      for (size_t b = 0; b <= a; ++b) loss.curvature[a][b] -= expected[a] * expected[b];
    }
  }
  const double scale = 1.0 / static_cast<double>(std::max<size_t>(counted, 1));
  loss.value = loss.value * scale + penalty / 2 * Dot(weights, weights);
  for (size_t a = 0; a < kFeatures; ++a) {
    loss.gradient[a] = loss.gradient[a] * scale + penalty * weights[a];
    for (size_t b = 0; b <= a; ++b) loss.curvature[a][b] *= scale;
    loss.curvature[a][a] += penalty;
  }
  return loss;
}

FeatureVector Fit(const std::vector<const JudgedTopic*>& topics, double penalty) {
  FeatureVector weights = {};
  Loss loss = LossAt(weights, topics, penalty);
  for (int step = 0; step < kMostSteps; ++step) {
    const std::vector<double> direction =
        SolvePositiveDefinite(loss.curvature, {loss.gradient.begin(), loss.gradient.end()});
    // Newton's step, halved until the loss falls.
    double length = 1;
    Loss next;
    FeatureVector moved;
    do {
      for (size_t a = 0; a < kFeatures; ++a) moved[a] = weights[a] - length * direction[a];
      next = LossAt(moved, topics, penalty);
      length /= 2;
    } while (next.value > loss.value && length > 1e-6);
    const double gained = loss.value - next.value;
    if (gained < 0) break;
    weights = moved;
    loss = next;
    if (gained < kEnough) break;
  }
  return weights;
}

void Measure(const JudgedTopic& topic, const FeatureVector& weights, MeanMeasures& sums) {
  std::vector<std::pair<double, size_t>> order;
  std::set<std::string> relevant;
  for (size_t i = 0; i < topic.candidates.size(); ++i) {
    order.emplace_back(-Dot(weights, topic.candidates[i].features), i);
    if (topic.candidates[i].relevant) relevant.insert(topic.candidates[i].unit);
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> ranking;
  std::set<std::string_view> seen;
  for (const auto& [score, i] : order) {
    const std::string& unit = topic.candidates[i].unit;
    if (seen.insert(unit).second) ranking.push_back(unit);
  }
  // Relevant units that no source found stand for themselves, behind everything.
  while (relevant.size() < topic.relevant_units) relevant.insert(Cat("\n", relevant.size()));
  if (!relevant.empty()) sums.Add(ranking, relevant);
}

MeanMeasures MeanOrNothing(const MeanMeasures& sums) {
  return sums.topics > 0 ? sums.Mean() : sums;
}

}  // namespace

std::string EncodeFeatureHeader() {
  std::string line = "#topic\tunit\trelevant\trelevant_units";
  for (const std::string_view name : kFeatureNames) line += Cat("\t", name);
  return line + "\n";
}

std::string EncodeFeatureLine(std::string_view topic, size_t relevant_units,
                              const JudgedCandidate& candidate) {
  std::string line =
      Cat(topic, "\t", candidate.unit, "\t", candidate.relevant ? 1 : 0, "\t", relevant_units);
  for (const double value : candidate.features) line += Cat("\t", value);
  return line + "\n";
}

absl::StatusOr<std::vector<JudgedTopic>> ReadFeatures(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(path));
  const std::string header = EncodeFeatureHeader();
  if (!content.starts_with(header)) {
    return absl::InvalidArgumentError(
        Cat(path, ":1: expected the columns ", StripAsciiSpace(header)));
  }
  std::vector<JudgedTopic> topics;
  size_t number = 1;
  for (const std::string_view line : Split(std::string_view(content).substr(header.size()), '\n')) {
    ++number;
    if (line.empty()) continue;
    const std::vector<std::string_view> columns = Split(line, '\t');
    const auto wrong = [&] {
      return absl::InvalidArgumentError(
          Cat(path, ":", number, ": expected topic, unit, 0 or 1, a number of units and ",
              kFeatures, " numbers, separated by tabs"));
    };
    if (columns.size() != kColumns + kFeatures || (columns[2] != "0" && columns[2] != "1"))
      return wrong();
    const auto read = [](std::string_view text, auto& value) {
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc() && end == text.data() + text.size();
    };
    JudgedCandidate candidate = {
        .unit = std::string(columns[1]), .relevant = columns[2] == "1", .features = {}};
    size_t relevant_units = 0;
    bool numbers = read(columns[3], relevant_units);
    for (size_t i = 0; i < kFeatures; ++i)
      numbers = numbers && read(columns[kColumns + i], candidate.features[i]) &&
                std::isfinite(candidate.features[i]);
    if (!numbers) return wrong();
    if (topics.empty() || topics.back().id != columns[0]) {
      topics.push_back(
          {.id = std::string(columns[0]), .relevant_units = relevant_units, .candidates = {}});
    }
    topics.back().candidates.push_back(std::move(candidate));
  }
  return topics;
}

absl::StatusOr<FitReport> FitRanking(const std::vector<std::vector<JudgedTopic>>& sets,
                                     const FitOptions& options) {
  if (options.folds < 2 || !(options.penalty > 0)) {
    return absl::InvalidArgumentError(Cat("fit: ", options.folds, " folds, penalty ",
                                          options.penalty,
                                          "; expected at least 2 and a positive number"));
  }
  std::vector<const JudgedTopic*> all;
  std::vector<size_t> set_of;
  bool any = false;
  for (size_t set = 0; set < sets.size(); ++set) {
    for (const JudgedTopic& topic : sets[set]) {
      all.push_back(&topic);
      set_of.push_back(set);
      any = any || std::any_of(topic.candidates.begin(), topic.candidates.end(), IsRelevant);
    }
  }
  if (!any) return absl::InvalidArgumentError("fit: no topic has a relevant candidate");
  // Shuffled by hand: the standard's shuffle differs between libraries.
  std::vector<size_t> order(all.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::mt19937_64 random(options.seed);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);

  FitReport report;
  report.held_out.resize(sets.size());
  report.shipped.resize(sets.size());
  const auto folds = static_cast<size_t>(options.folds);
  for (size_t fold = 0; fold < folds; ++fold) {
    std::vector<const JudgedTopic*> others;
    for (size_t i = 0; i < order.size(); ++i) {
      if (i % folds != fold) others.push_back(all[order[i]]);
    }
    const FeatureVector weights = Fit(others, options.penalty);
    for (size_t i = fold; i < order.size(); i += folds)
      Measure(*all[order[i]], weights, report.held_out[set_of[order[i]]]);
  }
  for (size_t i = 0; i < all.size(); ++i)
    Measure(*all[i], kRankingWeights, report.shipped[set_of[i]]);
  for (MeanMeasures& sums : report.held_out) sums = MeanOrNothing(sums);
  for (MeanMeasures& sums : report.shipped) sums = MeanOrNothing(sums);
  report.weights = Fit(all, options.penalty);
  return report;
}

absl::Status RunFit(const FitCommand& command) {
  std::vector<std::vector<JudgedTopic>> sets;
  for (const std::string& path : command.features) {
    ASSIGN_OR_RETURN(std::vector<JudgedTopic> topics, ReadFeatures(path));
    sets.push_back(std::move(topics));
  }
  ASSIGN_OR_RETURN(const FitReport report, FitRanking(sets, command.options));
  std::fputs(FitReportText(report, command.features).c_str(), stdout);
  if (command.weights.empty()) return absl::OkStatus();
  return WriteFileAtomically(command.weights, EncodeRankingWeights(report.weights));
}

std::string FitReportText(const FitReport& report, const std::vector<std::string>& names) {
  std::string text;
  for (size_t set = 0; set < report.held_out.size(); ++set) {
    text += Cat("# ", names[set], ": ", report.held_out[set].topics,
                " topics; by the weights of other folds (by the program's own)\n");
    for (const NamedMeasure& measure : Measures()) {
      text += Cat("# ", measure.name, " ", Decimals(report.held_out[set].*measure.value, 4), " (",
                  Decimals(report.shipped[set].*measure.value, 4), ")\n");
    }
  }
  return text + EncodeRankingWeights(report.weights);
}

}  // namespace policykb
