#include "core/base/score_order.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace policykb {
namespace {

struct Item {
  double score = 0;
  int id = 0;
  friend bool operator==(const Item&, const Item&) = default;
};

double ScoreOf(const Item& item) { return item.score; }

bool IsBetter(const Item& a, const Item& b) {
  return a.score != b.score ? a.score > b.score : a.id < b.id;
}

// Expects of any number of them what comparing all gives.
void ExpectSorted(const std::vector<Item>& items) {
  std::vector<Item> sorted = items;
  std::sort(sorted.begin(), sorted.end(), IsBetter);
  for (const size_t count : {size_t{0}, size_t{1}, items.size() / 3, items.size(), size_t{5000}}) {
    std::vector<Item> best = items;
    KeepBest(best, count, ScoreOf, IsBetter);
    const std::vector<Item> expected(
        sorted.begin(),
        sorted.begin() + static_cast<std::ptrdiff_t>(std::min(count, sorted.size())));
    EXPECT_EQ(best, expected) << count << " of " << items.size();
  }
}

TEST(ScoreOrderTest, TheBestComeInOrderTiesById) {
  std::vector<Item> items = {{1, 3}, {2, 2}, {1, 1}, {-4, 0}};
  KeepBest(items, 3, ScoreOf, IsBetter);
  EXPECT_EQ(items, (std::vector<Item>{{2, 2}, {1, 1}, {1, 3}}));
}

TEST(ScoreOrderTest, ScoresOfAnyShapeAreOrderedAsByComparing) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> even(-3, 5);
  std::normal_distribution<double> bell(0, 1);
  std::uniform_int_distribution<int> few(0, 4);
  for (const int size : {0, 1, 2, 64, 65, 100, 600, 3000}) {
    std::vector<Item> evenly, skewed, ties, alike, clustered;
    for (int id = 0; id < size; ++id) {
      evenly.push_back({even(random), id});
      skewed.push_back({std::exp(20 * bell(random)), id});
      ties.push_back({static_cast<double>(few(random)), id});
      alike.push_back({0.25, id});
      // All but one within less than a bucket.
      clustered.push_back({id == 0 ? 1e6 : bell(random), id});
    }
    for (std::vector<Item>* items : {&evenly, &skewed, &ties, &alike, &clustered}) {
      std::shuffle(items->begin(), items->end(), random);
      ExpectSorted(*items);
    }
  }
}

TEST(ScoreOrderTest, ScoresWithoutAFiniteDistanceAreOrderedAsWell) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  constexpr double kLargest = std::numeric_limits<double>::max();
  constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
  for (const auto& [low, high] :
       {std::pair(-kInfinity, kInfinity), std::pair(-kLargest, kLargest), std::pair(0.0, kSmallest),
        std::pair(-kInfinity, -kInfinity), std::pair(1.0, std::nextafter(1.0, 2.0))}) {
    std::vector<Item> items;
    for (int id = 0; id < 100; ++id) items.push_back({id % 3 == 0 ? low : high, id});
    ExpectSorted(items);
  }
}

}  // namespace
}  // namespace policykb
