#include "retriever/question_bank.h"

#include <algorithm>
#include <map>
#include <queue>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/base/status_macros.h"
#include "core/snapshot/lexical_scorer.h"
#include "core/text/analyzer.h"
#include "retriever/term_statistics.h"

namespace policykb {

namespace {

// Each of the two ways to find a question gives as many; more changed nothing.
constexpr uint32_t kCandidates = 16;
// Share of the terms in the similarity; the rest is the cosine. docs/ranking.md "Question bank".
constexpr double kTermShare = 0.5;
// What questions of one field have in common without asking the same.
constexpr double kCommonSimilarity = 0.3;

}  // namespace

QuestionBank::QuestionBank(const Snapshot& snapshot)
    : snapshot_(snapshot), editorial_(snapshot.editorial()), passages_(CountPassages(snapshot)) {}

double TermSimilarity(std::span<const WeighedTerm> a, std::span<const WeighedTerm> b) {
  double common = 0;
  double all = 0;
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() || j < b.size()) {
    if (j == b.size() || (i < a.size() && a[i].text < b[j].text)) {
      all += a[i++].weight;
    } else if (i == a.size() || b[j].text < a[i].text) {
      all += b[j++].weight;
    } else {
      common += a[i].weight;
      all += a[i].weight;
      ++i;
      ++j;
    }
  }
  return all > 0 ? common / all : 0;
}

std::vector<size_t> QuestionBank::BestByTerms(const ParsedQuery& query) const {
  const LexicalIndex& index = *editorial_->terms();
  const bool has_longer =
      std::any_of(query.terms.begin(), query.terms.end(),
                  [](const QueryTerm& term) { return term.kind != TermKind::kUnigram; });
  // Integers, as a lexical index adds them: the rarest term gets the largest weight there is.
  const double unit = Idf(index.entries(), 1) / LargestTermWeight(query.terms.size());
  std::vector<uint32_t> scores(index.entries(), 0);
  for (const QueryTerm& term : query.terms) {
    // Single characters have the longest lists and tell the least.
    if (has_longer && term.kind == TermKind::kUnigram) continue;
    const auto list = index.Find(term.text);
    if (!list) continue;
    const double weight = Idf(index.entries(), list->entries) * term.weight / unit;
    index.AddScores(*list, static_cast<uint32_t>(std::max(1.0, weight)), scores);
  }
  // The worst of the best is on top; of equal scores the earlier question is better.
  using Scored = std::pair<int64_t, size_t>;  // negated score, question
  std::priority_queue<Scored> best;
  for (size_t i = 0; i < scores.size(); ++i) {
    const int64_t negated = -int64_t{scores[i]};
    if (negated == 0 || (best.size() == kCandidates && negated >= best.top().first)) continue;
    best.emplace(negated, i);
    if (best.size() > kCandidates) best.pop();
  }
  std::vector<size_t> questions;
  for (; !best.empty(); best.pop()) questions.push_back(best.top().second);
  return questions;
}

absl::StatusOr<std::vector<size_t>> QuestionBank::Candidates(const ParsedQuery& query,
                                                             std::span<const float> vector) const {
  std::set<size_t> found;
  for (const size_t question : BestByTerms(query)) found.insert(question);
  ASSIGN_OR_RETURN(const std::vector<ScoredOrdinal> nearest,
                   editorial_->vectors()->Search(vector, kCandidates, {}));
  for (const ScoredOrdinal& scored : nearest) found.insert(scored.ordinal);
  return std::vector<size_t>(found.begin(), found.end());
}

absl::StatusOr<std::vector<QuestionMatch>> QuestionBank::Match(
    const ParsedQuery& query, std::span<const float> vector) const {
  std::vector<QuestionMatch> matches;
  if (empty()) return matches;
  ASSIGN_OR_RETURN(const std::vector<size_t> candidates, Candidates(query, vector));
  const std::vector<uint32_t> ordinals(candidates.begin(), candidates.end());
  const std::vector<float> cosines = editorial_->vectors()->Scores(vector, ordinals);

  std::unordered_map<std::string, double> idfs;
  const auto weigh = [&](std::string_view text) {
    // Owned by `idfs`, whose keys do not move.
    std::map<std::string_view, double> weighed;
    for (const Term& term : Analyze(text)) {
      const auto [idf, added] = idfs.try_emplace(term.text, 0);
      if (added) idf->second = PassageIdf(snapshot_, passages_, term.text, term.kind);
      weighed.emplace(idf->first, idf->second);
    }
    std::vector<WeighedTerm> terms;
    for (const auto& [term, weight] : weighed) terms.push_back({.text = term, .weight = weight});
    return terms;
  };
  const std::vector<WeighedTerm> of_query = weigh(query.text);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const double terms = TermSimilarity(of_query, weigh(editorial_->text(candidates[i])));
    const double cosine = std::clamp(double{cosines[i]}, 0.0, 1.0);
    const double likeness = kTermShare * terms + (1 - kTermShare) * cosine;
    const double similarity = (likeness - kCommonSimilarity) / (1 - kCommonSimilarity);
    if (similarity > 0)
      matches.push_back({.question = candidates[i], .similarity = std::min(similarity, 1.0)});
  }
  const size_t same = editorial_->FindSame(query.text);
  if (same < editorial_->questions()) {
    std::erase_if(matches, [same](const QuestionMatch& match) { return match.question == same; });
    matches.push_back({.question = same, .similarity = 1, .same = true});
  }
  std::sort(matches.begin(), matches.end(), [](const QuestionMatch& a, const QuestionMatch& b) {
    if (a.same != b.same) return a.same;
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.question < b.question;
  });
  if (matches.size() > kCandidates) matches.resize(kCandidates);
  return matches;
}

}  // namespace policykb
