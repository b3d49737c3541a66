#include "retriever/ranking.h"

#include <cmath>

namespace policykb {

const std::array<std::string_view, kFeatures> kFeatureNames = {
    "lexical", "whole_document", "cosine", "siblings", "neighbors", "coverage", "length", "title",
    "characters", "law"};

const FeatureVector kRankingWeights = {1.0, 0.4, 1.2, 0.2, 0.1, 1.2, 0.4, 0.9, 1.6, 0.66};

double RankingScore(const FeatureVector& features) {
  double score = 0;
  for (size_t i = 0; i < kFeatures; ++i) score += kRankingWeights[i] * features[i];
  return score;
}

double Answerability(const AnswerabilitySignals& signals) {
  const double z = -6.0 + 5.0 * signals.best_coverage + 4.0 * signals.union_coverage + 4.0 * signals.best_lexical +
                   3.0 * signals.best_cosine - 4.0 * signals.unknown_share;
  return 1.0 / (1.0 + std::exp(-z));
}

}  // namespace policykb
