#include "tools/measures.h"

#include <algorithm>
#include <cmath>

namespace policykb {

namespace {

constexpr NamedMeasure kMeasures[] = {
    {"recall@5", &MeanMeasures::recall_5},   {"recall@10", &MeanMeasures::recall_10},
    {"recall@30", &MeanMeasures::recall_30}, {"recall@100", &MeanMeasures::recall_100},
    {"hit@1", &MeanMeasures::hit_1},         {"mrr@10", &MeanMeasures::mrr_10},
    {"ndcg@10", &MeanMeasures::ndcg_10},
};

size_t RelevantAmong(const std::vector<std::string>& ranking, const std::set<std::string>& relevant,
                     size_t k) {
  const auto last = ranking.begin() + static_cast<std::ptrdiff_t>(std::min(k, ranking.size()));
  return static_cast<size_t>(std::count_if(
      ranking.begin(), last, [&](const std::string& unit) { return relevant.contains(unit); }));
}

}  // namespace

double RecallAt(const std::vector<std::string>& ranking, const std::set<std::string>& relevant,
                size_t k) {
  return static_cast<double>(RelevantAmong(ranking, relevant, k)) /
         static_cast<double>(relevant.size());
}

double HitAtOne(const std::vector<std::string>& ranking, const std::set<std::string>& relevant) {
  return RelevantAmong(ranking, relevant, 1) > 0 ? 1 : 0;
}

double ReciprocalRankAt(const std::vector<std::string>& ranking,
                        const std::set<std::string>& relevant, size_t k) {
  for (size_t i = 0; i < std::min(k, ranking.size()); ++i) {
    if (relevant.contains(ranking[i])) return 1.0 / static_cast<double>(i + 1);
  }
  return 0;
}

double NdcgAt(const std::vector<std::string>& ranking, const std::set<std::string>& relevant,
              size_t k) {
  double gained = 0;
  double best = 0;
  for (size_t i = 0; i < k; ++i) {
    const double discounted = 1 / std::log2(static_cast<double>(i) + 2);
    if (i < ranking.size() && relevant.contains(ranking[i])) gained += discounted;
    if (i < relevant.size()) best += discounted;
  }
  return gained / best;
}

void MeanMeasures::Add(const std::vector<std::string>& ranking,
                       const std::set<std::string>& relevant) {
  ++topics;
  recall_5 += RecallAt(ranking, relevant, 5);
  recall_10 += RecallAt(ranking, relevant, 10);
  recall_30 += RecallAt(ranking, relevant, 30);
  recall_100 += RecallAt(ranking, relevant, 100);
  hit_1 += HitAtOne(ranking, relevant);
  mrr_10 += ReciprocalRankAt(ranking, relevant, 10);
  ndcg_10 += NdcgAt(ranking, relevant, 10);
}

MeanMeasures MeanMeasures::Mean() const {
  MeanMeasures mean = *this;
  for (const NamedMeasure& measure : kMeasures) mean.*measure.value /= static_cast<double>(topics);
  return mean;
}

std::span<const NamedMeasure> Measures() { return kMeasures; }

const NamedMeasure* FindMeasure(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kMeasures), std::end(kMeasures),
                   [&](const NamedMeasure& measure) { return measure.name == name; });
  return found == std::end(kMeasures) ? nullptr : found;
}

}  // namespace policykb
