#include "retriever/hit_details.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "core/base/strings.h"
#include "core/text/analyzer.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

constexpr size_t kMostExplainedTerms = 32;

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
  std::set<std::string, std::less<>> characters;
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
  // The first eight bytes: their first four and their last four, which overlap in shorter terms.
  uint32_t low = 0;
  uint32_t high = 0;
  if (term.size() >= sizeof(low)) {
    std::memcpy(&low, term.data(), sizeof(low));
    std::memcpy(&high, term.data() + std::min<size_t>(term.size(), 8) - sizeof(high), sizeof(high));
  } else {
    for (const char c : term) low = low << 8 | static_cast<unsigned char>(c);
  }
  const uint64_t first = uint64_t{high} << 32 | low;
  // The highest bits of a product with an odd number of no pattern (2^64 / golden ratio).
  return first * 0x9E3779B97F4A7C15U >> 52;
}

std::vector<Span> MarkedTerms::SpansIn(std::string_view text) const {
  std::vector<Span> spans;
  ForEachTerm(text, [&](const TermView& term) {
    if ((term.kind == TermKind::kUnigram) != unigrams_ || !maybe_[BitOf(term.text)] ||
        !wanted_.contains(term.text)) {
      return;
    }
    if (!spans.empty() && term.span.start <= spans.back().end) {
      spans.back().end = std::max(spans.back().end, term.span.end);
    } else {
      spans.push_back(term.span);
    }
  });
  return spans;
}

void Explain(const CandidateSearch& search, const RankingModel& ranking, const Candidate& candidate,
             SearchHit& hit) {
  hit.lexical_rank = candidate.lexical_rank;
  hit.dense_rank = candidate.dense_rank;
  for (size_t i = 0; i < kFeatures; ++i) {
    hit.features.push_back({.name = std::string(kFeatureNames[i]),
                            .value = candidate.features[i],
                            .weight = ranking.weights[i]});
  }
  if (!ranking.trees.empty())
    hit.features.push_back({.name = "trees", .value = candidate.trees, .weight = 1});
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

}  // namespace policykb
