#include "retriever/candidates.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/base/status_macros.h"
#include "retriever/term_statistics.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

// How many candidates each source gives to the ranking stage; more changed nothing on the
// development questions.
constexpr size_t kLexicalCandidates = 400;
constexpr uint32_t kDenseCandidates = 200;
// Share of the whole document's evidence when lexical candidates are chosen.
constexpr float kDocumentShare = 0.4F;
// How many of the best passages count as evidence for their document.
constexpr size_t kSiblingDepth = 300;

bool TestBit(const std::vector<uint64_t>& bits, uint32_t i) {
  return (bits[i / 64] >> (i % 64) & 1) != 0;
}

bool BetterCandidate(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.place < b.place;
}

}  // namespace

bool WeightedTerm::known() const {
  return std::any_of(lists.begin(), lists.end(), [](const auto& list) { return list.has_value(); });
}

CandidateSearch::CandidateSearch(const Snapshot& snapshot, const ParsedQuery& parsed,
                                 const SearchQuery& query, const std::vector<Expansion>& expansions)
    : snapshot_(snapshot), parsed_(parsed), synonyms_(snapshot, expansions) {
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    SegmentScores scores;
    scores.allowed = AllowedPassages(*segment, query);
    scores.titled.assign(segment->columns().documents(), false);
    scores_.push_back(std::move(scores));
  }
}

bool CandidateSearch::IsAllowed(PassagePlace place) const {
  return TestBit(scores_[place.segment].allowed, place.passage);
}

void CandidateSearch::MarkTitle(uint32_t segment, uint32_t document) {
  scores_[segment].titled[document] = true;
}

void CandidateSearch::MarkQuestion(PassagePlace place, double similarity) {
  double& known = questions_[place];
  known = std::max(known, similarity);
}

void CandidateSearch::ScoreTerms() {
  double passages = 0;
  double documents = 0;
  for (size_t s = 0; s < scores_.size(); ++s) {
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    scores_[s].lexical.assign(columns.passages(), 0);
    scores_[s].documents.assign(columns.documents(), 0);
    passages += columns.passages();
    documents += columns.documents();
  }
  for (const QueryTerm& term : parsed_.terms) {
    WeightedTerm weighted = {.term = term, .idf = 0, .lists = {}};
    std::vector<std::optional<LexicalIndex::TermList>> document_lists;
    double holding = 0;
    double documents_holding = 0;
    for (const std::unique_ptr<Segment>& segment : snapshot_.segments()) {
      weighted.lists.push_back(segment->passages().Find(term.text));
      if (weighted.lists.back()) holding += weighted.lists.back()->entries;
      document_lists.push_back(segment->documents().Find(term.text));
      if (document_lists.back()) documents_holding += document_lists.back()->entries;
    }
    weighted.idf = Idf(passages, holding) * term.weight;
    const auto weight = static_cast<float>(weighted.idf * term.count);
    const auto document_weight =
        static_cast<float>(Idf(documents, documents_holding) * term.weight * term.count);
    for (size_t s = 0; s < scores_.size(); ++s) {
      const Segment& segment = *snapshot_.segments()[s];
      if (weighted.lists[s])
        segment.passages().AddScores(*weighted.lists[s], weight, scores_[s].lexical);
      if (document_lists[s])
        segment.documents().AddScores(*document_lists[s], document_weight, scores_[s].documents);
    }
    terms_.push_back(std::move(weighted));
  }
  for (size_t s = 0; s < scores_.size(); ++s)
    synonyms_.AddTo(s, scores_[s].lexical, scores_[s].documents);
  // What the caller may not see must not even scale what it sees.
  for (size_t s = 0; s < scores_.size(); ++s) {
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    SegmentScores& scores = scores_[s];
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      const auto [first, last] = columns.passages_of(document);
      bool any = false;
      float best = 0;
      for (uint32_t passage = first; passage < last; ++passage) {
        if (TestBit(scores.allowed, passage)) {
          any = true;
          best = std::max(best, scores.lexical[passage]);
        } else {
          scores.lexical[passage] = 0;
        }
      }
      best_lexical_ = std::max(best_lexical_, double{best});
      if (any) best_document_ = std::max(best_document_, double{scores.documents[document]});
    }
  }
}

