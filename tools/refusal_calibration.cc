#include "tools/refusal_calibration.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "generator/refusal.h"
#include "tools/evidence_file.h"
#include "tools/logistic_fit.h"
#include "tools/numbers.h"

namespace policykb {

namespace {

constexpr size_t kAnsweredRank = 5;
constexpr size_t kReliabilityBins = 10;
// Share of the answerable topics that may be told to be of another matter, at the offset.
constexpr double kMatterShare = 0.05;
// Share of the answerable topics that the threshold is meant to refuse.
constexpr double kSourceShare = 0.1;

enum class Role { kAnswerable, kOtherMatter, kWithoutGold };

struct Example {
  size_t set = 0;
  int fold = 0;
  std::vector<double> matter;
  std::vector<double> source;
  double shipped = 0;
};

struct ExampleSet {
  std::string name;
  Role role = Role::kAnswerable;
  std::vector<Example> examples;
};

absl::StatusOr<ExampleSet> ReadSet(const std::string& spec, Role role, size_t number, int folds) {
  const size_t equals = spec.find('=');
  if (equals == 0 || equals == std::string::npos || equals + 1 == spec.size()) {
    return absl::InvalidArgumentError(Cat(spec, ": expected NAME=FILE"));
  }
  ExampleSet set{.name = spec.substr(0, equals), .role = role, .examples = {}};
  ASSIGN_OR_RETURN(const std::vector<TopicEvidence> topics,
                   ReadEvidenceFile(spec.substr(equals + 1)));
  for (size_t i = 0; i < topics.size(); ++i) {
    const TopicEvidence& topic = topics[i];
    const bool counts = role == Role::kAnswerable ? topic.answerable != false && topic.rank >= 1 &&
                                                        topic.rank <= kAnsweredRank
                                                  : topic.answerable == false;
    if (!counts) continue;
    const auto matter = MatterSignals(topic.evidence);
    const auto source = SourceSignals(topic.evidence);
    set.examples.push_back({.set = number,
                            .fold = static_cast<int>(i % static_cast<size_t>(folds)),
                            .matter = {matter.begin(), matter.end()},
                            .source = {source.begin(), source.end()},
                            .shipped = Answerability(topic.evidence)});
  }
  if (set.examples.empty()) {
    return absl::InvalidArgumentError(Cat(spec, ": expected at least one topic that counts"));
  }
  return set;
}

// Signals brought to mean 0 and deviation 1 for fitting, so that the penalty treats all alike.
class Scale {
 public:
  explicit Scale(const std::vector<const std::vector<double>*>& rows) {
    const size_t n = rows.empty() ? 0 : rows.front()->size();
    mean_.assign(n, 0);
    deviation_.assign(n, 0);
    const double count = static_cast<double>(std::max<size_t>(rows.size(), 1));
    for (const auto* row : rows)
      for (size_t i = 0; i < n; ++i) mean_[i] += (*row)[i] / count;
    for (const auto* row : rows)
      for (size_t i = 0; i < n; ++i)
        deviation_[i] += ((*row)[i] - mean_[i]) * ((*row)[i] - mean_[i]) / count;
    for (double& deviation : deviation_) deviation = std::max(std::sqrt(deviation), 1e-6);
  }
  std::vector<double> Apply(const std::vector<double>& row) const {
    std::vector<double> scaled(row.size());
    for (size_t i = 0; i < row.size(); ++i) scaled[i] = (row[i] - mean_[i]) / deviation_[i];
    return scaled;
  }
  // Weights of scaled signals as weights of the signals.
  std::vector<double> Unscale(std::vector<double> weights) const {
    for (size_t i = 0; i < mean_.size(); ++i) {
      weights[i] /= deviation_[i];
      weights.back() -= weights[i] * mean_[i];
    }
    return weights;
  }

 private:
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

using Signals = std::vector<double> Example::*;

// Both classes weigh the same, and in a class each set.
std::vector<double> FitSide(const std::vector<ExampleSet>& sets, Signals signals, int left_out,
                            const std::vector<std::pair<size_t, double>>& shares, double penalty) {
  std::vector<const std::vector<double>*> rows;
  for (const auto& [set, share] : shares)
    for (const Example& example : sets[set].examples)
      if (example.fold != left_out) rows.push_back(&(example.*signals));
  const Scale scale(rows);
  std::vector<LogisticExample> examples;
  for (const auto& [set, share] : shares) {
    for (const Example& example : sets[set].examples) {
      if (example.fold == left_out) continue;
      examples.push_back({scale.Apply(example.*signals), sets[set].role == Role::kAnswerable,
                          share / static_cast<double>(sets[set].examples.size())});
    }
  }
  return scale.Unscale(FitLogistic(examples, penalty));
}

double Sum(const std::vector<double>& weights, const std::vector<double>& signals) {
  double sum = weights.back();
  for (size_t i = 0; i < signals.size(); ++i) sum += weights[i] * signals[i];
  return sum;
}

struct Model {
  std::vector<double> matter;
  std::vector<double> source;
  double offset = 0;
  std::vector<double> map;  // slope, constant

