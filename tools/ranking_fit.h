// policykb fit: learns the weights of the ranking stage from features of judged topics.
//
// Reads what `policykb eval --features` writes. The weights minimise the listwise softmax
// cross-entropy over all candidates of a topic (Cao et al. 2007, ListNet with the top-one
// probability) plus an L2 penalty, which is convex, so that the result does not depend on a start;
// Newton's method finds it. Figures come from folds: no topic is measured with weights that it
// helped to choose. One call at a time.

#ifndef POLICYKB_TOOLS_RANKING_FIT_H_
#define POLICYKB_TOOLS_RANKING_FIT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "retriever/ranking.h"
#include "tools/measures.h"

namespace policykb {

// A candidate of a topic.
struct JudgedCandidate {
  std::string unit;
  bool relevant = false;
  FeatureVector features = {};
};

struct JudgedTopic {
  std::string id;
  size_t relevant_units = 0;  // also those that are no candidates
  std::vector<JudgedCandidate> candidates;
};

// A line of a features file, with its end, and the line that stands first in one.
std::string EncodeFeatureHeader();
std::string EncodeFeatureLine(std::string_view topic, size_t relevant_units,
                              const JudgedCandidate& candidate);

// The topics of a features file, in its order. Errors: InvalidArgument naming the line (also when
// the file has other features than this program), as ReadFile.
absl::StatusOr<std::vector<JudgedTopic>> ReadFeatures(const std::string& path);

struct FitOptions {
  int folds = 5;          // >= 2
  double penalty = 1e-3;  // L2, > 0
  uint64_t seed = 1;      // decides which fold a topic is in
};

struct FitReport {
  FeatureVector weights = {};          // fitted on all topics
  std::vector<MeanMeasures> held_out;  // by file: each topic by weights of the other folds
  std::vector<MeanMeasures> shipped;   // by file: the program's own weights
};

// Each topic weighs the same, whichever set it is of. Errors: InvalidArgument (no topic with a
// relevant candidate, options).
absl::StatusOr<FitReport> FitRanking(const std::vector<std::vector<JudgedTopic>>& sets,
                                     const FitOptions& options);

struct FitCommand {
  std::vector<std::string> features;  // files
  FitOptions options;
  std::string weights;  // file to write them to, or empty
};

// Prints FitReportText. Errors: as ReadFeatures, FitRanking, WriteFileAtomically.
absl::Status RunFit(const FitCommand& command);

// Figures of each set, then the weights, a line each, as a weights file has them.
std::string FitReportText(const FitReport& report, const std::vector<std::string>& names);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_RANKING_FIT_H_
