#include "retriever/answerability.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "core/text/analyzer.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr size_t kEvidenceHits = 10;
constexpr size_t kFirstHits = 5;
// A hit that is among so many of the candidates of either kind is found by both.
constexpr uint32_t kAgreedRank = 50;
// A hit whose score is so much below that of the first counts e times less.
constexpr double kScoreScale = 4;

// How much of a query, by idf, the first hits hold.
class Coverage {
 public:
  explicit Coverage(size_t hits) : held_(hits, 0) {}

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
  double First() const { return Share(held_.empty() ? 0 : held_.front()); }
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

// The longest stretch of the query, in characters, that one of the first hits holds bigram by
// bigram.
class Stretches {
 public:
  explicit Stretches(size_t hits) : running_(hits, 0) {}

  void Add(const QueryTerm& term, const std::vector<bool>& holds) {
    const bool bigram = term.kind == TermKind::kBigram;
    const size_t cut = bigram ? DecodeChar(term.text, 0).size : 0;
    const bool goes_on = bigram && !last_.empty() && term.text.substr(0, cut) == last_;
    last_ = bigram ? term.text.substr(cut) : "";
    for (size_t i = 0; i < running_.size(); ++i) {
      if (!holds[i]) {
        running_[i] = 0;
      } else {
        running_[i] = goes_on && running_[i] > 0 ? running_[i] + 1 : 2;
      }
      longest_ = std::max(longest_, running_[i]);
    }
  }
  size_t longest() const { return longest_; }

 private:
  std::vector<size_t> running_;
  std::string last_;
  size_t longest_ = 0;
};

double CosineOf(const Candidate& candidate) {
  return candidate.features[static_cast<size_t>(Feature::kCosine)];
}

// What the terms of the query say.
void AddTerms(const CandidateSearch& search, const std::vector<Candidate>& ranked,
              SearchEvidence& evidence) {
  const size_t hits = std::min(kEvidenceHits, ranked.size());
  Coverage words(hits);
  Coverage characters(hits);
  Coverage specific(hits);
  Stretches stretches(hits);
  for (size_t t = 0; t < search.terms().size(); ++t) {
    const WeightedTerm& term = search.terms()[t];
    std::vector<bool> holds(hits);
    // A synonym speaks for the word whose terms these are.
    const bool known = term.known || search.synonyms().IsKnown(term.term.text);
    for (size_t i = 0; i < hits; ++i) {
      const PassagePlace place = ranked[i].place;
      holds[i] = search.TermScore(t, place) > 0 ||
                 search.synonyms().IsHeld(term.term.text, place.segment, place.passage);
    }
    if (known) ++evidence.known_terms;
    // A word stands for itself and for its characters.
    if (term.term.kind != TermKind::kUnigram) {
      words.Add(term.idf, known, holds);
      specific.Add(term.idf * term.idf, known, holds);
      stretches.Add(term.term, holds);
    }
    if (term.term.kind != TermKind::kBigram) characters.Add(term.idf, known, holds);
  }
  evidence.best_coverage = words.Best();
  evidence.first_coverage = words.First();
  evidence.union_coverage = words.Union();
  evidence.unknown_share = words.Unknown();
  evidence.specific_coverage = specific.Best();
  evidence.best_character_coverage = characters.Best();
  evidence.unknown_character_share = characters.Unknown();
  evidence.longest_stretch = static_cast<int32_t>(stretches.longest());
}

// What the scores of the ranked candidates say.
void AddScores(const std::vector<Candidate>& ranked, SearchEvidence& evidence) {
  if (ranked.empty()) return;
  for (const Candidate& candidate : ranked) {
    evidence.best_cosine = std::max(evidence.best_cosine, CosineOf(candidate));
  }
  const size_t first = std::min(kFirstHits, ranked.size());
  for (size_t i = 0; i < first; ++i) {
    evidence.mean_cosine += CosineOf(ranked[i]) / static_cast<double>(first);
  }
  const size_t hits = std::min(kEvidenceHits, ranked.size());
  size_t agreed = 0;
  double others = 0;
  for (size_t i = 0; i < hits; ++i) {
    const Candidate& hit = ranked[i];
    const bool by_both = hit.lexical_rank > 0 && hit.lexical_rank <= kAgreedRank &&
                         hit.dense_rank > 0 && hit.dense_rank <= kAgreedRank;
    agreed += by_both ? 1 : 0;
    if (i > 0) others += hit.score;
  }
  evidence.agreement = static_cast<double>(agreed) / static_cast<double>(hits);
  evidence.first_score = ranked.front().score;
  if (hits > 1) evidence.margin = ranked.front().score - others / static_cast<double>(hits - 1);
}

DocumentPlace DocumentOf(const Snapshot& snapshot, PassagePlace place) {
  const FilterColumns& columns = snapshot.segments()[place.segment]->columns();
  return {.segment = place.segment, .document = columns.document_of(place.passage)};
}

// Share of the first hits that the document with most of them has. A hit counts by its score, so
// that the like sections of other guides behind a clear first one are little.
double Concentration(const Snapshot& snapshot, const std::vector<Candidate>& ranked) {
  std::map<DocumentPlace, double> of_document;
  double most = 0;
  double all = 0;
  for (size_t i = 0; i < std::min(kEvidenceHits, ranked.size()); ++i) {
    const double counts = std::exp((ranked[i].score - ranked.front().score) / kScoreScale);
    all += counts;
    most = std::max(most, of_document[DocumentOf(snapshot, ranked[i].place)] += counts);
  }
  return all > 0 ? most / all : 0;
}

// Share of the query, by idf of its words and bigrams, that the title of the first hit's document
// holds: whether that is about the same matter.
double TitleCoverage(const Snapshot& snapshot, const CandidateSearch& search,
                     const std::vector<Candidate>& ranked) {
  if (ranked.empty()) return 0;
  const auto [segment, document] = DocumentOf(snapshot, ranked.front().place);
  const std::vector<Term> title = Analyze(snapshot.segments()[segment]->columns().title(document));
  double held = 0;
  double all = 0;
  for (const WeightedTerm& term : search.terms()) {
    if (term.term.kind == TermKind::kUnigram) continue;
    all += term.idf;
    const bool in_title = std::any_of(title.begin(), title.end(), [&](const Term& of_title) {
      return of_title.text == term.term.text;
    });
    if (in_title) held += term.idf;
  }
  return all > 0 ? held / all : 0;
}

double Logistic(double z) { return 1 / (1 + std::exp(-z)); }

// ln of the passages of the base, 0 for the least and 1 for the most that the weights know of.
double SizeOf(double passages) {
  const double clamped = std::clamp(passages, kLeastPassages, kMostPassages);
  return std::log(clamped / kLeastPassages) / std::log(kMostPassages / kLeastPassages);
}

template <size_t n>
double Sum(const std::array<double, n + 1>& weights, const std::array<double, n>& signals) {
  double sum = weights[n];
  for (size_t i = 0; i < n; ++i) sum += weights[i] * signals[i];
  return sum;
}

}  // namespace

