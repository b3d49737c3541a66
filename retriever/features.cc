#include "retriever/features.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

#include "core/base/score_order.h"
#include "core/snapshot/entry_set.h"
#include "retriever/place_order.h"

namespace policykb {

namespace {

// How many of the best passages count as evidence for their document.
constexpr size_t kSiblingDepth = 300;

// Share of the kinds asked for that are among `answers`, 0 when none is asked for.
double ShareOf(AnswerKinds asked, AnswerKinds answers) {
  if (asked == 0) return 0;
  return static_cast<double>(std::popcount(static_cast<AnswerKinds>(asked & answers))) /
         std::popcount(asked);
}

// What of a query's idf its terms hold: bigrams and words, and single CJK characters.
struct TermShares {
  double words = 0;
  double characters = 0;

  void Add(const WeightedTerm& term) {
    (term.term.kind == TermKind::kUnigram ? characters : words) += term.idf;
  }
};

// Candidates of one document, one behind the other in the order of places.
struct DocumentGroup {
  DocumentPlace place;
  size_t begin = 0;  // positions in that order
  size_t end = 0;
};

std::vector<DocumentGroup> GroupByDocument(const Snapshot& snapshot,
                                           const std::vector<Candidate>& candidates,
                                           const std::vector<size_t>& order) {
  std::vector<DocumentGroup> groups;
  for (size_t i = 0; i < order.size(); ++i) {
    const PassagePlace place = candidates[order[i]].place;
    const FilterColumns& columns = snapshot.segments()[place.segment]->columns();
    const DocumentPlace document = {.segment = place.segment,
                                    .document = columns.document_of(place.passage)};
    if (groups.empty() || groups.back().place != document)
      groups.push_back({.place = document, .begin = i, .end = i});
    groups.back().end = i + 1;
  }
  return groups;
}

// Evidence of a document: the lexical scores of its passages among the best, the n-th one divided
// by n.
std::vector<double> SiblingEvidence(const std::vector<double>& lexical,
                                    const std::vector<size_t>& order,
                                    const std::vector<DocumentGroup>& groups) {
  std::vector<size_t> group_of(lexical.size());
  for (size_t g = 0; g < groups.size(); ++g) {
    for (size_t i = groups[g].begin; i < groups[g].end; ++i) group_of[order[i]] = g;
  }
  std::vector<size_t> best(lexical.size());
  std::iota(best.begin(), best.end(), size_t{0});
  KeepBest(
      best, kSiblingDepth, [&](size_t i) { return lexical[i]; },
      [&](size_t a, size_t b) {
        return lexical[a] != lexical[b] ? lexical[a] > lexical[b] : a < b;
      });
  std::vector<double> evidence(groups.size(), 0);
  std::vector<int> counts(groups.size(), 0);
  for (const size_t i : best) evidence[group_of[i]] += lexical[i] / ++counts[group_of[i]];
  return evidence;
}

// For passages of one segment the shares of the terms that they hold.
std::vector<TermShares> HeldShares(const Segment& segment, uint32_t number,
                                   const std::vector<WeightedTerm>& terms,
                                   const EntrySet& passages) {
  std::vector<TermShares> held(passages.size());
  for (const WeightedTerm& term : terms) {
    if (!term.lists[number]) continue;
    for (const uint32_t i : segment.passages().Holding(*term.lists[number], passages))
      held[i].Add(term);
  }
  return held;
}

// The cosines of those that dense search did not find; it gave the others theirs.
void FillCosines(const Snapshot& snapshot, const QueryEvidence& query, const PlaceOrder& by_place,
                 std::vector<Candidate>& candidates) {
  std::vector<uint32_t> ordinals;
  std::vector<size_t> numbers;
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    ordinals.clear();
    numbers.clear();
    for (const size_t i : by_place.numbers_of(s)) {
      if (candidates[i].dense_rank > 0) continue;
      ordinals.push_back(candidates[i].place.passage);
      numbers.push_back(i);
    }
    const std::vector<float> cosines =
        snapshot.segments()[s]->vectors().Scores(query.query_vector, ordinals);
    for (size_t i = 0; i < numbers.size(); ++i)
      candidates[numbers[i]].features[static_cast<size_t>(Feature::kCosine)] = cosines[i];
  }
}

// For a guide: share of the query's bigrams and words, by idf, that its title holds.
double GuideTitleShare(const FilterColumns& columns, uint32_t document,
                       const std::vector<WeightedTerm>& terms, double word_idf) {
  if (columns.kind(document) != "guide" || word_idf <= 0) return 0;
  const std::vector<Term> title = Analyze(columns.title(document));
  double share = 0;
  for (const WeightedTerm& term : terms) {
    if (!term.known || term.term.kind == TermKind::kUnigram) continue;
    const bool held = std::any_of(title.begin(), title.end(), [&](const Term& in_title) {
      return in_title.text == term.term.text;
    });
    if (held) share += term.idf / word_idf;
  }
  return share;
}

}  // namespace

