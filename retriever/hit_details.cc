#include "retriever/hit_details.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <unordered_set>
#include <utility>

#include "core/base/strings.h"
#include "core/text/analyzer.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

constexpr size_t kEvidenceHits = 10;
constexpr size_t kMostExplainedTerms = 32;

// How much of a query, by idf, the first hits hold.
class Coverage {
 public:
  explicit Coverage(size_t hits) : held_(hits, 0) {}

  size_t hits() const { return held_.size(); }
  // `holds`: for each hit, whether it has the term.
  void Add(double idf, bool known, const std::vector<bool>& holds) {
    all_ += idf;
    if (!known) unknown_ += idf;
    bool any = false;
    for (size_t i = 0; i < held_.size(); ++i) {
      if (!holds[i]) continue;
      held_[i] += idf;
      any = true;
    }
    if (any) held_by_any_ += idf;
  }
  // Shares of the whole query, 0 for a query without terms.
  double Best() const {
    return Share(held_.empty() ? 0 : *std::max_element(held_.begin(), held_.end()));
  }
  double Union() const { return Share(held_by_any_); }
  double Unknown() const { return Share(unknown_); }

 private:
  double Share(double part) const { return all_ > 0 ? part / all_ : 0; }

  std::vector<double> held_;
  double all_ = 0;
  double unknown_ = 0;
  double held_by_any_ = 0;
};

}  // namespace

void HideNames(const Snapshot& snapshot, const CallerLabels& labels, Document& document) {
  const auto hidden = [&](std::string_view id) {
    const absl::StatusOr<Snapshot::Place> place = snapshot.FindDocument(std::string(id));
    return place.ok() && !IsVisible(place->segment->columns(), place->document, labels);
  };
  for (std::vector<std::string>* ids :
       {&document.supersedes, &document.stated_supersedes, &document.superseded_by}) {
    std::erase_if(*ids, hidden);
  }
  for (auto& [field, origin] : document.origins) {
    // "successor ID" and "revision ID" (records.h).
    const size_t space = origin.find(' ');
    if (space != std::string::npos && hidden(std::string_view(origin).substr(space + 1)))
      origin.resize(space);
  }
}

MarkedTerms::MarkedTerms(const ParsedQuery& parsed, const std::vector<Expansion>& expansions) {
  std::unordered_set<std::string> characters;
  for (const QueryTerm& term : parsed.terms)
    (term.kind == TermKind::kUnigram ? characters : wanted_).insert(term.text);
  for (const Expansion& expansion : expansions) {
    for (const std::string& synonym : expansion.synonyms) {
      for (Term& term : Analyze(synonym))
        (term.kind == TermKind::kUnigram ? characters : wanted_).insert(std::move(term.text));
    }
  }
  unigrams_ = wanted_.empty();
  if (unigrams_) wanted_ = std::move(characters);
  for (const std::string& term : wanted_) maybe_.set(BitOf(term));
}

size_t MarkedTerms::BitOf(std::string_view term) {
  uint64_t first = 0;
  std::memcpy(&first, term.data(), std::min(term.size(), sizeof(first)));
  // The highest bits of a product with an odd number of no pattern (2^64 / golden ratio).
  return first * 0x9E3779B97F4A7C15U >> 52;
}

std::vector<Span> MarkedTerms::SpansIn(std::string_view text) const {
  std::vector<Span> spans;
  for (const Term& term : Analyze(text)) {
    if ((term.kind == TermKind::kUnigram) != unigrams_ || !maybe_[BitOf(term.text)] ||
        !wanted_.contains(term.text)) {
      continue;
    }
    if (!spans.empty() && term.span.start <= spans.back().end) {
      spans.back().end = std::max(spans.back().end, term.span.end);
    } else {
      spans.push_back(term.span);
    }
  }
  return spans;
}

void Explain(const CandidateSearch& search, const FeatureVector& weights,
             const Candidate& candidate, SearchHit& hit) {
  hit.lexical_rank = candidate.lexical_rank;
  hit.dense_rank = candidate.dense_rank;
  for (size_t i = 0; i < kFeatures; ++i) {
    hit.features.push_back({.name = std::string(kFeatureNames[i]),
                            .value = candidate.features[i],
                            .weight = weights[i]});
  }
  for (size_t t = 0; t < search.terms().size(); ++t) {
    const double weight = search.TermScore(t, candidate.place);
    if (weight > 0) hit.terms.push_back({.term = search.terms()[t].term.text, .weight = weight});
  }
  for (const SynonymScores::Gain& gain :
       search.synonyms().Gains(candidate.place.segment, candidate.place.passage)) {
    hit.terms.push_back({.term = Cat(gain.synonym, " ~ ", gain.word), .weight = gain.lexical});
  }
  std::stable_sort(hit.terms.begin(), hit.terms.end(),
                   [](const TermWeight& a, const TermWeight& b) { return a.weight > b.weight; });
  if (hit.terms.size() > kMostExplainedTerms) hit.terms.resize(kMostExplainedTerms);
}

SearchEvidence GatherEvidence(const CandidateSearch& search, const std::vector<Candidate>& ranked,
                              uint64_t passages) {
  SearchEvidence evidence;
  Coverage words(std::min(kEvidenceHits, ranked.size()));
  Coverage characters(words.hits());
  for (size_t t = 0; t < search.terms().size(); ++t) {
    const WeightedTerm& term = search.terms()[t];
    std::vector<bool> holds(words.hits());
    // A synonym speaks for the word whose terms these are.
    const bool known = term.known || search.synonyms().IsKnown(term.term.text);
    for (size_t i = 0; i < holds.size(); ++i) {
      const PassagePlace place = ranked[i].place;
      holds[i] = search.TermScore(t, place) > 0 ||
                 search.synonyms().IsHeld(term.term.text, place.segment, place.passage);
    }
    if (known) ++evidence.known_terms;
    // A word stands for itself and for its characters.
    if (term.term.kind != TermKind::kUnigram) words.Add(term.idf, known, holds);
    if (term.term.kind != TermKind::kBigram) characters.Add(term.idf, known, holds);
  }
  evidence.best_coverage = words.Best();
  evidence.union_coverage = words.Union();
  evidence.unknown_share = words.Unknown();
  evidence.best_character_coverage = characters.Best();
  evidence.unknown_character_share = characters.Unknown();
  for (const Candidate& candidate : ranked) {
    evidence.best_cosine =
        std::max(evidence.best_cosine, candidate.features[static_cast<size_t>(Feature::kCosine)]);
  }
  evidence.best_lexical_score = search.best_lexical() / std::log1p(static_cast<double>(passages));
  const double most = search.MaxLexical();
  if (most > 0) evidence.best_lexical = std::min(1.0, search.best_lexical() / most);
  evidence.answerability = Answerability({.best_coverage = evidence.best_coverage,
                                          .unknown_share = evidence.unknown_share,
                                          .best_cosine = evidence.best_cosine,
                                          .best_lexical_score = evidence.best_lexical_score});
  return evidence;
}

}  // namespace policykb
