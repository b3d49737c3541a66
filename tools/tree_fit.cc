#include "tools/tree_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

namespace policykb {

namespace {

// Learned from the first so many of a topic: further down stands little that is relevant.
constexpr size_t kLearnedCandidates = 100;
// Values of a feature that a question may ask for, at most.
constexpr size_t kThresholds = 63;

// Ten thousandths: a tree is read by people as well.
double Rounded(double value) { return std::round(value * 1e4) / 1e4; }

// First and second derivative of the loss by a candidate's score, the first negated.
struct Pull {
  double force = 0;
  double curvature = 0;
  size_t rows = 0;

  void Add(const Pull& other) {
    force += other.force;
    curvature += other.curvature;
    rows += other.rows;
  }
  void Take(const Pull& other) {
    force -= other.force;
    curvature -= other.curvature;
    rows -= other.rows;
  }
};

struct Row {
  FeatureVector features = {};
  double score = 0;
  bool relevant = false;
};

// Candidates of one topic.
using TopicRows = std::vector<Row>;

TopicRows RowsOf(const JudgedTopic& topic, const FeatureVector& weights) {
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < topic.candidates.size(); ++i)
    order.emplace_back(-LinearScore(topic.candidates[i].features, weights), i);
  std::sort(order.begin(), order.end());
  TopicRows rows;
  for (size_t rank = 0; rank < std::min(order.size(), kLearnedCandidates); ++rank) {
    const JudgedCandidate& candidate = topic.candidates[order[rank].second];
    rows.push_back({.features = candidate.features,
                    .score = -order[rank].first,
                    .relevant = candidate.relevant});
  }
  const bool any = std::any_of(rows.begin(), rows.end(), [](const Row& r) { return r.relevant; });
  return any ? rows : TopicRows();
}

double Discount(size_t rank) { return 1 / std::log2(static_cast<double>(rank) + 2); }

// Burges 2010, equations 5 to 7: each pair of a relevant and another candidate pulls by what nDCG
// would change if they changed places.
void AddPulls(const TopicRows& rows, size_t truncation, std::vector<Pull>& pulls) {
  std::vector<size_t> order(rows.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return rows[a].score > rows[b].score; });
  std::vector<double> discounts(rows.size(), 0);
  for (size_t rank = 0; rank < std::min(truncation, order.size()); ++rank)
    discounts[order[rank]] = Discount(rank);
  double ideal = 0;
  size_t relevant = 0;
  for (const Row& row : rows) {
    if (row.relevant && relevant < truncation) ideal += Discount(relevant++);
  }
  const size_t begin = pulls.size();
  for (size_t i = 0; i < rows.size(); ++i) pulls.push_back({.rows = 1});
  for (size_t r = 0; r < rows.size(); ++r) {
    if (!rows[r].relevant) continue;
    for (size_t n = 0; n < rows.size(); ++n) {
      if (rows[n].relevant) continue;
      const double gain = std::abs(discounts[r] - discounts[n]) / ideal;
      const double wrong = 1 / (1 + std::exp(rows[r].score - rows[n].score));
      pulls[begin + r].force += gain * wrong;
      pulls[begin + n].force -= gain * wrong;
      pulls[begin + r].curvature += gain * wrong * (1 - wrong);
      pulls[begin + n].curvature += gain * wrong * (1 - wrong);
    }
  }
}

// The values of a feature at which a question may ask, ascending, each in [least, most) of the
// feature.
std::vector<double> ThresholdsOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::vector<double> thresholds;
  for (size_t i = 1; i <= kThresholds; ++i) {
    const double value = Rounded(values[(values.size() - 1) * i / (kThresholds + 1)]);
    if (value < values.back() && (thresholds.empty() || value > thresholds.back()))
      thresholds.push_back(value);
  }
  return thresholds;
}

class Booster {
 public:
  Booster(std::vector<TopicRows> topics, const TreeFitOptions& options)
      : options_(options), topics_(std::move(topics)) {
    for (size_t feature = 0; feature < kFeatures; ++feature) {
      std::vector<double> values;
      for (const TopicRows& rows : topics_)
        for (const Row& row : rows) values.push_back(row.features[feature]);
      thresholds_[feature] = ThresholdsOf(values);
      for (const double value : values) {
        const auto above =
            std::lower_bound(thresholds_[feature].begin(), thresholds_[feature].end(), value);
        bins_[feature].push_back(static_cast<uint8_t>(above - thresholds_[feature].begin()));
      }
    }
  }

