// Measures of retrieval quality, as in trec_eval with binary gain.
//
// For one ranking of distinct units and for means over topics. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_MEASURES_H_
#define POLICYKB_TOOLS_MEASURES_H_

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

// Share of the relevant units that are among the first k. REQUIRES: relevant is not empty.
double RecallAt(const std::vector<std::string>& ranking, const std::set<std::string>& relevant,
                size_t k);
// 1 when the first unit is relevant.
double HitAtOne(const std::vector<std::string>& ranking, const std::set<std::string>& relevant);
// 1 / rank of the first relevant unit among the first k, else 0 (Voorhees 1999).
double ReciprocalRankAt(const std::vector<std::string>& ranking,
                        const std::set<std::string>& relevant, size_t k);
// Discounted cumulative gain of the first k over the best possible (Jarvelin and Kekalainen 2002),
// gain 1, discount log2.
double NdcgAt(const std::vector<std::string>& ranking, const std::set<std::string>& relevant,
              size_t k);

// Means over topics; the figures of one topic when it alone was added.
struct MeanMeasures {
  size_t topics = 0;
  double recall_5 = 0, recall_10 = 0, recall_30 = 0, recall_100 = 0;
  double hit_1 = 0, mrr_10 = 0, ndcg_10 = 0;

  // Adds a topic's figures to the sums.
  void Add(const std::vector<std::string>& ranking, const std::set<std::string>& relevant);
  // The sums divided by the number of topics. REQUIRES: topics > 0.
  MeanMeasures Mean() const;
};

// A figure under the name that people use for it.
struct NamedMeasure {
  std::string_view name;
  double MeanMeasures::*value;
};

// All of them, in the order they are printed.
std::span<const NamedMeasure> Measures();
// Null when there is none of that name.
const NamedMeasure* FindMeasure(std::string_view name);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_MEASURES_H_
