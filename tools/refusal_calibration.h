// policykb calibrate refusal: fits the probability that hits answer a question, and measures what
// is refused at which threshold.
//
// Reads what `policykb eval --evidence` writes. Two logistic regressions, one against questions of
// other matters and one against questions whose law is not there (answerability.h); the weaker of
// the two decides, and a third maps it to a probability. Every figure is held out: a topic is
// judged by weights of folds that it is not in. Deterministic. One call at a time.

#ifndef POLICYKB_TOOLS_REFUSAL_CALIBRATION_H_
#define POLICYKB_TOOLS_REFUSAL_CALIBRATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "retriever/answerability.h"

namespace policykb {

// Files, each as NAME=FILE. A name is what tables call it.
struct RefusalCalibrationOptions {
  // Questions with an answer: those whose first relevant unit is among the first five hits count.
  std::vector<std::string> answerable;
  // Questions of other matters, and questions about the matter that nothing answers.
  std::vector<std::string> other_matters;
  // Questions whose documents were left out of the search.
  std::vector<std::string> without_gold;
  int folds = 5;          // >= 2
  double penalty = 1e-3;  // L2, > 0
};

struct RefusalSet {
  std::string name;
  bool answerable = false;
  std::vector<double> held_out;  // probability of each topic, by weights it did not help to choose
  std::vector<double> shipped;   // by the program's own weights
};

struct RefusalCalibration {
  AnswerabilityWeights weights;  // fitted on all topics
  std::vector<RefusalSet> sets;
};

// Errors: InvalidArgument (no answerable or no unanswerable topic, a set without a name, options),
// as ReadEvidenceFile.
absl::StatusOr<RefusalCalibration> CalibrateRefusal(const RefusalCalibrationOptions& options);

// Tables: what is refused by threshold, areas under the curve, reliability, the fitted weights.
std::string RefusalCalibrationText(const RefusalCalibration& calibration);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_REFUSAL_CALIBRATION_H_
