#include "retriever/candidates.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/base/status_macros.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

// How many candidates each source gives to the ranking stage; more changed nothing on the
// development questions.
constexpr size_t kLexicalCandidates = 400;
constexpr uint32_t kDenseCandidates = 200;
// Share of the whole document's evidence when lexical candidates are chosen.
constexpr float kDocumentShare = 0.4F;

bool TestBit(const std::vector<uint64_t>& bits, uint32_t i) {
  return (bits[i / 64] >> (i % 64) & 1) != 0;
}

double Idf(double entries, double holding) {
  return std::log(1 + (entries - holding + 0.5) / (holding + 0.5));
}

bool BetterCandidate(const Candidate& a, const Candidate& b) {
  return a.score != b.score ? a.score > b.score : a.place < b.place;
}

}  // namespace

CandidateSearch::CandidateSearch(const Snapshot& snapshot, const ParsedQuery& parsed,
                                 const SearchQuery& query)
    : snapshot_(snapshot), parsed_(parsed) {
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    SegmentEvidence& evidence = evidence_.segments.emplace_back();
    evidence.allowed = AllowedPassages(*segment, query);
    evidence.titled.assign(segment->columns().documents(), false);
  }
}

bool CandidateSearch::IsAllowed(PassagePlace place) const {
  return TestBit(evidence_.segments[place.segment].allowed, place.passage);
}

void CandidateSearch::MarkTitle(uint32_t segment, uint32_t document) {
  evidence_.segments[segment].titled[document] = true;
}

void CandidateSearch::ScoreTerms() {
  double passages = 0;
  double documents = 0;
  for (size_t s = 0; s < evidence_.segments.size(); ++s) {
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    evidence_.segments[s].lexical.assign(columns.passages(), 0);
    evidence_.segments[s].documents.assign(columns.documents(), 0);
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
    for (size_t s = 0; s < evidence_.segments.size(); ++s) {
      const Segment& segment = *snapshot_.segments()[s];
      if (weighted.lists[s])
        segment.passages().AddScores(*weighted.lists[s], weight, evidence_.segments[s].lexical);
      if (document_lists[s])
        segment.documents().AddScores(*document_lists[s], document_weight,
                                      evidence_.segments[s].documents);
    }
    evidence_.terms.push_back(std::move(weighted));
  }
  // What the caller may not see must not even scale what it sees.
  for (size_t s = 0; s < evidence_.segments.size(); ++s) {
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    SegmentEvidence& scores = evidence_.segments[s];
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
      evidence_.best_lexical = std::max(evidence_.best_lexical, double{best});
      if (any)
        evidence_.best_document =
            std::max(evidence_.best_document, double{scores.documents[document]});
    }
  }
}

std::vector<Candidate> CandidateSearch::LexicalCandidates() const {
  std::vector<Candidate> candidates;
  if (evidence_.best_lexical <= 0) return candidates;
  const auto lexical_scale = static_cast<float>(1 / evidence_.best_lexical);
  const float document_scale = evidence_.best_document > 0
                                   ? kDocumentShare / static_cast<float>(evidence_.best_document)
                                   : 0;
  std::vector<std::pair<float, PassagePlace>> found;
  // No passage below this negated score can be among the best; it falls as better ones are found.
  float limit = 0;
  const auto cut = [&found, &limit] {
    const auto last = found.begin() + kLexicalCandidates - 1;
    std::nth_element(found.begin(), last, found.end());
    limit = last->first;
    found.resize(kLexicalCandidates);
  };
  for (uint32_t s = 0; s < evidence_.segments.size(); ++s) {
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    const SegmentEvidence& scores = evidence_.segments[s];
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
  ASSIGN_OR_RETURN(evidence_.query_vector, snapshot_.embedder().EmbedQuery(parsed_.text));
  evidence_.asked = AskedKinds(parsed_.text);
  std::vector<std::pair<float, PassagePlace>> found;
  for (uint32_t s = 0; s < evidence_.segments.size(); ++s) {
    ASSIGN_OR_RETURN(const std::vector<ScoredOrdinal> nearest,
                     snapshot_.segments()[s]->vectors().Search(
                         evidence_.query_vector, kDenseCandidates, evidence_.segments[s].allowed));
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
  FillFeatures(snapshot_, evidence_, candidates);
  std::sort(candidates.begin(), candidates.end(), BetterCandidate);
  return candidates;
}

double CandidateSearch::TermScore(size_t t, PassagePlace place) const {
  const WeightedTerm& term = evidence_.terms[t];
  if (!term.lists[place.segment]) return 0;
  const LexicalIndex& index = snapshot_.segments()[place.segment]->passages();
  return double{index.ImpactIn(*term.lists[place.segment], place.passage)} * term.idf *
         term.term.count;
}

double CandidateSearch::MaxLexical() const {
  double sum = 0;
  for (const WeightedTerm& term : evidence_.terms) {
    double best = 0;
    for (const auto& list : term.lists) {
      if (list) best = std::max(best, double{list->max_impact});
    }
    sum += best * term.idf * term.term.count;
  }
  return sum;
}

}  // namespace policykb
