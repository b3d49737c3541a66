// The ranking stage: features of a candidate passage, and the linear weights and small trees that
// make one score of them.
//
// What each feature is for and how the weights came about: docs/ranking.md. Pure functions, any
// thread.

#ifndef POLICYKB_RETRIEVER_RANKING_H_
#define POLICYKB_RETRIEVER_RANKING_H_

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace policykb {

// All are scaled per query so that 0 is nothing and about 1 is the best of the query.
enum class Feature : size_t {
  kLexical,        // lexical score of the passage / best of the query
  kWholeDocument,  // lexical score of its document as one text / best of the query
  kCosine,         // cosine of query and passage vectors
  kSiblings,       // evidence of the best passages of its document, damped / best of the query
  kNeighbors,   // lexical scores of the passages before and behind it in its document / best of the
                // query
  kCoverage,    // share of the query's bigrams and words, by idf, that the passage holds
  kLength,      // ln(1 + bytes of text) / 10
  kTitle,       // 1 when the query holds the document's title as a whole
  kCharacters,  // share of the query's single CJK characters, by idf, that the passage holds
  kLaw,         // 1 for a law: what other texts rest on
  kDocumentSize,  // ln(passages of its document) / 5: the large laws are what most texts rest on
  kHeld,          // share of the kinds of answer asked for that the text holds
  kHeaded,        // the same of its innermost heading
  kGuideTitle,  // for a guide: share of the query's bigrams and words, by idf, that its title, the
                // matter, holds
  kQuestionBank,  // similarity of the most similar known question that the passage answers
};

inline constexpr size_t kFeatures = 15;

using FeatureVector = std::array<double, kFeatures>;

// Names by feature, as in docs/ranking.md.
extern const std::array<std::string_view, kFeatures> kFeatureNames;

// Yes when the feature is above.
struct TreeQuestion {
  Feature feature = {};
  double above = 0;
  friend bool operator==(const TreeQuestion&, const TreeQuestion&) = default;
};

// A small tree that asks the same question at each node of a level.
inline constexpr size_t kTreeDepth = 3;
inline constexpr size_t kTreeLeaves = size_t{1} << kTreeDepth;
struct RankingTree {
  std::array<TreeQuestion, kTreeDepth> questions = {};
  // By the answers: question i counts 2^i when yes.
  std::array<double, kTreeLeaves> values = {};
  friend bool operator==(const RankingTree&, const RankingTree&) = default;
};

// Weights, and trees that were fitted over these very weights.
struct RankingModel {
  FeatureVector weights = {};
  std::vector<RankingTree> trees;
  friend bool operator==(const RankingModel&, const RankingModel&) = default;
};

// How many candidates, the first by linear score, the trees look at; further down they changed no
// figure on the development questions.
inline constexpr size_t kTreeCandidates = 300;

// The model that `policykb fit` fitted (docs/ranking.md): what default_ranking.cc holds.
const RankingModel& DefaultRanking();

// Sum of weight * value.
double LinearScore(const FeatureVector& features, const FeatureVector& weights);

// Sum of what the trees say, in their order.
double TreeScore(const FeatureVector& features, const std::vector<RankingTree>& trees);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RANKING_H_
