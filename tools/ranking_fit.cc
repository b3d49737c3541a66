#include "tools/ranking_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <random>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "retriever/ranking_file.h"
#include "tools/cholesky.h"
#include "tools/numbers.h"
#include "tools/randomization.h"

namespace policykb {

namespace {

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

// As a search does: linear scores, and trees on those that stand first by them.
std::vector<double> ScoresOf(const JudgedTopic& topic, const RankingModel& model) {
  std::vector<std::pair<double, size_t>> order;  // scores negated
  for (size_t i = 0; i < topic.candidates.size(); ++i)
    order.emplace_back(-LinearScore(topic.candidates[i].features, model.weights), i);
  std::sort(order.begin(), order.end());
  std::vector<double> scores(order.size());
  for (size_t rank = 0; rank < order.size(); ++rank) {
    const auto [score, i] = order[rank];
    scores[i] = -score;
    if (rank < kTreeCandidates) scores[i] += TreeScore(topic.candidates[i].features, model.trees);
  }
  return scores;
}

// Of one topic; without topics when nothing is relevant.
MeanMeasures Measure(const JudgedTopic& topic, const RankingModel& model) {
  const std::vector<double> scores = ScoresOf(topic, model);
  std::vector<std::pair<double, size_t>> order;
  std::set<std::string> relevant;
  for (size_t i = 0; i < topic.candidates.size(); ++i) {
    order.emplace_back(-scores[i], i);
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
  MeanMeasures figures;
  if (!relevant.empty()) figures.Add(ranking, relevant);
  return figures;
}

// Figures of the topics of a set, each topic's in the same place of all three.
struct SetTopics {
  std::vector<MeanMeasures> linear, model, shipped;
};

MeanMeasures MeanOf(const std::vector<MeanMeasures>& topics) {
  MeanMeasures mean;
  for (const MeanMeasures& topic : topics) {
    mean.topics += topic.topics;
    for (const NamedMeasure& measure : Measures()) mean.*measure.value += topic.*measure.value;
  }
  return mean.topics > 0 ? mean.Mean() : mean;
}

FitReport::Set Summary(const SetTopics& topics) {
  FitReport::Set set = {.linear = MeanOf(topics.linear),
                        .held_out = MeanOf(topics.model),
                        .shipped = MeanOf(topics.shipped),
                        .p = {}};
  for (const NamedMeasure& measure : Measures()) {
    std::vector<double> differences;
    for (size_t i = 0; i < topics.model.size(); ++i)
      differences.push_back(topics.model[i].*measure.value - topics.linear[i].*measure.value);
    set.p.push_back(RandomizationP(differences));
  }
  return set;
}

RankingModel FitModel(const std::vector<const JudgedTopic*>& topics, const FitOptions& options) {
  RankingModel model = {.weights = Fit(topics, options.penalty), .trees = {}};
  model.trees = FitTrees(topics, model.weights, options.trees);
  return model;
}

}  // namespace

absl::StatusOr<FitReport> FitRanking(const std::vector<std::vector<JudgedTopic>>& sets,
                                     const FitOptions& options) {
  if (options.folds < 2 || !(options.penalty > 0)) {
    return absl::InvalidArgumentError(Cat("fit: ", options.folds, " folds, penalty ",
                                          options.penalty,
                                          "; expected at least 2 and a positive number"));
  }
  if (options.trees.trees > kMostTrees) {
    return absl::InvalidArgumentError(
        Cat("fit: ", options.trees.trees, " trees, expected at most ", kMostTrees));
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
  std::vector<SetTopics> topics(sets.size());
  const auto folds = static_cast<size_t>(options.folds);
  for (size_t fold = 0; fold < folds; ++fold) {
    std::vector<const JudgedTopic*> others;
    for (size_t i = 0; i < order.size(); ++i) {
      if (i % folds != fold) others.push_back(all[order[i]]);
    }
    const RankingModel model = FitModel(others, options);
    const RankingModel linear = {.weights = model.weights, .trees = {}};
    for (size_t i = fold; i < order.size(); i += folds) {
      const JudgedTopic& topic = *all[order[i]];
      SetTopics& set = topics[set_of[order[i]]];
      set.linear.push_back(Measure(topic, linear));
      set.model.push_back(Measure(topic, model));
      set.shipped.push_back(Measure(topic, DefaultRanking()));
    }
  }
  for (const SetTopics& set : topics) report.sets.push_back(Summary(set));
  report.model = FitModel(all, options);
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
  if (command.model.empty()) return absl::OkStatus();
  return WriteFileAtomically(command.model, EncodeRanking(report.model));
}

std::string FitReportText(const FitReport& report, const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < report.sets.size(); ++i) {
    const FitReport::Set& set = report.sets[i];
    text += Cat("# ", names[i], ": ", set.held_out.topics,
                " topics; by the models of other folds: weights alone, with trees, p of the "
                "difference (by the program's own)\n");
    for (size_t m = 0; m < Measures().size(); ++m) {
      const NamedMeasure& measure = Measures()[m];
      text += Cat("# ", measure.name, " ", Decimals(set.linear.*measure.value, 4), " ",
                  Decimals(set.held_out.*measure.value, 4), " p ", Decimals(set.p[m], 4), " (",
                  Decimals(set.shipped.*measure.value, 4), ")\n");
    }
  }
  return text + EncodeRanking(report.model);
}

}  // namespace policykb