std::vector<Candidate> CandidateSearch::LexicalCandidates() const {
  std::vector<Candidate> candidates;
  if (best_lexical_ <= 0) return candidates;
  const auto lexical_scale = static_cast<float>(1 / best_lexical_);
  const float document_scale =
      best_document_ > 0 ? kDocumentShare / static_cast<float>(best_document_) : 0;
  std::vector<std::pair<float, PassagePlace>> found;
  // No passage below this negated score can be among the best; it falls as better ones are found.
  float limit = 0;
  const auto cut = [&found, &limit] {
    const auto last = found.begin() + kLexicalCandidates - 1;
    std::nth_element(found.begin(), last, found.end());
    limit = last->first;
    found.resize(kLexicalCandidates);
  };
  for (uint32_t s = 0; s < scores_.size(); ++s) {
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    const SegmentScores& scores = scores_[s];
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      const float of_document = scores.documents[document] * document_scale;
      const auto [first, last] = columns.passages_of(document);
      for (uint32_t passage = first; passage < last; ++passage) {
        if (scores.lexical[passage] <= 0) continue;
        const float score = -(scores.lexical[passage] * lexical_scale + of_document);
        if (score > limit) continue;
        found.emplace_back(score, PassagePlace{.segment = s, .passage = passage});
        if (found.size() == 4 * kLexicalCandidates) cut();
      }
    }
  }
  const size_t keep = std::min(kLexicalCandidates, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(keep), found.end());
  for (size_t i = 0; i < keep; ++i) {
    candidates.push_back({.place = found[i].second, .lexical_rank = static_cast<uint32_t>(i + 1)});
  }
  return candidates;
}

absl::Status CandidateSearch::AddDense(std::vector<Candidate>& candidates) {
  ASSIGN_OR_RETURN(query_vector_, snapshot_.embedder().EmbedQuery(parsed_.text));
  std::vector<std::pair<float, PassagePlace>> found;
  for (uint32_t s = 0; s < scores_.size(); ++s) {
    ASSIGN_OR_RETURN(const std::vector<ScoredOrdinal> nearest,
                     snapshot_.segments()[s]->vectors().Search(query_vector_, kDenseCandidates,
                                                               scores_[s].allowed));
    for (const ScoredOrdinal& scored : nearest) {
      found.emplace_back(-scored.score, PassagePlace{.segment = s, .passage = scored.ordinal});
    }
  }
  std::sort(found.begin(), found.end());
  if (found.size() > kDenseCandidates) found.resize(kDenseCandidates);
  std::map<PassagePlace, size_t> known;
  for (size_t i = 0; i < candidates.size(); ++i) known.emplace(candidates[i].place, i);
  for (size_t i = 0; i < found.size(); ++i) {
    const auto [at, added] = known.try_emplace(found[i].second, candidates.size());
    if (added) candidates.push_back({.place = found[i].second});
    candidates[at->second].dense_rank = static_cast<uint32_t>(i + 1);
  }
  return absl::OkStatus();
}