  double Weakest(const Example& example) const {
    return std::min(Sum(source, example.source), Sum(matter, example.matter) + offset);
  }
  double Probability(const Example& example) const {
    return LogisticProbability(map, std::vector<double>{Weakest(example)});
  }
};

double Quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1,
                         static_cast<size_t>(share * static_cast<double>(values.size())))];
}

// The sets of a role with equal shares that sum to 1.
void AddShares(const std::vector<ExampleSet>& sets, Role role, double sum,
               std::vector<std::pair<size_t, double>>& shares) {
  size_t count = 0;
  for (const ExampleSet& set : sets) count += set.role == role ? 1 : 0;
  for (size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].role == role) shares.emplace_back(i, sum / static_cast<double>(count));
  }
}

Model Fit(const std::vector<ExampleSet>& sets, int left_out, double penalty) {
  std::vector<std::pair<size_t, double>> matter, source, all;
  AddShares(sets, Role::kAnswerable, 1, matter);
  AddShares(sets, Role::kOtherMatter, 1, matter);
  AddShares(sets, Role::kAnswerable, 1, source);
  AddShares(sets, Role::kWithoutGold, 1, source);
  Model model;
  model.matter = FitSide(sets, &Example::matter, left_out, matter, penalty);
  model.source = FitSide(sets, &Example::source, left_out, source, penalty);
  // The offset makes the matter decide only about the share that it may.
  std::vector<double> matters, sources;
  for (const ExampleSet& set : sets) {
    if (set.role != Role::kAnswerable) continue;
    for (const Example& example : set.examples) {
      if (example.fold == left_out) continue;
      matters.push_back(Sum(model.matter, example.matter));
      sources.push_back(Sum(model.source, example.source));
    }
  }
  model.offset = Quantile(sources, kSourceShare) - Quantile(matters, kMatterShare);
  AddShares(sets, Role::kAnswerable, 1, all);
  AddShares(sets, Role::kOtherMatter, 0.5, all);
  AddShares(sets, Role::kWithoutGold, 0.5, all);
  std::vector<LogisticExample> examples;
  for (const auto& [set, share] : all) {
    for (const Example& example : sets[set].examples) {
      if (example.fold == left_out) continue;
      examples.push_back({{model.Weakest(example)},
                          sets[set].role == Role::kAnswerable,
                          share / static_cast<double>(sets[set].examples.size())});
    }
  }
  model.map = FitLogistic(examples, penalty);
  return model;
}

double ShareBelow(const std::vector<double>& values, double threshold) {
  const auto below =
      std::count_if(values.begin(), values.end(), [&](double value) { return value < threshold; });
  return static_cast<double>(below) / static_cast<double>(values.size());
}

// Probability that one of `high` is above one of `low`; ties count half.
double AreaUnderCurve(const std::vector<double>& high, const std::vector<double>& low) {
  double sum = 0;
  for (const double h : high)
    for (const double l : low) sum += h > l ? 1 : (h == l ? 0.5 : 0);
  return sum / static_cast<double>(high.size() * low.size());
}

std::string Padded(std::string text, size_t width) {
  text.insert(0, width - std::min(width, text.size()), ' ');
  return text;
}

std::string Named(std::string name, size_t width) {
  name.resize(std::max(width, name.size()), ' ');
  return name;
}

std::string RefusedTable(const RefusalCalibration& calibration,
                         std::vector<double> RefusalSet::*values) {
  constexpr double kThresholds[] = {0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6};
  std::string text = Named("", 28);
  for (const double threshold : kThresholds) text += Padded(Decimals(threshold, 2), 7);
  text += "\n";
  for (const RefusalSet& set : calibration.sets) {
    text += Named(Cat(set.answerable ? "answerable " : "", set.name), 28);
    for (const double threshold : kThresholds)
      text += Padded(Decimals(100 * ShareBelow(set.*values, threshold), 1), 7);
    text += "\n";
  }
  return text;
}

