#include "retriever/features.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>

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

}  // namespace

bool WeightedTerm::known() const {
  return std::any_of(lists.begin(), lists.end(), [](const auto& list) { return list.has_value(); });
}

void FillFeatures(const Snapshot& snapshot, const QueryEvidence& query,
                  std::vector<Candidate>& candidates) {
  const double lexical_scale = query.best_lexical > 0 ? 1 / query.best_lexical : 0;
  const double document_scale = query.best_document > 0 ? 1 / query.best_document : 0;

  // Evidence of a document: its best passages, the n-th one divided by n.
  std::vector<std::pair<double, size_t>> by_lexical;
  for (size_t i = 0; i < candidates.size(); ++i)
    by_lexical.emplace_back(-query.Lexical(candidates[i].place), i);
  std::sort(by_lexical.begin(), by_lexical.end());
  std::map<std::pair<uint32_t, uint32_t>, std::pair<double, int>> evidence;
  double best_evidence = 0;
  for (size_t i = 0; i < by_lexical.size() && i < kSiblingDepth; ++i) {
    const PassagePlace place = candidates[by_lexical[i].second].place;
    const FilterColumns& columns = snapshot.segments()[place.segment]->columns();
    auto& [sum, count] = evidence[{place.segment, columns.document_of(place.passage)}];
    sum += query.Lexical(place) / (1 + count++);
    best_evidence = std::max(best_evidence, sum);
  }

  double word_idf = 0;
  double character_idf = 0;
  for (const WeightedTerm& term : query.terms) {
    if (!term.known()) continue;
    (term.term.kind == TermKind::kUnigram ? character_idf : word_idf) += term.idf;
  }
  // By document: many candidates share one.
  std::map<std::pair<uint32_t, uint32_t>, double> guide_titles;
  const auto guide_title_of = [&](uint32_t segment, uint32_t document) {
    const FilterColumns& columns = snapshot.segments()[segment]->columns();
    if (columns.kind(document) != "guide" || word_idf <= 0) return 0.0;
    const auto [known, added] = guide_titles.try_emplace({segment, document}, 0);
    if (!added) return known->second;
    std::set<std::string> title;
    for (Term& term : Analyze(columns.title(document))) title.insert(std::move(term.text));
    for (const WeightedTerm& term : query.terms) {
      const bool counts = term.known() && term.term.kind != TermKind::kUnigram;
      if (counts && title.contains(term.term.text)) known->second += term.idf / word_idf;
    }
    return known->second;
  };

  // Cosines, a segment at a time.
  std::vector<std::vector<uint32_t>> ordinals(query.segments.size());
  for (const Candidate& candidate : candidates)
    ordinals[candidate.place.segment].push_back(candidate.place.passage);
  std::vector<std::vector<float>> cosines;
  for (size_t s = 0; s < query.segments.size(); ++s) {
    cosines.push_back(snapshot.segments()[s]->vectors().Scores(query.query_vector, ordinals[s]));
  }
  std::vector<size_t> next(query.segments.size(), 0);

  for (Candidate& candidate : candidates) {
    const PassagePlace place = candidate.place;
    const Segment& segment = *snapshot.segments()[place.segment];
    const FilterColumns& columns = segment.columns();
    const uint32_t document = columns.document_of(place.passage);
    const auto [first, last] = columns.passages_of(document);
    FeatureVector& features = candidate.features;
    const auto set = [&features](Feature feature, double value) {
      features[static_cast<size_t>(feature)] = value;
    };
    set(Feature::kLexical, query.Lexical(place) * lexical_scale);
    set(Feature::kWholeDocument, query.WholeDocument(place.segment, document) * document_scale);
    set(Feature::kCosine, cosines[place.segment][next[place.segment]++]);
    const auto found = evidence.find({place.segment, document});
    set(Feature::kSiblings,
        found == evidence.end() || best_evidence <= 0 ? 0 : found->second.first / best_evidence);
    double neighbors = 0;
    if (place.passage > first)
      neighbors += query.Lexical({.segment = place.segment, .passage = place.passage - 1});
    if (place.passage + 1 < last)
      neighbors += query.Lexical({.segment = place.segment, .passage = place.passage + 1});
    set(Feature::kNeighbors, neighbors * lexical_scale);
    double words_held = 0;
    double characters_held = 0;
    for (const WeightedTerm& term : query.terms) {
      if (!term.lists[place.segment]) continue;
      if (segment.passages().ImpactIn(*term.lists[place.segment], place.passage) <= 0) continue;
      (term.term.kind == TermKind::kUnigram ? characters_held : words_held) += term.idf;
    }
    set(Feature::kCoverage, word_idf > 0 ? words_held / word_idf : 0);
    set(Feature::kCharacters, character_idf > 0 ? characters_held / character_idf : 0);
    set(Feature::kLaw, columns.kind(document) == "law" ? 1 : 0);
    set(Feature::kDocumentSize, std::log(last - first) / 5);
    set(Feature::kHeld, ShareOf(query.asked, columns.held_kinds(place.passage)));
    set(Feature::kHeaded, ShareOf(query.asked, columns.headed_kinds(place.passage)));
    set(Feature::kGuideTitle, guide_title_of(place.segment, document));
    set(Feature::kLength, std::log1p(columns.text_bytes(place.passage)) / 10);
    set(Feature::kTitle, query.segments[place.segment].titled[document] ? 1 : 0);
    candidate.score = RankingScore(features);
  }
}

}  // namespace policykb
