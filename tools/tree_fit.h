// Trees of the ranking stage, learned over fixed linear weights: LambdaRank (Burges, Ragno and Le
// 2006; Burges 2010, section 7) with the gains of nDCG, by gradient boosting of trees that ask the
// same question at every node of a level (Prokhorenkova et al. 2018).
//
// Deterministic: sums run in the order of topics and candidates, ties go to the first. Pure
// function, any thread.

#ifndef POLICYKB_TOOLS_TREE_FIT_H_
#define POLICYKB_TOOLS_TREE_FIT_H_

#include <cstddef>
#include <vector>

#include "retriever/ranking.h"
#include "tools/feature_file.h"

namespace policykb {

struct TreeFitOptions {
  size_t trees = 40;
  double shrinkage = 0.2;   // of a tree's values
  double penalty = 10;      // L2, on the values, in units of curvature
  size_t least_rows = 200;  // candidates in a leaf that has a value
  size_t truncation = 30;   // ranks whose order counts
};

// The trees that best correct the order by the linear score of `weights`.
// Each topic with a relevant candidate weighs the same.
std::vector<RankingTree> FitTrees(const std::vector<const JudgedTopic*>& topics,
                                  const FeatureVector& weights, const TreeFitOptions& options);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_TREE_FIT_H_