// Observed share of answerable topics among those of about one probability; classes, and sets in
// them, weigh the same.
std::string ReliabilityTable(const RefusalCalibration& calibration) {
  double sets[2] = {0, 0};
  for (const RefusalSet& set : calibration.sets) ++sets[set.answerable ? 1 : 0];
  double said[kReliabilityBins] = {}, seen[kReliabilityBins] = {}, all[kReliabilityBins] = {};
  for (const RefusalSet& set : calibration.sets) {
    const double weight =
        1 / sets[set.answerable ? 1 : 0] / static_cast<double>(set.held_out.size());
    for (const double p : set.held_out) {
      const auto bin = std::min(kReliabilityBins - 1,
                                static_cast<size_t>(p * static_cast<double>(kReliabilityBins)));
      said[bin] += weight * p;
      all[bin] += weight;
      if (set.answerable) seen[bin] += weight;
    }
  }
  std::string text = "     said  observed\n";
  for (size_t i = 0; i < kReliabilityBins; ++i) {
    if (all[i] <= 0) continue;
    const double observed = seen[i] / all[i];
    text += Cat(Padded(Decimals(said[i] / all[i], 2), 9), Padded(Decimals(observed, 2), 10), "  ",
                std::string(static_cast<size_t>(std::lround(observed * 40)), '#'), "\n");
  }
  return text;
}

std::string WeightList(const double* weights, size_t count) {
  std::string text = "{";
  for (size_t i = 0; i < count; ++i) text += Cat(i == 0 ? "" : ", ", Decimals(weights[i], 3));
  return text + "}";
}

}  // namespace

absl::StatusOr<RefusalCalibration> CalibrateRefusal(const RefusalCalibrationOptions& options) {
  if (options.folds < 2 || !(options.penalty > 0)) {
    return absl::InvalidArgumentError("expected at least 2 folds and a penalty above 0");
  }
  if (options.answerable.empty() || options.other_matters.empty() || options.without_gold.empty()) {
    return absl::InvalidArgumentError(
        "expected at least one set of each: answerable, other matters, without gold");
  }
  std::vector<ExampleSet> sets;
  for (const auto& [specs, role] : {std::pair(&options.answerable, Role::kAnswerable),
                                    std::pair(&options.other_matters, Role::kOtherMatter),
                                    std::pair(&options.without_gold, Role::kWithoutGold)}) {
    for (const std::string& spec : *specs) {
      ASSIGN_OR_RETURN(ExampleSet set, ReadSet(spec, role, sets.size(), options.folds));
      sets.push_back(std::move(set));
    }
  }
  RefusalCalibration calibration;
  for (const ExampleSet& set : sets) {
    calibration.sets.push_back({.name = set.name,
                                .answerable = set.role == Role::kAnswerable,
                                .held_out = {},
                                .shipped = {}});
    for (const Example& example : set.examples)
      calibration.sets.back().shipped.push_back(example.shipped);
  }
  for (int fold = 0; fold < options.folds; ++fold) {
    const Model model = Fit(sets, fold, options.penalty);
    for (const ExampleSet& set : sets) {
      for (const Example& example : set.examples) {
        if (example.fold == fold)
          calibration.sets[example.set].held_out.push_back(model.Probability(example));
      }
    }
  }
  const Model model = Fit(sets, /*left_out=*/-1, options.penalty);
  std::copy(model.matter.begin(), model.matter.end(), calibration.weights.matter.begin());
  std::copy(model.source.begin(), model.source.end(), calibration.weights.source.begin());
  calibration.weights.offset = model.offset;
  calibration.weights.slope = model.map[0];
  calibration.weights.constant = model.map[1];
  return calibration;
}

std::string RefusalCalibrationText(const RefusalCalibration& calibration) {
  std::string text =
      Cat("refused, %, by the least probability; held out\n",
          RefusedTable(calibration, &RefusalSet::held_out),
          "\nthe same by the program's own weights; refused by default below ",
          Decimals(kDefaultRefuseBelow, 2), "\n", RefusedTable(calibration, &RefusalSet::shipped),
          "\narea under the curve, held out: first answerable set against\n");
  const RefusalSet& first = calibration.sets.front();
  for (const RefusalSet& set : calibration.sets) {
    if (set.answerable) continue;
    text +=
        Cat(Named(set.name, 28), Decimals(AreaUnderCurve(first.held_out, set.held_out), 3), "\n");
  }
  text += Cat("\nreliability, held out\n", ReliabilityTable(calibration));
  const AnswerabilityWeights& weights = calibration.weights;
  text +=
      Cat("\nweights, fitted on all\n.matter = ",
          WeightList(weights.matter.data(), weights.matter.size()),
          "\n.source = ", WeightList(weights.source.data(), weights.source.size()),
          "\n.offset = ", Decimals(weights.offset, 3), ", .slope = ", Decimals(weights.slope, 3),
          ", .constant = ", Decimals(weights.constant, 3), "\n");
  return text;
}

}  // namespace policykb
