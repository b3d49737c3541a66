#include "retriever/ranking.h"

#include <cmath>

namespace policykb {

namespace {

double Logistic(double z) { return 1 / (1 + std::exp(-z)); }

}  // namespace

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

double Answerability(const AnswerabilitySignals& signals) {
  // A logistic regression over questions with and without an answer; it knows long questions best.
  const double by_amount = Logistic(-8.2 + 6.5 * std::log1p(signals.best_lexical_score) +
                                    0.7 * signals.best_cosine - 1.9 * signals.unknown_share);
  // A question of two words holds little, but one passage may hold all of it.
  const double by_coverage = Logistic(14 * (signals.best_coverage - 0.53));
  return 1 - (1 - by_amount) * (1 - by_coverage);
}

}  // namespace policykb
