#include "retriever/local_searcher.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

constexpr size_t kHitsWithSpans = 100;
constexpr size_t kEvidenceHits = 10;
constexpr size_t kMostExplainedTerms = 32;
constexpr uint32_t kPassagesOfNamedDocument = 50;
constexpr std::string_view kDocumentsPrefix = "documents/";
constexpr std::string_view kProvisionsPart = "/provisions/";

// Id of the document in a passage name, or empty when the name is malformed.
std::string_view DocumentIdOf(std::string_view passage_name) {
  if (!passage_name.starts_with(kDocumentsPrefix)) return {};
  passage_name.remove_prefix(kDocumentsPrefix.size());
  const size_t at = passage_name.find(kProvisionsPart);
  if (at == std::string_view::npos || at + kProvisionsPart.size() == passage_name.size()) return {};
  return passage_name.substr(0, at);
}

// What follows the document in a passage name. REQUIRES: DocumentIdOf is not empty.
std::string_view AddressOf(std::string_view passage_name) {
  return passage_name.substr(passage_name.find(kProvisionsPart) + kProvisionsPart.size());
}

// Ranges of `text` that hold terms of the query, overlapping and touching ones as one. Single
// characters count only where the query has nothing longer.
std::vector<Span> MatchedSpans(std::string_view text, const ParsedQuery& parsed) {
  std::unordered_set<std::string_view> wanted;
  for (const QueryTerm& term : parsed.terms) {
    if (term.kind != TermKind::kUnigram) wanted.insert(term.text);
  }
  const bool unigrams = wanted.empty();
  if (unigrams) {
    for (const QueryTerm& term : parsed.terms) wanted.insert(term.text);
  }
  std::vector<Span> spans;
  for (const Term& term : Analyze(text)) {
    if ((term.kind == TermKind::kUnigram) != unigrams || !wanted.contains(term.text)) continue;
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
  std::stable_sort(hit.terms.begin(), hit.terms.end(),
                   [](const TermWeight& a, const TermWeight& b) { return a.weight > b.weight; });
  if (hit.terms.size() > kMostExplainedTerms) hit.terms.resize(kMostExplainedTerms);
}

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

LocalSearcher::LocalSearcher(std::shared_ptr<const Snapshot> snapshot, SearcherOptions options)
    : snapshot_(std::move(snapshot)),
      weights_(options.weights),
      names_(*snapshot_),
      filters_(std::make_unique<FilterCache>(*snapshot_, std::move(options.filter_maker))) {}

LocalSearcher::Resolved LocalSearcher::Resolve(const ParsedQuery& parsed, const SearchQuery& query,
                                               const CandidateSearch& search) const {
  Resolved resolved;
  std::set<DocumentPlace> hidden_seen;
  const auto note_not_in_force = [&](const std::vector<DocumentPlace>& places) {
    for (const DocumentPlace& place : places) {
      const FilterColumns& columns = snapshot_->segments()[place.segment]->columns();
      if (IsVisible(columns, place.document, query.labels) && !query.filter.include_not_in_force &&
          !columns.validity(place.document).Contains(query.as_of) &&
          hidden_seen.insert(place).second) {
        resolved.not_in_force.push_back(place);
      }
    }
  };
  std::set<PassagePlace> seen;
  for (const ProvisionReference& reference : parsed.references) {
    if (reference.title.empty() || !reference.article) continue;
    const std::vector<DocumentPlace> places = names_.FindByTitle(reference.title);
    note_not_in_force(places);
    for (const DocumentPlace& place : places) {
      const FilterColumns& columns = snapshot_->segments()[place.segment]->columns();
      for (const uint32_t passage :
           PassagesOfArticle(columns, place.document, *reference.article)) {
        const PassagePlace found = {.segment = place.segment, .passage = passage};
        if (search.IsAllowed(found) && seen.insert(found).second)
          resolved.passages.push_back(found);
      }
    }
  }
  for (const std::string& number : parsed.document_numbers) {
    const std::vector<DocumentPlace> places = names_.FindByNumber(number);
    note_not_in_force(places);
    for (const DocumentPlace& place : places) {
      resolved.documents.push_back(place);
      const auto [first, last] =
          snapshot_->segments()[place.segment]->columns().passages_of(place.document);
      for (uint32_t passage = first; passage < last && passage < first + kPassagesOfNamedDocument;
           ++passage) {
        const PassagePlace found = {.segment = place.segment, .passage = passage};
        if (search.IsAllowed(found)) resolved.of_documents.push_back(found);
      }
    }
  }
  return resolved;
}

absl::StatusOr<SearchHit> LocalSearcher::ReadHit(PassagePlace place) const {
  const FilterColumns& columns = snapshot_->segments()[place.segment]->columns();
  SearchHit hit;
  ASSIGN_OR_RETURN(hit.passage,
                   snapshot_->records().GetPassage(columns.PassageName(place.passage)));
  ASSIGN_OR_RETURN(hit.document, snapshot_->records().GetDocumentMetadata(hit.passage.document_id));
  return hit;
}

SearchEvidence LocalSearcher::Gather(const CandidateSearch& search,
                                     const std::vector<Candidate>& ranked) const {
  SearchEvidence evidence;
  Coverage words(std::min(kEvidenceHits, ranked.size()));
  Coverage characters(words.hits());
  for (size_t t = 0; t < search.terms().size(); ++t) {
    const WeightedTerm& term = search.terms()[t];
    std::vector<bool> holds(words.hits());
    for (size_t i = 0; i < holds.size(); ++i) holds[i] = search.TermScore(t, ranked[i].place) > 0;
    if (term.known()) ++evidence.known_terms;
    // A word stands for itself and for its characters.
    if (term.term.kind != TermKind::kUnigram) words.Add(term.idf, term.known(), holds);
    if (term.term.kind != TermKind::kBigram) characters.Add(term.idf, term.known(), holds);
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
  evidence.best_lexical_score =
      search.best_lexical() / std::log1p(static_cast<double>(snapshot_->manifest().passages));
  const double most = search.MaxLexical();
  if (most > 0) evidence.best_lexical = search.best_lexical() / most;
  evidence.answerability = Answerability({.best_coverage = evidence.best_coverage,
                                          .unknown_share = evidence.unknown_share,
                                          .best_cosine = evidence.best_cosine,
                                          .best_lexical_score = evidence.best_lexical_score});
  return evidence;
}

absl::StatusOr<SearchResult> LocalSearcher::Search(const SearchQuery& query) const {
  RETURN_IF_ERROR(CheckQueryText(query.text));
  if (query.k < 1 || query.k > kMaxHits) {
    return absl::InvalidArgumentError(Cat("k: ", query.k, ", expected 1..", kMaxHits));
  }
  const ParsedQuery parsed = ParseQuery(query.text);
  CandidateSearch search(*snapshot_, parsed, filters_->Get(query));
  for (const DocumentPlace& place : names_.FindTitleIn(query.text)) search.MarkTitle(place);
  const Resolved resolved = Resolve(parsed, query, search);
  std::vector<PassagePlace> always = resolved.passages;
  always.insert(always.end(), resolved.of_documents.begin(), resolved.of_documents.end());
  ASSIGN_OR_RETURN(std::vector<Candidate> ranked, search.Run(always, weights_));

  SearchResult result;
  result.snapshot = snapshot_->manifest().id;
  result.evidence = Gather(search, ranked);

  // What the query names leads, in the order it was named; then the passages of documents it names;
  // then the rest.
  const auto tier = [&](const Candidate& candidate) -> size_t {
    const auto named =
        std::find(resolved.passages.begin(), resolved.passages.end(), candidate.place);
    if (named != resolved.passages.end())
      return static_cast<size_t>(named - resolved.passages.begin());
    const FilterColumns& columns = snapshot_->segments()[candidate.place.segment]->columns();
    const DocumentPlace document = {.segment = candidate.place.segment,
                                    .document = columns.document_of(candidate.place.passage)};
    const bool in_named = std::find(resolved.documents.begin(), resolved.documents.end(),
                                    document) != resolved.documents.end();
    return resolved.passages.size() + (in_named ? 0 : 1);
  };
  std::vector<std::pair<size_t, size_t>> order;
  for (size_t i = 0; i < ranked.size(); ++i) order.emplace_back(tier(ranked[i]), i);
  std::sort(order.begin(), order.end());

  for (const auto& [rank_tier, i] : order) {
    if (result.hits.size() == query.k) break;
    const Candidate& candidate = ranked[i];
    if (!IsAllowedPassage(*snapshot_->segments()[candidate.place.segment], candidate.place.passage,
                          query)) {
      ++refused_hits_;
      continue;
    }
    ASSIGN_OR_RETURN(SearchHit hit, ReadHit(candidate.place));
    hit.score = candidate.score;
    hit.resolved_reference = rank_tier <= resolved.passages.size() &&
                             (rank_tier < resolved.passages.size() || !resolved.documents.empty());
    if (result.hits.size() < kHitsWithSpans)
      hit.matched_spans = MatchedSpans(hit.passage.text, parsed);
    if (query.explain) Explain(search, weights_, candidate, hit);
    result.evidence.resolved_reference =
        result.evidence.resolved_reference || hit.resolved_reference;
    result.hits.push_back(std::move(hit));
  }
  if (result.evidence.resolved_reference) result.evidence.answerability = 1;
  for (const DocumentPlace& place : resolved.not_in_force) {
    const FilterColumns& columns = snapshot_->segments()[place.segment]->columns();
    ASSIGN_OR_RETURN(Document document, snapshot_->records().GetDocumentMetadata(
                                            std::string(columns.id(place.document))));
    result.not_in_force.push_back(std::move(document));
  }
  return result;
}

absl::StatusOr<Document> LocalSearcher::GetDocument(const std::string& id,
                                                    const CallerLabels& labels) const {
  ASSIGN_OR_RETURN(const Snapshot::Place place, snapshot_->FindDocument(id));
  if (!IsVisible(place.segment->columns(), place.document, labels)) {
    return absl::NotFoundError(Cat("documents/", id, " not found"));
  }
  ASSIGN_OR_RETURN(Document document, snapshot_->records().GetDocument(id));
  RETURN_IF_ERROR(BlankHidden(place, labels, document));
  return document;
}

absl::Status LocalSearcher::BlankHidden(const Snapshot::Place& place, const CallerLabels& labels,
                                        Document& document) const {
  const FilterColumns& columns = place.segment->columns();
  const auto [first, last] = columns.passages_of(place.document);
  for (const PassageException& exception : columns.exceptions()) {
    if (exception.passage < first || exception.passage >= last ||
        IsPassageVisible(columns, exception.passage, labels)) {
      continue;
    }
    ASSIGN_OR_RETURN(const Passage hidden,
                     snapshot_->records().GetPassage(columns.PassageName(exception.passage)));
    const Span span = hidden.span;
    // Blanks keep every other span where it is.
    std::fill(document.text.begin() + span.start, document.text.begin() + span.end, ' ');
    for (Provision& provision : document.provisions) {
      if (provision.span.start < span.start || provision.span.end > span.end) continue;
      provision.label.clear();
      provision.heading.clear();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SearchHit>> LocalSearcher::GetPassages(
    std::span<const std::string> names, const CallerLabels& labels) const {
  if (names.empty() || names.size() > kMaxPassageNames) {
    return absl::InvalidArgumentError(
        Cat("names: ", names.size(), ", expected 1..", kMaxPassageNames));
  }
  std::vector<SearchHit> hits;
  for (const std::string& name : names) {
    const std::string id(DocumentIdOf(name));
    if (id.empty()) {
      return absl::InvalidArgumentError(Cat("name \"", name.substr(0, 200),
                                            "\" is not documents/{document}/provisions/{address}"));
    }
    const absl::StatusOr<Snapshot::Place> place = snapshot_->FindDocument(id);
    if (!place.ok()) return absl::NotFoundError(Cat(name, " not found"));
    const FilterColumns& columns = place->segment->columns();
    const std::string_view address = AddressOf(name);
    const std::optional<uint32_t> passage = columns.FindPassage(place->document, address);
    if (!passage || !IsPassageVisible(columns, *passage, labels))
      return absl::NotFoundError(Cat(name, " not found"));
    SearchHit hit;
    ASSIGN_OR_RETURN(hit.passage, snapshot_->records().GetPassage(columns.PassageName(*passage)));
    ASSIGN_OR_RETURN(hit.document, snapshot_->records().GetDocumentMetadata(id));
    hits.push_back(std::move(hit));
  }
  return hits;
}

SnapshotInfo LocalSearcher::Info(const CallerLabels& labels) const {
  const Manifest& manifest = snapshot_->manifest();
  SnapshotInfo info = {.id = manifest.id,
                       .published_at = manifest.published_at,
                       .documents = 0,
                       .passages = 0,
                       .content_digest = manifest.content_digest,
                       .embedder_fingerprint = manifest.embedder_fingerprint,
                       .analyzer_fingerprint = manifest.analyzer_fingerprint,
                       .format_version = manifest.format_version};
  for (const std::unique_ptr<Segment>& segment : snapshot_->segments()) {
    const FilterColumns& columns = segment->columns();
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      if (!segment->IsLive(document) || !IsVisible(columns, document, labels)) continue;
      const auto [first, last] = columns.passages_of(document);
      info.passages += last - first;
      ++info.documents;
    }
    for (const PassageException& exception : columns.exceptions()) {
      const uint32_t document = columns.document_of(exception.passage);
      if (segment->IsLive(document) && IsVisible(columns, document, labels) &&
          !IsPassageVisible(columns, exception.passage, labels)) {
        --info.passages;
      }
    }
  }
  return info;
}

}  // namespace policykb