void CandidateSearch::FillFeatures(std::vector<Candidate>& candidates) const {
  const auto lexical_of = [this](PassagePlace place) -> double {
    return scores_[place.segment].lexical[place.passage];
  };
  const double lexical_scale = best_lexical_ > 0 ? 1 / best_lexical_ : 0;
  const double document_scale = best_document_ > 0 ? 1 / best_document_ : 0;

  // Evidence of a document: its best passages, the n-th one divided by n.
  std::vector<std::pair<double, size_t>> by_lexical;
  for (size_t i = 0; i < candidates.size(); ++i)
    by_lexical.emplace_back(-lexical_of(candidates[i].place), i);
  std::sort(by_lexical.begin(), by_lexical.end());
  std::map<std::pair<uint32_t, uint32_t>, std::pair<double, int>> evidence;
  double best_evidence = 0;
  for (size_t i = 0; i < by_lexical.size() && i < kSiblingDepth; ++i) {
    const PassagePlace place = candidates[by_lexical[i].second].place;
    const FilterColumns& columns = snapshot_.segments()[place.segment]->columns();
    auto& [sum, count] = evidence[{place.segment, columns.document_of(place.passage)}];
    sum += lexical_of(place) / (1 + count++);
    best_evidence = std::max(best_evidence, sum);
  }

  double word_idf = 0;
  double character_idf = 0;
  for (const WeightedTerm& term : terms_) {
    if (!term.known()) continue;
    (term.term.kind == TermKind::kUnigram ? character_idf : word_idf) += term.idf;
  }
  const SynonymScores::Idfs newly_known = synonyms_.NewlyKnown();
  word_idf += newly_known.words;
  character_idf += newly_known.characters;
  // By document: many candidates share one.
  std::map<std::pair<uint32_t, uint32_t>, double> guide_titles;
  const auto guide_title_of = [&](uint32_t segment, uint32_t document) {
    const FilterColumns& columns = snapshot_.segments()[segment]->columns();
    if (columns.kind(document) != "guide" || word_idf <= 0) return 0.0;
    const auto [known, added] = guide_titles.try_emplace({segment, document}, 0);
    if (!added) return known->second;
    std::set<std::string> title;
    for (Term& term : Analyze(columns.title(document))) title.insert(std::move(term.text));
    for (const WeightedTerm& term : terms_) {
      const bool counts = term.known() && term.term.kind != TermKind::kUnigram;
      if (counts && title.contains(term.term.text)) known->second += term.idf / word_idf;
    }
    return known->second;
  };

  // Cosines, a segment at a time.
  std::vector<std::vector<uint32_t>> ordinals(scores_.size());
  for (const Candidate& candidate : candidates)
    ordinals[candidate.place.segment].push_back(candidate.place.passage);
  std::vector<std::vector<float>> cosines;
  for (size_t s = 0; s < scores_.size(); ++s) {
    cosines.push_back(snapshot_.segments()[s]->vectors().Scores(query_vector_, ordinals[s]));
  }
  std::vector<size_t> next(scores_.size(), 0);

  for (Candidate& candidate : candidates) {
    const PassagePlace place = candidate.place;
    const Segment& segment = *snapshot_.segments()[place.segment];
    const FilterColumns& columns = segment.columns();
    const uint32_t document = columns.document_of(place.passage);
    const auto [first, last] = columns.passages_of(document);
    FeatureVector& features = candidate.features;
    const auto set = [&features](Feature feature, double value) {
      features[static_cast<size_t>(feature)] = value;
    };
    set(Feature::kLexical, lexical_of(place) * lexical_scale);
    set(Feature::kWholeDocument, scores_[place.segment].documents[document] * document_scale);
    set(Feature::kCosine, cosines[place.segment][next[place.segment]++]);
    const auto found = evidence.find({place.segment, document});
    set(Feature::kSiblings,
        found == evidence.end() || best_evidence <= 0 ? 0 : found->second.first / best_evidence);
    double neighbors = 0;
    if (place.passage > first) neighbors += scores_[place.segment].lexical[place.passage - 1];
    if (place.passage + 1 < last) neighbors += scores_[place.segment].lexical[place.passage + 1];
    set(Feature::kNeighbors, neighbors * lexical_scale);
    double words_held = 0;
    double characters_held = 0;
    for (const WeightedTerm& term : terms_) {
      if (!term.lists[place.segment]) continue;
      if (segment.passages().ImpactIn(*term.lists[place.segment], place.passage) <= 0) continue;
      (term.term.kind == TermKind::kUnigram ? characters_held : words_held) += term.idf;
    }
    const SynonymScores::Idfs by_synonyms = synonyms_.Covered(place.segment, place.passage);
    words_held += by_synonyms.words;
    characters_held += by_synonyms.characters;
    set(Feature::kCoverage, word_idf > 0 ? words_held / word_idf : 0);
    set(Feature::kCharacters, character_idf > 0 ? characters_held / character_idf : 0);
    set(Feature::kLaw, columns.kind(document) == "law" ? 1 : 0);
    set(Feature::kGuideTitle, guide_title_of(place.segment, document));
    set(Feature::kLength, std::log1p(columns.text_bytes(place.passage)) / 10);
    set(Feature::kTitle, scores_[place.segment].titled[document] ? 1 : 0);
    const auto question = questions_.find(place);
    set(Feature::kQuestionBank, question == questions_.end() ? 0 : question->second);
    candidate.score = RankingScore(features);
  }
}

absl::StatusOr<std::vector<Candidate>> CandidateSearch::Run(
    const std::vector<PassagePlace>& always) {
  ScoreTerms();
  std::vector<Candidate> candidates = LexicalCandidates();
  RETURN_IF_ERROR(AddDense(candidates));
  std::set<PassagePlace> known;
  for (const Candidate& candidate : candidates) known.insert(candidate.place);
  for (const PassagePlace place : always) {
    if (known.insert(place).second) candidates.push_back({.place = place});
  }
  FillFeatures(candidates);
  std::sort(candidates.begin(), candidates.end(), BetterCandidate);
  return candidates;
}

double CandidateSearch::TermScore(size_t t, PassagePlace place) const {
  const WeightedTerm& term = terms_[t];
  if (!term.lists[place.segment]) return 0;
  const LexicalIndex& index = snapshot_.segments()[place.segment]->passages();
  return double{index.ImpactIn(*term.lists[place.segment], place.passage)} * term.idf *
         term.term.count;
}

double CandidateSearch::MaxLexical() const {
  double sum = 0;
  for (const WeightedTerm& term : terms_) {
    double best = 0;
    for (const auto& list : term.lists) {
      if (list) best = std::max(best, double{list->max_impact});
    }
    sum += best * term.idf * term.term.count;
  }
  return sum;
}

}  // namespace policykb
