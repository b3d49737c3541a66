#include "retriever/candidates.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "core/base/score_order.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/entry_set.h"
#include "core/snapshot/lexical_kernels.h"
#include "retriever/place_order.h"
#include "retriever/term_statistics.h"

namespace policykb {

namespace {

constexpr uint32_t kMostUnits = std::numeric_limits<uint32_t>::max();
// Ranges that are scored before any is skipped.
constexpr size_t kFirstRanges = 16;
// Lists that are decoded whole, and passages that are looked up in longer ones at a time.
constexpr uint32_t kFewPostings = 4096;

using IndexLists = std::vector<std::pair<LexicalIndex::TermList, double>>;  // with weights

// What one unit of an integer score stands for: so little that the largest weight takes all bits
// there are.
double UnitOf(const std::vector<const LexicalIndex*>& indexes, const std::vector<IndexLists>& lists,
              size_t terms, double largest) {
  for (size_t s = 0; s < indexes.size(); ++s) {
    for (const auto& [list, weight] : lists[s])
      largest = std::max(largest, weight * double{indexes[s]->impact_scale()});
  }
  return largest / LargestTermWeight(terms);
}

std::vector<WeightedList> InUnits(const LexicalIndex& index, const IndexLists& lists, double unit) {
  std::vector<WeightedList> weighted;
  for (const auto& [list, weight] : lists) {
    const double units = std::round(weight * double{index.impact_scale()} / unit);
    weighted.push_back({.list = list, .weight = static_cast<uint32_t>(std::max(1.0, units))});
  }
  return weighted;
}

// A range of passages and what no score in it exceeds.
struct RangeBound {
  double bound = 0;
  uint32_t segment = 0;
  uint32_t range = 0;
};

// Visits all ranges whose bound is not below threshold(), which rises as ranges are visited: the
// most promising ones first, so that it rises soon.
template <typename Threshold, typename Visit>
void VisitPromising(std::vector<RangeBound>& ranges, const Threshold& threshold,
                    const Visit& visit) {
  const size_t first = std::min(kFirstRanges, ranges.size());
  std::nth_element(ranges.begin(), ranges.begin() + static_cast<std::ptrdiff_t>(first),
                   ranges.end(),
                   [](const RangeBound& a, const RangeBound& b) { return a.bound > b.bound; });
  for (const RangeBound& range : ranges) {
    if (range.bound >= threshold()) visit(range);
  }
}

bool AllowsAny(const SegmentFilter& filter, uint32_t range) {
  constexpr size_t kWords = LexicalScorer::kRange / 64;
  const size_t begin = range * kWords;
  const size_t end = std::min(begin + kWords, filter.passages.size());
  return std::any_of(filter.passages.begin() + static_cast<std::ptrdiff_t>(begin),
                     filter.passages.begin() + static_cast<std::ptrdiff_t>(end),
                     [](uint64_t word) { return word != 0; });
}

// A passage, or what it stands for, by score.
struct ScoredPlace {
  double score = 0;
  PassagePlace place;
  uint32_t number = 0;  // among those that are ordered
};

double ScoreOf(const ScoredPlace& scored) { return scored.score; }

// Best first, ties by place.
bool IsBetter(const ScoredPlace& a, const ScoredPlace& b) {
  return a.score != b.score ? a.score > b.score : a.place < b.place;
}

// The best passages of those that are offered, ties by place.
class BestPassages {
 public:
  explicit BestPassages(size_t keep) : keep_(keep) { found_.reserve(2 * keep); }

  // Passages below this need not be offered.
  double threshold() const { return threshold_; }

  void Offer(double score, PassagePlace place) {
    found_.push_back({.score = score, .place = place, .number = 0});
    if (found_.size() < 2 * keep_) return;
    KeepBest(found_, keep_, ScoreOf, IsBetter);
    threshold_ = found_.back().score;
  }

  // Best first.
  std::vector<ScoredPlace> Take() {
    KeepBest(found_, keep_, ScoreOf, IsBetter);
    return std::move(found_);
  }

