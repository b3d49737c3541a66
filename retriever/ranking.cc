#include "retriever/ranking.h"

namespace policykb {

const std::array<std::string_view, kFeatures> kFeatureNames = {
    "lexical",       "whole_document", "cosine", "siblings",    "neighbors",
    "coverage",      "length",         "title",  "characters",  "law",
    "document_size", "held",           "headed", "guide_title", "question_bank"};

double LinearScore(const FeatureVector& features, const FeatureVector& weights) {
  double score = 0;
  for (size_t i = 0; i < kFeatures; ++i) score += weights[i] * features[i];
  return score;
}

double TreeScore(const FeatureVector& features, const std::vector<RankingTree>& trees) {
  // Written out, as a loop over three questions costs three times as much.
  static_assert(kTreeDepth == 3);
  const auto yes = [&features](const TreeQuestion& question) {
    return static_cast<size_t>(features[static_cast<size_t>(question.feature)] > question.above);
  };
  double score = 0;
  for (const RankingTree& tree : trees) {
    const auto& [first, second, third] = tree.questions;
    score += tree.values[yes(first) | yes(second) << 1 | yes(third) << 2];
  }
  return score;
}

}  // namespace policykb
