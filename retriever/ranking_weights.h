// Ranking weights as a file: what `policykb fit` writes and a searcher can be started with.
//
// A line per feature, its name and its weight, in any order; `#` begins a comment. A feature that
// is not named keeps its default. Pure functions, any thread.

#ifndef POLICYKB_RETRIEVER_RANKING_WEIGHTS_H_
#define POLICYKB_RETRIEVER_RANKING_WEIGHTS_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "retriever/ranking.h"

namespace policykb {

std::string EncodeRankingWeights(const FeatureVector& weights);

// Errors: InvalidArgument naming the line (no such feature, one named twice, no finite number).
absl::StatusOr<FeatureVector> DecodeRankingWeights(std::string_view text);

// The default weights for an empty path. Errors: as ReadFile and DecodeRankingWeights, with the
// path.
absl::StatusOr<FeatureVector> ReadRankingWeights(const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RANKING_WEIGHTS_H_