 private:
  size_t keep_;
  double threshold_ = 0;
  std::vector<ScoredPlace> found_;
};

// Best first, ties by place. Sorts what it compares by, since candidates are large.
std::vector<Candidate> Ordered(const std::vector<Candidate>& candidates) {
  std::vector<ScoredPlace> keys;
  keys.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    keys.push_back({.score = candidate.score,
                    .place = candidate.place,
                    .number = static_cast<uint32_t>(keys.size())});
  }
  KeepBest(keys, keys.size(), ScoreOf, IsBetter);
  std::vector<Candidate> ordered;
  ordered.reserve(keys.size());
  for (const ScoredPlace& key : keys) ordered.push_back(candidates[key.number]);
  return ordered;
}

}  // namespace

CandidateSearch::CandidateSearch(const Snapshot& snapshot, const ParsedQuery& parsed,
                                 std::shared_ptr<const SnapshotFilter> filter,
                                 const std::vector<Expansion>& expansions)
    : snapshot_(snapshot),
      parsed_(parsed),
      synonyms_(snapshot, expansions),
      with_synonyms_(WithSynonyms(parsed.text, expansions)) {
  evidence_.filter = std::move(filter);
}

bool CandidateSearch::IsAllowed(PassagePlace place) const {
  return (*evidence_.filter)[place.segment].AllowsPassage(place.passage);
}

uint64_t CandidateSearch::allowed_passages() const {
  uint64_t allowed = 0;
  for (const SegmentFilter& filter : *evidence_.filter) allowed += filter.allowed;
  return allowed;
}

void CandidateSearch::MarkTitle(DocumentPlace place) { evidence_.titled.push_back(place); }

void CandidateSearch::MarkQuestion(PassagePlace place, double similarity) {
  double& known = evidence_.questions[place];
  known = std::max(known, similarity);
}

void CandidateSearch::ScoreTerms() {
  const size_t segments = snapshot_.segments().size();
  double passages = 0;
  double documents = 0;
  for (const std::unique_ptr<Segment>& segment : snapshot_.segments()) {
    passages += segment->columns().passages();
    documents += segment->columns().documents();
  }
  std::vector<IndexLists> passage_lists(segments);
  std::vector<IndexLists> document_lists(segments);
  std::vector<std::string_view> texts;
  for (const QueryTerm& term : parsed_.terms) texts.push_back(term.text);
  // By segment.
  std::vector<std::vector<std::optional<LexicalIndex::TermList>>> in_passages;
  std::vector<std::vector<std::optional<LexicalIndex::TermList>>> in_documents;
  for (const std::unique_ptr<Segment>& segment : snapshot_.segments()) {
    in_passages.push_back(segment->passages().FindAll(texts));
    in_documents.push_back(segment->documents().FindAll(texts));
  }
  for (size_t t = 0; t < parsed_.terms.size(); ++t) {
    const QueryTerm& term = parsed_.terms[t];
    WeightedTerm weighted = {.term = term, .idf = 0, .lists = {}};
    std::vector<std::optional<LexicalIndex::TermList>> of_documents;
    double holding = 0;
    double documents_holding = 0;
    for (size_t s = 0; s < segments; ++s) {
      weighted.lists.push_back(in_passages[s][t]);
      if (weighted.lists.back()) holding += weighted.lists.back()->entries;
      of_documents.push_back(in_documents[s][t]);
      if (of_documents.back()) documents_holding += of_documents.back()->entries;
    }
    weighted.idf = Idf(passages, holding) * term.weight;
    const double document_idf = Idf(documents, documents_holding) * term.weight;
    for (size_t s = 0; s < segments; ++s) {
      if (weighted.lists[s])
        passage_lists[s].push_back({*weighted.lists[s], weighted.idf * term.count});
      if (of_documents[s])
        document_lists[s].push_back({*of_documents[s], document_idf * term.count});
    }
    for (size_t s = 0; s < segments && !weighted.known; ++s)
      weighted.known = weighted.lists[s] && IsHeldByAllowed(s, *weighted.lists[s]);
    evidence_.terms.push_back(std::move(weighted));
  }
  std::vector<const LexicalIndex*> passage_indexes;
  std::vector<const LexicalIndex*> document_indexes;
  for (const std::unique_ptr<Segment>& segment : snapshot_.segments()) {
    passage_indexes.push_back(&segment->passages());
    document_indexes.push_back(&segment->documents());
  }
  const size_t terms = parsed_.terms.size() + synonyms_.lists();
  evidence_.passage_unit = UnitOf(passage_indexes, passage_lists, terms,
                                  synonyms_.LargestWeight(SynonymScores::Level::kPassages));
  evidence_.document_unit = UnitOf(document_indexes, document_lists, terms,
                                   synonyms_.LargestWeight(SynonymScores::Level::kDocuments));
  for (size_t s = 0; s < segments; ++s) {
    const LexicalIndex& index = *document_indexes[s];
    std::vector<uint32_t>& scores = evidence_.documents.emplace_back(index.entries(), 0);
    for (const WeightedList& list : InUnits(index, document_lists[s], evidence_.document_unit))
      index.AddScores(list.list, list.weight, scores);
    evidence_.passages.emplace_back(
        *passage_indexes[s], InUnits(*passage_indexes[s], passage_lists[s], evidence_.passage_unit),
        synonyms_.GainsOf(s, SynonymScores::Level::kPassages, evidence_.passage_unit));
    for (const EntryGain& gain :
         synonyms_.GainsOf(s, SynonymScores::Level::kDocuments, evidence_.document_unit)) {
      scores[gain.entry] += gain.units;
    }
  }
}

