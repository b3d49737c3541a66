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
  double score = 0;
  for (const RankingTree& tree : trees) {
    size_t leaf = 0;
    for (size_t i = 0; i < kTreeDepth; ++i) {
      const auto [feature, above] = tree.questions[i];
      leaf |= static_cast<size_t>(features[static_cast<size_t>(feature)] > above) << i;
    }
    score += tree.values[leaf];
  }
  return score;
}

}  // namespace policykb
