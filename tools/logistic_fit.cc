#include "tools/logistic_fit.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tools/cholesky.h"

namespace policykb {

namespace {

constexpr int kMostSteps = 100;
constexpr double kEnough = 1e-12;  // gain of a step that ends the fit

double Sum(std::span<const double> weights, std::span<const double> features) {
  double sum = weights.back();
  for (size_t i = 0; i < features.size(); ++i) sum += weights[i] * features[i];
  return sum;
}

// ln(1 + e^z) without overflow.
double Softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

double LossAt(std::span<const LogisticExample> examples, const std::vector<double>& weights,
              double penalty, double total) {
  double loss = 0;
  for (const LogisticExample& example : examples) {
    const double z = Sum(weights, example.features);
    loss += example.weight / total * Softplus(example.positive ? -z : z);
  }
  for (size_t i = 0; i + 1 < weights.size(); ++i) loss += penalty / 2 * weights[i] * weights[i];
  return loss;
}

}  // namespace

double LogisticProbability(std::span<const double> weights, std::span<const double> features) {
  return 1 / (1 + std::exp(-Sum(weights, features)));
}

std::vector<double> FitLogistic(std::span<const LogisticExample> examples, double penalty) {
  const size_t n = examples.empty() ? 1 : examples.front().features.size() + 1;
  std::vector<double> weights(n, 0);
  double total = 0;
  for (const LogisticExample& example : examples) total += example.weight;
  if (total <= 0) return weights;
  double loss = LossAt(examples, weights, penalty, total);
  for (int step = 0; step < kMostSteps; ++step) {
    std::vector<double> gradient(n, 0);
    SquareMatrix curvature(n, std::vector<double>(n, 0));
    for (const LogisticExample& example : examples) {
      const double p = LogisticProbability(weights, example.features);
      const double weight = example.weight / total;
      const double error = weight * (p - (example.positive ? 1 : 0));
      const double bend = weight * p * (1 - p);
      const auto feature = [&](size_t i) { return i + 1 == n ? 1.0 : example.features[i]; };
      for (size_t a = 0; a < n; ++a) {
        gradient[a] += error * feature(a);
        for (size_t b = 0; b <= a; ++b) curvature[a][b] += bend * feature(a) * feature(b);
      }
    }
    for (size_t a = 0; a + 1 < n; ++a) {
      gradient[a] += penalty * weights[a];
      curvature[a][a] += penalty;
    }
    curvature[n - 1][n - 1] += 1e-9;
    const std::vector<double> direction =
        SolvePositiveDefinite(std::move(curvature), std::move(gradient));
    // Newton's step, halved until the loss falls.
    std::vector<double> moved(n);
    double next = loss;
    for (double length = 1; length > 1e-6; length /= 2) {
      for (size_t a = 0; a < n; ++a) moved[a] = weights[a] - length * direction[a];
      next = LossAt(examples, moved, penalty, total);
      if (next <= loss) break;
    }
    if (!(next <= loss)) break;
    const double gained = loss - next;
    weights = moved;
    loss = next;
    if (gained < kEnough) break;
  }
  return weights;
}

}  // namespace policykb