void FillFeatures(const Snapshot& snapshot, const QueryEvidence& query,
                  const SynonymScores& synonyms, const FeatureVector& weights,
                  std::vector<Candidate>& candidates) {
  const double lexical_scale = query.best_lexical > 0 ? 1 / query.best_lexical : 0;
  const double document_scale = query.best_document > 0 ? 1 / query.best_document : 0;
  std::vector<double> lexical;
  lexical.reserve(candidates.size());
  for (const Candidate& candidate : candidates) lexical.push_back(query.Lexical(candidate.place));
  const PlaceOrder by_place(snapshot, candidates);
  const std::vector<size_t>& order = by_place.numbers();
  const std::vector<DocumentGroup> groups = GroupByDocument(snapshot, candidates, order);
  const std::vector<double> evidence = SiblingEvidence(lexical, order, groups);
  const double best_evidence =
      evidence.empty() ? 0 : *std::max_element(evidence.begin(), evidence.end());
  TermShares all;
  for (const WeightedTerm& term : query.terms) {
    if (term.known) all.Add(term);
  }
  const SynonymScores::Idfs newly_known = synonyms.NewlyKnown();
  all.words += newly_known.words;
  all.characters += newly_known.characters;

  // Terms held, in the order of places.
  std::vector<TermShares> held;
  held.reserve(order.size());
  for (uint32_t s = 0; s < snapshot.segments().size(); ++s) {
    const EntrySet& passages = by_place.passages(s);
    std::vector<TermShares> shares = HeldShares(*snapshot.segments()[s], s, query.terms, passages);
    if (!synonyms.empty()) {
      const std::vector<SynonymScores::Idfs> by_synonyms = synonyms.Covered(s, passages);
      for (size_t i = 0; i < shares.size(); ++i) {
        shares[i].words += by_synonyms[i].words;
        shares[i].characters += by_synonyms[i].characters;
      }
    }
    held.insert(held.end(), shares.begin(), shares.end());
  }
  FillCosines(snapshot, query, by_place, candidates);

  for (size_t g = 0; g < groups.size(); ++g) {
    const auto [segment, document] = groups[g].place;
    const FilterColumns& columns = snapshot.segments()[segment]->columns();
    const auto [first, last] = columns.passages_of(document);
    const SegmentFilter& filter = (*query.filter)[segment];
    const double size = std::log(std::max(1U, filter.CountPassages(first, last))) / 5;
    const double law = columns.kind(document) == "law" ? 1 : 0;
    const double title = query.IsTitled(groups[g].place) ? 1 : 0;
    const double guide_title = GuideTitleShare(columns, document, query.terms, all.words);
    for (size_t i = groups[g].begin; i < groups[g].end; ++i) {
      Candidate& candidate = candidates[order[i]];
      const uint32_t passage = candidate.place.passage;
      FeatureVector& features = candidate.features;
      const auto set = [&features](Feature feature, double value) {
        features[static_cast<size_t>(feature)] = value;
      };
      set(Feature::kLexical, lexical[order[i]] * lexical_scale);
      set(Feature::kWholeDocument, query.WholeDocument(groups[g].place) * document_scale);
      set(Feature::kSiblings, best_evidence > 0 ? evidence[g] / best_evidence : 0);
      double neighbors = 0;
      if (passage > first) neighbors += query.Lexical({.segment = segment, .passage = passage - 1});
      if (passage + 1 < last)
        neighbors += query.Lexical({.segment = segment, .passage = passage + 1});
      set(Feature::kNeighbors, neighbors * lexical_scale);
      set(Feature::kCoverage, all.words > 0 ? held[i].words / all.words : 0);
      set(Feature::kCharacters, all.characters > 0 ? held[i].characters / all.characters : 0);
      set(Feature::kLaw, law);
      set(Feature::kDocumentSize, size);
      set(Feature::kHeld, ShareOf(query.asked, columns.held_kinds(passage)));
      set(Feature::kHeaded, ShareOf(query.asked, columns.headed_kinds(passage)));
      set(Feature::kGuideTitle, guide_title);
      set(Feature::kLength, std::log1p(columns.text_bytes(passage)) / 10);
      set(Feature::kTitle, title);
      const auto question = query.questions.find(candidate.place);
      set(Feature::kQuestionBank, question == query.questions.end() ? 0 : question->second);
      candidate.score = LinearScore(features, weights);
    }
  }
}

void AddTrees(const std::vector<RankingTree>& trees, std::vector<Candidate>& candidates) {
  if (trees.empty()) return;
  std::vector<size_t> first(candidates.size());
  std::iota(first.begin(), first.end(), size_t{0});
  KeepBest(
      first, kTreeCandidates, [&](size_t i) { return candidates[i].score; },
      [&](size_t a, size_t b) {
        const Candidate& one = candidates[a];
        const Candidate& other = candidates[b];
        return one.score != other.score ? one.score > other.score : one.place < other.place;
      });
  for (const size_t i : first) {
    candidates[i].trees = TreeScore(candidates[i].features, trees);
    candidates[i].score += candidates[i].trees;
  }
}

}  // namespace policykb