SearchEvidence GatherEvidence(const Snapshot& snapshot, const CandidateSearch& search,
                              const std::vector<Candidate>& ranked) {
  SearchEvidence evidence;
  AddTerms(search, ranked, evidence);
  AddScores(ranked, evidence);
  evidence.concentration = Concentration(snapshot, ranked);
  evidence.title_coverage = TitleCoverage(snapshot, search, ranked);
  evidence.passages = static_cast<double>(snapshot.manifest().passages);
  evidence.best_lexical_score = search.best_lexical() / std::log1p(evidence.passages);
  const double most = search.MaxLexical();
  if (most > 0) evidence.best_lexical = std::min(1.0, search.best_lexical() / most);
  evidence.answerability = Answerability(evidence);
  return evidence;
}

const std::array<std::string_view, kMatterSignals> kMatterSignalNames = {
    "best_coverage", "unknown_share",      "best_cosine",
    "ln lexical",    "character_coverage", "ln known_terms",
    "mean_cosine",   "ln longest_stretch", "first_score",
    "concentration", "agreement",          "title_coverage",
    "size"};
const std::array<std::string_view, kSourceSignals> kSourceSignalNames = {
    "first_coverage", "best_coverage",  "mean_cosine", "best_cosine",
    "agreement",      "concentration",  "first_score", "margin",
    "ln known_terms", "title_coverage", "size"};

std::array<double, kMatterSignals> MatterSignals(const SearchEvidence& e) {
  return {e.best_coverage,
          e.unknown_share,
          e.best_cosine,
          std::log1p(e.best_lexical_score),
          e.best_character_coverage,
          std::log1p(static_cast<double>(e.known_terms)),
          e.mean_cosine,
          std::log1p(static_cast<double>(e.longest_stretch)),
          e.first_score,
          e.concentration,
          e.agreement,
          e.title_coverage,
          SizeOf(e.passages)};
}

std::array<double, kSourceSignals> SourceSignals(const SearchEvidence& e) {
  return {e.first_coverage, e.best_coverage,   e.mean_cosine,
          e.best_cosine,    e.agreement,       e.concentration,
          e.first_score,    e.margin,          std::log1p(static_cast<double>(e.known_terms)),
          e.title_coverage, SizeOf(e.passages)};
}

const AnswerabilityWeights kAnswerabilityWeights = {
    .matter = {1.523, -0.915, 1.806, 1.827, 2.892, 3.208, 2.327, 0.235, -0.099, 3.934, 0.775,
               23.498, -1.377, -15.470},
    .source = {-0.734, 0.885, -0.536, 1.219, 0.134, 2.386, 0.408, -0.005, 0.225, 2.949, -1.808,
               -7.247},
    .offset = -1.556,
    .slope = 0.889,
    .constant = 0.824};

double Answerability(const SearchEvidence& evidence, const AnswerabilityWeights& weights) {
  const double matter = Sum(weights.matter, MatterSignals(evidence));
  const double source = Sum(weights.source, SourceSignals(evidence));
  return Logistic(weights.slope * std::min(source, matter + weights.offset) + weights.constant);
}

}  // namespace policykb