bool CandidateSearch::IsHeldByAllowed(size_t segment, const LexicalIndex::TermList& list) const {
  const LexicalIndex& index = snapshot_.segments()[segment]->passages();
  const SegmentFilter& filter = (*evidence_.filter)[segment];
  // More postings than hidden passages: one of them is allowed.
  if (list.entries > index.entries() - filter.allowed) return true;
  if (list.entries <= kFewPostings) {
    const absl::StatusOr<std::vector<Posting>> postings = index.Decode(list);
    return postings.ok() &&
           std::any_of(postings->begin(), postings->end(), [&filter](const Posting& posting) {
             return filter.AllowsPassage(posting.ordinal);
           });
  }
  std::vector<uint32_t> ordinals;
  for (uint32_t passage = 0; passage < index.entries(); ++passage) {
    if (filter.AllowsPassage(passage)) ordinals.push_back(passage);
    if (ordinals.size() < kFewPostings && passage + 1 < index.entries()) continue;
    if (!index.Holding(list, EntrySet(std::move(ordinals), index.entries())).empty()) return true;
    ordinals.clear();
  }
  return false;
}

// What the caller may not see must not even scale what it sees: only allowed passages count.
void CandidateSearch::FindBest() {
  std::vector<RangeBound> ranges;
  for (uint32_t s = 0; s < evidence_.passages.size(); ++s) {
    for (uint32_t range = 0; range < evidence_.passages[s].ranges(); ++range) {
      const uint32_t bound = evidence_.passages[s].Bound(range);
      if (bound > 0 && AllowsAny((*evidence_.filter)[s], range))
        ranges.push_back({.bound = static_cast<double>(bound), .segment = s, .range = range});
    }
  }
  uint32_t best = 0;
  const auto visit = [&](const RangeBound& at) {
    LexicalScorer& scorer = evidence_.passages[at.segment];
    scorer.Complete(at.range);
    const std::span<const uint32_t> scores = scorer.Scores(at.range);
    if (BestLexicalKernels().largest(scores.data(), scores.size()) <= best) return;
    for (uint32_t i = 0; i < scores.size(); ++i) {
      if (scores[i] > best && IsAllowed({at.segment, at.range * LexicalScorer::kRange + i}))
        best = scores[i];
    }
  };
  VisitPromising(
      ranges, [&best] { return static_cast<double>(best) + 1; }, visit);
  evidence_.best_lexical = best * evidence_.passage_unit;
  uint32_t best_document = 0;
  for (size_t s = 0; s < evidence_.documents.size(); ++s) {
    const std::vector<uint32_t>& scores = evidence_.documents[s];
    for (uint32_t document = 0; document < scores.size(); ++document) {
      if (scores[document] > best_document && (*evidence_.filter)[s].AllowsDocument(document))
        best_document = scores[document];
    }
  }
  evidence_.best_document = best_document * evidence_.document_unit;
}

