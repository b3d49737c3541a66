#include "tools/logistic_fit.h"

#include <gtest/gtest.h>

#include <cmath>

namespace policykb {
namespace {

TEST(LogisticFitTest, FitsTheShareWhereFeaturesSayNothing) {
  // Three of four are positive: the constant is ln(3).
  const std::vector<LogisticExample> examples = {
      {{0}, true, 1}, {{0}, true, 1}, {{0}, true, 1}, {{0}, false, 1}};
  const std::vector<double> weights = FitLogistic(examples, 1e-3);
  EXPECT_NEAR(weights[0], 0, 1e-9);
  EXPECT_NEAR(weights[1], std::log(3), 1e-4);
  EXPECT_NEAR(LogisticProbability(weights, std::vector<double>{0}), 0.75, 1e-4);
}

TEST(LogisticFitTest, WeighsExamples) {
  // One positive of weight 3 is as three.
  const std::vector<LogisticExample> examples = {{{0}, true, 3}, {{0}, false, 1}};
  EXPECT_NEAR(FitLogistic(examples, 1e-3)[1], std::log(3), 1e-4);
}

TEST(LogisticFitTest, FindsTheWeightThatTheOddsHave) {
  // At x = 0 even odds, at x = 1 four to one: the weight is ln(4), the constant 0.
  std::vector<LogisticExample> examples;
  for (int i = 0; i < 10; ++i) {
    examples.push_back({{0}, i % 2 == 0, 1});
    examples.push_back({{1}, i % 5 != 0, 1});
  }
  const std::vector<double> weights = FitLogistic(examples, 1e-9);
  EXPECT_NEAR(weights[0], std::log(4), 1e-4);
  EXPECT_NEAR(weights[1], 0, 1e-4);
}

TEST(LogisticFitTest, StaysFiniteWhereTheClassesAreApart) {
  const std::vector<LogisticExample> examples = {{{-1000}, false, 1}, {{1000}, true, 1}};
  for (const double weight : FitLogistic(examples, 1e-3)) EXPECT_TRUE(std::isfinite(weight));
  EXPECT_EQ(FitLogistic({}, 1e-3).size(), 1u);
}

}  // namespace
}  // namespace policykb
