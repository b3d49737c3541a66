#include "retriever/ranking.h"

namespace policykb {

const std::array<std::string_view, kFeatures> kFeatureNames = {
    "lexical",       "whole_document", "cosine", "siblings",    "neighbors",
    "coverage",      "length",         "title",  "characters",  "law",
    "document_size", "held",           "headed", "guide_title", "question_bank"};

const FeatureVector kRankingWeights = {3.85, 2.21, 5.71, -0.28, 0.24, 2.56, -1.27, 1.15,
                                       4.32, 1.86, 1.95, 0.86,  1.04, 1.89, 12.0};

double RankingScore(const FeatureVector& features, const FeatureVector& weights) {
  double score = 0;
  for (size_t i = 0; i < kFeatures; ++i) score += weights[i] * features[i];
  return score;
}

}  // namespace policykb