  RankingTree Next() {
    pulls_.clear();
    for (const TopicRows& rows : topics_) AddPulls(rows, options_.truncation, pulls_);
    std::vector<uint8_t> leaves(pulls_.size(), 0);
    RankingTree tree;
    for (size_t level = 0; level < kTreeDepth; ++level) {
      const auto [feature, bin] = BestQuestion(leaves, size_t{1} << level);
      tree.questions[level] = {
          .feature = static_cast<Feature>(feature),
          .above = thresholds_[feature].empty() ? 0 : thresholds_[feature][bin]};
      for (size_t i = 0; i < leaves.size(); ++i) {
        if (bins_[feature][i] > bin) leaves[i] = static_cast<uint8_t>(leaves[i] | (1U << level));
      }
    }
    std::array<Pull, kTreeLeaves> sums = {};
    for (size_t i = 0; i < leaves.size(); ++i) sums[leaves[i]].Add(pulls_[i]);
    for (size_t leaf = 0; leaf < kTreeLeaves; ++leaf)
      tree.values[leaf] = Rounded(options_.shrinkage * ValueOf(sums[leaf]));
    size_t i = 0;
    for (TopicRows& rows : topics_)
      for (Row& row : rows) row.score += tree.values[leaves[i++]];
    return tree;
  }

 private:
  double ValueOf(const Pull& sum) const {
    return sum.rows < options_.least_rows ? 0 : sum.force / (sum.curvature + options_.penalty);
  }
  double GainOf(const Pull& sum) const { return ValueOf(sum) * sum.force; }

  // The feature and the number of its threshold that lower the loss most.
  std::pair<size_t, size_t> BestQuestion(const std::vector<uint8_t>& leaves, size_t count) const {
    std::pair<size_t, size_t> best = {0, 0};
    double best_gain = 0;
    std::vector<Pull> sums;
    for (size_t feature = 0; feature < kFeatures; ++feature) {
      const size_t bins = thresholds_[feature].size() + 1;
      sums.assign(count * bins, {});
      for (size_t i = 0; i < leaves.size(); ++i)
        sums[leaves[i] * bins + bins_[feature][i]].Add(pulls_[i]);
      std::vector<double> gains(bins, 0);
      for (size_t leaf = 0; leaf < count; ++leaf) {
        Pull above;
        for (size_t bin = 0; bin < bins; ++bin) above.Add(sums[leaf * bins + bin]);
        Pull below;
        for (size_t bin = 0; bin + 1 < bins; ++bin) {
          below.Add(sums[leaf * bins + bin]);
          above.Take(sums[leaf * bins + bin]);
          gains[bin] += GainOf(below) + GainOf(above);
        }
      }
      for (size_t bin = 0; bin + 1 < bins; ++bin) {
        if (gains[bin] > best_gain) {
          best_gain = gains[bin];
          best = {feature, bin};
        }
      }
    }
    return best;
  }

  TreeFitOptions options_;
  std::vector<TopicRows> topics_;
  std::array<std::vector<double>, kFeatures> thresholds_;
  std::array<std::vector<uint8_t>, kFeatures> bins_;  // by row: thresholds below its value
  std::vector<Pull> pulls_;
};

}  // namespace

std::vector<RankingTree> FitTrees(const std::vector<const JudgedTopic*>& topics,
                                  const FeatureVector& weights, const TreeFitOptions& options) {
  std::vector<TopicRows> rows;
  for (const JudgedTopic* topic : topics) {
    rows.push_back(RowsOf(*topic, weights));
    if (rows.back().empty()) rows.pop_back();
  }
  std::vector<RankingTree> trees;
  if (rows.empty()) return trees;
  Booster booster(std::move(rows), options);
  for (size_t i = 0; i < options.trees; ++i) trees.push_back(booster.Next());
  return trees;
}

}  // namespace policykb