std::vector<Candidate> CandidateSearch::LexicalCandidates() {
  if (evidence_.best_lexical <= 0) return {};
  // Both per unit, so that a score is units * scale.
  const double scale = evidence_.passage_unit / evidence_.best_lexical;
  const double document_scale =
      evidence_.best_document > 0
          ? kDocumentShare * evidence_.document_unit / evidence_.best_document
          : 0;
  std::vector<RangeBound> ranges;
  for (uint32_t s = 0; s < evidence_.passages.size(); ++s) {
    const LexicalScorer& scorer = evidence_.passages[s];
    const FilterColumns& columns = snapshot_.segments()[s]->columns();
    std::vector<double> shares(scorer.ranges(), 0);  // of the best document in each range
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      const double share = evidence_.documents[s][document] * document_scale;
      const auto [first, last] = columns.passages_of(document);
      if (share <= 0 || first == last) continue;
      for (uint32_t range = first / LexicalScorer::kRange;
           range <= (last - 1) / LexicalScorer::kRange; ++range) {
        shares[range] = std::max(shares[range], share);
      }
    }
    for (uint32_t range = 0; range < scorer.ranges(); ++range) {
      const uint32_t bound = scorer.Bound(range);
      if (bound > 0 && AllowsAny((*evidence_.filter)[s], range))
        ranges.push_back({.bound = bound * scale + shares[range], .segment = s, .range = range});
    }
  }
  const LexicalKernels& kernels = BestLexicalKernels();
  BestPassages best(kLexicalCandidates);
  const auto visit = [&](const RangeBound& at) {
    LexicalScorer& scorer = evidence_.passages[at.segment];
    scorer.Complete(at.range);
    const std::span<const uint32_t> scores = scorer.Scores(at.range);
    const FilterColumns& columns = snapshot_.segments()[at.segment]->columns();
    const uint32_t begin = at.range * LexicalScorer::kRange;
    uint32_t document = columns.document_of(begin);
    for (uint32_t i = 0; i < scores.size(); ++document) {
      const double share = evidence_.documents[at.segment][document] * document_scale;
      const uint32_t end = std::min(static_cast<uint32_t>(scores.size()),
                                    columns.passages_of(document).second - begin);
      // Units below which no score reaches the threshold; rounding is left to the exact look.
      const double needed = std::max(1.0, (best.threshold() - share) / scale - 1);
      const auto fewest = static_cast<uint32_t>(std::min(needed, static_cast<double>(kMostUnits)));
      while (i < end) {
        const uint32_t n = std::min(LexicalKernels::kMostCompared, end - i);
        uint64_t enough = kernels.at_least(scores.data() + i, n, fewest);
        for (; enough != 0; enough &= enough - 1) {
          const uint32_t passage = i + static_cast<uint32_t>(std::countr_zero(enough));
          const double score = scores[passage] * scale + share;
          if (score < best.threshold()) continue;
          const PassagePlace place = {.segment = at.segment, .passage = begin + passage};
          if (IsAllowed(place)) best.Offer(score, place);
        }
        i += n;
      }
    }
  };
  VisitPromising(
      ranges, [&best] { return best.threshold(); }, visit);
  std::vector<Candidate> candidates;
  candidates.reserve(kLexicalCandidates + kDenseCandidates);
  for (const ScoredPlace& found : best.Take()) {
    const auto rank = static_cast<uint32_t>(candidates.size() + 1);
    candidates.push_back({.place = found.place, .lexical_rank = rank});
  }
  return candidates;
}

absl::Status CandidateSearch::Embed(const EmbeddingCall& call) {
  const Embedder& embedder = snapshot_.embedder();
  std::vector<std::string_view> texts = {parsed_.text};
  if (with_synonyms_ != parsed_.text) texts.push_back(with_synonyms_);
  ASSIGN_OR_RETURN(const std::vector<float> vectors, embedder.EmbedForSearch(texts, call));
  const auto dimension = static_cast<size_t>(embedder.dimension());
  if (vectors.size() != texts.size() * dimension) {
    return absl::InternalError(
        Cat("vectors of ", vectors.size(), " components, ", texts.size() * dimension, " expected"));
  }
  const auto second = vectors.begin() + embedder.dimension();
  asked_vector_.assign(vectors.begin(), second);
  evidence_.query_vector = asked_vector_;
  if (texts.size() == 1) return absl::OkStatus();
  std::vector<float>& vector = evidence_.query_vector;
  double square = 0;
  for (size_t i = 0; i < dimension; ++i) {
    vector[i] += second[static_cast<std::ptrdiff_t>(i)];
    square += double{vector[i]} * double{vector[i]};
  }
  const auto inverse = static_cast<float>(square > 0 ? 1 / std::sqrt(square) : 0);
  for (float& component : vector) component *= inverse;
  return absl::OkStatus();
}

