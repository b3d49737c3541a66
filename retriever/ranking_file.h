// The model of the ranking stage as a file: what `policykb fit` writes and a searcher can be
// started with.
//
// A line per feature, its name and its weight, and a line per tree, three questions and the values
// of its leaves, as in `tree cosine > 0.5 law > 0 lexical > 0.25 : 0 0.1 0 0 -0.1 0 0 0.2`; `#`
// begins a comment. Trees are those of the file: without any there are none, since the default ones
// were fitted over the default weights.
// Pure functions, any thread.

#ifndef POLICYKB_RETRIEVER_RANKING_FILE_H_
#define POLICYKB_RETRIEVER_RANKING_FILE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "retriever/ranking.h"

namespace policykb {

// A search asks every tree about every candidate: more would be slow and have learned by heart.
inline constexpr size_t kMostTrees = 200;

std::string EncodeRanking(const RankingModel& model);

// A feature that is not named has its weight of `weights`. Errors: InvalidArgument naming the line
// (no such feature, one named twice, no finite number, a malformed tree, more than kMostTrees).
absl::StatusOr<RankingModel> DecodeRanking(std::string_view text, const FeatureVector& weights);

// The default model for an empty path; a feature that the file does not name keeps its default
// weight. Errors: as ReadFile and DecodeRanking, with the path.
absl::StatusOr<RankingModel> ReadRanking(const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RANKING_FILE_H_
