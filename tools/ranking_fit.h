// policykb fit: learns the model of the ranking stage from features of judged topics.
//
// Reads what `policykb eval --features` writes. The weights minimise the listwise softmax
// cross-entropy over all candidates of a topic (Cao et al. 2007, ListNet with the top-one
// probability) plus an L2 penalty, which is convex, so that the result does not depend on a start;
// Newton's method finds it. Trees correct what the weights leave (tree_fit.h). Figures come from
// folds: no topic is measured with a model that it helped to choose. One call at a time.

#ifndef POLICYKB_TOOLS_RANKING_FIT_H_
#define POLICYKB_TOOLS_RANKING_FIT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "retriever/ranking.h"
#include "tools/feature_file.h"
#include "tools/measures.h"
#include "tools/tree_fit.h"

namespace policykb {

struct FitOptions {
  int folds = 5;          // >= 2
  double penalty = 1e-3;  // L2, > 0
  uint64_t seed = 1;      // decides which fold a topic is in
  TreeFitOptions trees = {};
};

struct FitReport {
  struct Set {
    MeanMeasures linear;    // each topic by the weights of the other folds, without trees
    MeanMeasures held_out;  // with the trees of those folds
    MeanMeasures shipped;   // by the program's own model
    // For each of Measures(): that chance alone makes trees differ so much (randomization.h).
    std::vector<double> p;
  };
  RankingModel model;  // fitted on all topics
  std::vector<Set> sets;
};

// Each topic weighs the same, whichever set it is of. Errors: InvalidArgument (no topic with a
// relevant candidate, options).
absl::StatusOr<FitReport> FitRanking(const std::vector<std::vector<JudgedTopic>>& sets,
                                     const FitOptions& options);

struct FitCommand {
  std::vector<std::string> features;  // files
  FitOptions options;
  std::string model;  // file to write it to, or empty
};

// Prints FitReportText. Errors: as ReadFeatures, FitRanking, WriteFileAtomically.
absl::Status RunFit(const FitCommand& command);

// Figures of each set, then the model, as its file has it (ranking_file.h).
std::string FitReportText(const FitReport& report, const std::vector<std::string>& names);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_RANKING_FIT_H_