const std::vector<float>& CandidateSearch::QueryVector(const EmbeddingCall& call) {
  if (!asked_vector_.empty()) return asked_vector_;
  dense_failure_ = Embed(call);
  if (!dense_failure_.ok()) {
    asked_vector_.assign(static_cast<size_t>(snapshot_.embedder().dimension()), 0);
    evidence_.query_vector = asked_vector_;
  }
  return asked_vector_;
}

absl::Status CandidateSearch::AddDense(std::vector<Candidate>& candidates) {
  QueryVector({});
  evidence_.asked = AskedKinds(parsed_.text);
  if (!dense_failure_.ok()) return absl::OkStatus();
  std::vector<ScoredPlace> found;
  uint32_t passages = 0;
  for (const std::unique_ptr<Segment>& segment : snapshot_.segments())
    passages += segment->columns().passages();
  for (uint32_t s = 0; s < snapshot_.segments().size(); ++s) {
    const VectorIndex& vectors = snapshot_.segments()[s]->vectors();
    // A scan costs the same however many are wanted, a walk does not: a segment with a graph gives
    // twice its share.
    const double share = passages > 0 ? 1.0 * vectors.entries() / passages : 0;
    const uint32_t wanted =
        vectors.has_graph()
            ? std::min(kDenseCandidates,
                       static_cast<uint32_t>(std::ceil(2 * share * kDenseCandidates)))
            : kDenseCandidates;
    ASSIGN_OR_RETURN(
        const std::vector<ScoredOrdinal> nearest,
        vectors.Search(evidence_.query_vector, wanted, (*evidence_.filter)[s].passages));
    for (const ScoredOrdinal& scored : nearest) {
      found.push_back(
          {.score = scored.score, .place = {.segment = s, .passage = scored.ordinal}, .number = 0});
    }
  }
  if (snapshot_.segments().size() > 1) KeepBest(found, kDenseCandidates, ScoreOf, IsBetter);
  const PlaceOrder lexical(snapshot_, candidates);
  for (size_t i = 0; i < found.size(); ++i) {
    const std::optional<size_t> known = lexical.Find(found[i].place);
    if (!known) candidates.push_back({.place = found[i].place});
    Candidate& candidate = known ? candidates[*known] : candidates.back();
    candidate.dense_rank = static_cast<uint32_t>(i + 1);
    candidate.features[static_cast<size_t>(Feature::kCosine)] = found[i].score;
  }
  return absl::OkStatus();
}

void CandidateSearch::CompleteNeighborhoods(const std::vector<Candidate>& candidates) {
  for (const Candidate& candidate : candidates) {
    const auto [segment, passage] = candidate.place;
    LexicalScorer& scorer = evidence_.passages[segment];
    if (passage > 0) scorer.Complete((passage - 1) / LexicalScorer::kRange);
    scorer.Complete(passage / LexicalScorer::kRange);
    if (passage + 1 < scorer.entries()) scorer.Complete((passage + 1) / LexicalScorer::kRange);
  }
}

absl::StatusOr<std::vector<Candidate>> CandidateSearch::Run(const std::vector<PassagePlace>& always,
                                                            const RankingModel& ranking,
                                                            StageClock* clock) {
  EnterStage(clock, Stage::kTerms);
  ScoreTerms();
  EnterStage(clock, Stage::kLexical);
  FindBest();
  std::vector<Candidate> candidates = LexicalCandidates();
  EnterStage(clock, Stage::kDense);
  RETURN_IF_ERROR(AddDense(candidates));
  for (const PassagePlace place : always) {
    const bool known = std::any_of(candidates.begin(), candidates.end(),
                                   [place](const Candidate& c) { return c.place == place; });
    if (!known) candidates.push_back({.place = place});
  }
  EnterStage(clock, Stage::kRanking);
  CompleteNeighborhoods(candidates);
  FillFeatures(snapshot_, evidence_, synonyms_, ranking.weights, candidates);
  AddTrees(ranking.trees, candidates);
  return Ordered(candidates);
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
    // The highest impact there can be: that of the list may be of a passage that is hidden.
    if (term.known)
      sum += snapshot_.segments()[0]->passages().max_impact() * term.idf * term.term.count;
  }
  return sum;
}

}  // namespace policykb
