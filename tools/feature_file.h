// Judged topics with the features of their candidates, as a file: what `policykb eval --features`
// writes and `policykb fit` learns from.
//
// A line per candidate, its columns separated by tabs. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_FEATURE_FILE_H_
#define POLICYKB_TOOLS_FEATURE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "retriever/ranking.h"

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

}  // namespace policykb

#endif  // POLICYKB_TOOLS_FEATURE_FILE_H_
