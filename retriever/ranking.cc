#include "retriever/ranking.h"

namespace policykb {

const std::array<std::string_view, kFeatures> kFeatureNames = {
    "lexical",       "whole_document", "cosine", "siblings",    "neighbors",
    "coverage",      "length",         "title",  "characters",  "law",
    "document_size", "held",           "headed", "guide_title", "question_bank"};

const FeatureVector kRankingWeights = {3.56, 2.16, 6.51, -0.32, 0.25, 2.73, -1.02, 1.15,
                                       4.14, 1.85, 1.98, 0.82,  0.98, 1.93, 12.0};

double RankingScore(const FeatureVector& features, const FeatureVector& weights) {
  double score = 0;
  for (size_t i = 0; i < kFeatures; ++i) score += weights[i] * features[i];
  return score;
}

}  // namespace policykb
