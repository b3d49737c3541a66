// Logistic regression with an L2 penalty, by Newton's method.
//
// For calibrating probabilities on a few thousand examples. Convex, so that the result does not
// depend on a start. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_LOGISTIC_FIT_H_
#define POLICYKB_TOOLS_LOGISTIC_FIT_H_

#include <span>
#include <vector>

namespace policykb {

struct LogisticExample {
  std::vector<double> features = {};  // the same number in all examples
  bool positive = false;
  double weight = 1;  // > 0
};

// One weight per feature and the constant last: those that minimise the weighted mean of the log
// loss plus penalty / 2 times the sum of their squares; the constant is free. Without examples all
// are 0. REQUIRES: penalty > 0.
std::vector<double> FitLogistic(std::span<const LogisticExample> examples, double penalty);

// Probability by such weights. REQUIRES: weights.size() == features.size() + 1.
double LogisticProbability(std::span<const double> weights, std::span<const double> features);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_LOGISTIC_FIT_H_
