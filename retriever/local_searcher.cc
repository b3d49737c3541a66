#include "retriever/local_searcher.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "retriever/answerability.h"
#include "retriever/document_list.h"
#include "retriever/hit_details.h"
#include "retriever/near_duplicates.h"
#include "retriever/reference_resolver.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

constexpr size_t kHitsWithSpans = 100;
// Candidates behind the last hit that may be copies of hits: those rank close to each other.
constexpr size_t kLookAhead = 20;
// Documents whose metadata a search keeps for its other hits.
constexpr size_t kDocumentsKept = 32;

// A candidate and what leads it: what the query names or asks comes before what resembles it.
struct Place {
  size_t tier = 0;
  size_t candidate = 0;  // index in the ranked ones
  friend auto operator<=>(const Place&, const Place&) = default;
};

// Order of the hits that are shown for each other: in force first, then of the later revision. A
// tie leaves the one of the better rank.
bool IsBetterCopy(const SearchHit& a, const SearchHit& b, CivilDate as_of) {
  const auto in_force = [as_of](const SearchHit& hit) {
    return hit.document.validity.Contains(as_of) &&
           (!hit.passage.validity || hit.passage.validity->Contains(as_of));
  };
  if (in_force(a) != in_force(b)) return in_force(a);
  return a.document.validity.from > b.document.validity.from;
}

absl::Status CheckScores(const std::vector<double>& scores, size_t expected) {
  if (scores.size() != expected)
    return absl::InternalError(Cat(scores.size(), " scores for ", expected, " passages"));
  for (const double score : scores) {
    if (!std::isfinite(score)) return absl::InternalError("a score that is no number");
  }
  return absl::OkStatus();
}

// What may be left out has half of the time there is.
absl::Time HalfwayTo(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) return deadline;
  const absl::Time now = absl::Now();
  return now + (deadline - now) / 2;
}

// One search over one snapshot.
class OneSearch {
 public:
  OneSearch(const LocalSearcherParts& parts, const SearchQuery& query, StageClock* clock)
      : parts_(parts),
        clock_(clock),
        snapshot_(parts.snapshot),
        query_(query),
        parsed_(ParseQuery(query.text)),
        expansions_(parts.synonyms.Find(query.text)),
        embedding_{.deadline = HalfwayTo(query.deadline), .trace_parent = query.trace_parent},
        candidates_(snapshot_, parsed_, Filter(), expansions_) {}

  absl::StatusOr<SearchResult> Run() {
    EnterStage(clock_, Stage::kNames);
    for (const DocumentPlace& place :
         parts_.names.FindTitleIn(query_.text, DocumentsVisibleTo(snapshot_, query_.labels)))
      candidates_.MarkTitle(place);
    resolved_ = ResolveReferences(snapshot_, parts_.names, parsed_, query_, candidates_);
    std::vector<PassagePlace> always = resolved_.passages;
    always.insert(always.end(), resolved_.of_documents.begin(), resolved_.of_documents.end());
    EnterStage(clock_, Stage::kDense);
    candidates_.QueryVector(embedding_);
    NoteDense();
    RETURN_IF_ERROR(StillWanted());
    EnterStage(clock_, Stage::kNames);
    RETURN_IF_ERROR(MatchQuestions(always));
    ASSIGN_OR_RETURN(ranked_, candidates_.Run(always, parts_.ranking, clock_));
    RETURN_IF_ERROR(StillWanted());
    EnterStage(clock_, Stage::kEvidence);
    result_.snapshot = snapshot_.manifest().id;
    result_.searched_passages = candidates_.allowed_passages();
    result_.evidence = GatherEvidence(snapshot_, candidates_, ranked_);
    for (size_t i = 0; i < ranked_.size(); ++i)
      order_.push_back({.tier = TierOf(ranked_[i]), .candidate = i});
    std::sort(order_.begin(), order_.end());
    EnterStage(clock_, Stage::kReranking);
    if (parts_.reranker != nullptr) {
      RETURN_IF_ERROR(Rerank());
      RETURN_IF_ERROR(StillWanted());
    }
    RETURN_IF_ERROR(TakeHits());
    RETURN_IF_ERROR(NoteNotInForce());
    return std::move(result_);
  }

 private:
  std::shared_ptr<const SnapshotFilter> Filter() const {
    EnterStage(clock_, Stage::kFilter);
    std::shared_ptr<const SnapshotFilter> filter = parts_.filters->Get(query_);
    EnterStage(clock_, Stage::kTerms);
    return filter;
  }

  absl::Status StillWanted() const {
    const bool given_up = query_.given_up && query_.given_up();
    return given_up ? absl::CancelledError("search: its caller has given up") : absl::OkStatus();
  }

  // Says whether the query has a vector, and whether its embedder works.
  void NoteDense() {
    const absl::Status& failure = candidates_.dense_failure();
    if (!failure.ok()) result_.dense_failure = OneLine(std::string(failure.message()));
    if (parts_.told_of_embedding) parts_.told_of_embedding(failure);
  }

  // Known questions that the query resembles: the passages the caller may see become candidates.
  absl::Status MatchQuestions(std::vector<PassagePlace>& always) {
    if (parts_.bank.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<QuestionMatch> matches,
                     parts_.bank.Match(parsed_, candidates_.QueryVector(embedding_)));
    for (const QuestionMatch& match : matches) {
      for (const std::string_view name : snapshot_.editorial()->passages(match.question)) {
        for (const PassagePlace place : AllowedPassagesNamed(snapshot_, name, candidates_)) {
          always.push_back(place);
          candidates_.MarkQuestion(place, match.similarity);
          questions_[place].push_back(match);
          if (match.same) asked_.push_back(place);
        }
      }
    }
    return absl::OkStatus();
  }

  // What answers the known question that the query is leads; then what the query names, in the
  // order it was named; then the passages of documents it names; then the rest.
  size_t TierOf(const Candidate& candidate) const {
    size_t tier = 0;
    for (const std::vector<PassagePlace>* places : {&asked_, &resolved_.passages}) {
      const auto at = std::find(places->begin(), places->end(), candidate.place);
      if (at != places->end()) return tier + static_cast<size_t>(at - places->begin());
      tier += places->size();
    }
    const FilterColumns& columns = snapshot_.segments()[candidate.place.segment]->columns();
    const DocumentPlace document = {.segment = candidate.place.segment,
                                    .document = columns.document_of(candidate.place.passage)};
    const bool in_named = std::find(resolved_.documents.begin(), resolved_.documents.end(),
                                    document) != resolved_.documents.end();
    return in_named ? tier : RestTier();
  }
  size_t RestTier() const { return asked_.size() + resolved_.passages.size() + 1; }

  std::string NameOf(PassagePlace place) const {
    return snapshot_.segments()[place.segment]->columns().PassageName(place.passage);
  }
  absl::StatusOr<Passage> ReadPassage(PassagePlace place) const {
    return snapshot_.records().GetPassage(NameOf(place));
  }

  // Orders the first of what the query does not name by the reranker's scores.
  absl::Status Rerank() {
    std::vector<size_t> at;  // in order_
    std::vector<std::string> texts;
    for (size_t i = 0; i < order_.size() && i < parts_.rerank.passages; ++i) {
      if (order_[i].tier != RestTier()) continue;
      ASSIGN_OR_RETURN(const Passage passage, ReadPassage(ranked_[order_[i].candidate].place));
      at.push_back(i);
      texts.push_back(EmbeddingText(passage));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    absl::StatusOr<std::vector<double>> scores =
        parts_.reranker->Score(query_.text, views, absl::Now() + parts_.rerank.time_limit);
    absl::Status status = scores.status();
    if (status.ok()) status = CheckScores(*scores, at.size());
    if (!status.ok()) {
      result_.reranking = {.applied = false, .failure = OneLine(std::string(status.message()))};
      return absl::OkStatus();
    }
    result_.reranking = {.applied = true, .failure = ""};
    std::vector<std::pair<double, size_t>> by_score;  // negated score, candidate
    for (size_t i = 0; i < at.size(); ++i) {
      const size_t candidate = order_[at[i]].candidate;
      by_score.emplace_back(-(*scores)[i], candidate);
      reranker_scores_[candidate] = (*scores)[i];
    }
    std::sort(by_score.begin(), by_score.end());
    for (size_t i = 0; i < at.size(); ++i) order_[at[i]].candidate = by_score[i].second;
    return absl::OkStatus();
  }

  // The first k that do not repeat each other, and what repeats them close behind.
  absl::Status TakeHits() {
    EnterStage(clock_, Stage::kRecords);
    RETURN_IF_ERROR(ReadFirst());
    NearDuplicates copies;
    size_t looked_ahead = 0;
    for (size_t i = 0; i < order_.size(); ++i) {
      const Place& place = order_[i];
      const Candidate& candidate = ranked_[place.candidate];
      if (result_.hits.size() == query_.k) {
        if (++looked_ahead > kLookAhead) break;
        const FilterColumns& columns = snapshot_.segments()[candidate.place.segment]->columns();
        const uint32_t document = columns.document_of(candidate.place.passage);
        if (!copies.MayRepeat(columns.id(document), columns.title(document))) continue;
      }
      if (!IsAllowedPassage(*snapshot_.segments()[candidate.place.segment], candidate.place.passage,
                            query_)) {
        if (parts_.told_of_refused) parts_.told_of_refused(NameOf(candidate.place));
        continue;
      }
      EnterStage(clock_, Stage::kRecords);
      ASSIGN_OR_RETURN(SearchHit hit, ReadHit(place, i));
      EnterStage(clock_, Stage::kCopies);
      const NearDuplicates::Text text = {
          .document = hit.document.id, .title = hit.document.title, .text = hit.passage.text};
      // What the query names or asks is shown as itself.
      const bool fixed = hit.known_question || hit.resolved_reference;
      if (const std::optional<size_t> shown = fixed ? std::nullopt : copies.Find(text)) {
        Join(std::move(hit), place.candidate, result_.hits[*shown], shown_[*shown]);
      } else if (result_.hits.size() < query_.k) {
        copies.Add(text);
        result_.hits.push_back(std::move(hit));
        shown_.push_back(place.candidate);
      }
    }
    EnterStage(clock_, Stage::kDetails);
    const MarkedTerms marked(parsed_, expansions_);
    for (size_t i = 0; i < result_.hits.size(); ++i) Detail(i, marked);
    return absl::OkStatus();
  }

  // The metadata of a document as the caller may see it, read once.
  absl::StatusOr<Document> ReadDocument(const std::string& id) {
    const auto known = std::find_if(documents_.begin(), documents_.end(),
                                    [&id](const Document& document) { return document.id == id; });
    if (known != documents_.end()) return *known;
    ASSIGN_OR_RETURN(Document document, snapshot_.records().GetDocumentMetadata(id));
    HideNames(snapshot_, query_.labels, document);
    if (documents_.size() < kDocumentsKept) documents_.push_back(document);
    return document;
  }

  // Reads the first k, most or all of which will be hits, and their documents at once.
  absl::Status ReadFirst() {
    first_.resize(std::min<size_t>(order_.size(), query_.k));
    std::vector<std::string> names;
    std::vector<std::string> ids;
    std::vector<size_t> at;
    for (size_t i = 0; i < first_.size(); ++i) {
      const PassagePlace place = ranked_[order_[i].candidate].place;
      const Segment& segment = *snapshot_.segments()[place.segment];
      if (!IsAllowedPassage(segment, place.passage, query_)) continue;
      names.push_back(segment.columns().PassageName(place.passage));
      at.push_back(i);
      const std::string_view id =
          segment.columns().id(segment.columns().document_of(place.passage));
      if (ids.size() < kDocumentsKept && std::find(ids.begin(), ids.end(), id) == ids.end())
        ids.emplace_back(id);
    }
    ASSIGN_OR_RETURN(documents_, snapshot_.records().GetDocumentsMetadata(ids));
    for (Document& document : documents_) HideNames(snapshot_, query_.labels, document);
    ASSIGN_OR_RETURN(std::vector<Passage> passages, snapshot_.records().GetPassages(names));
    for (size_t i = 0; i < at.size(); ++i) first_[at[i]] = std::move(passages[i]);
    return absl::OkStatus();
  }

  // `at`: where it stands in the order.
  absl::StatusOr<SearchHit> ReadHit(const Place& place, size_t at) {
    const Candidate& candidate = ranked_[place.candidate];
    SearchHit hit;
    if (at < first_.size() && first_[at]) {
      hit.passage = *std::move(first_[at]);
    } else {
      ASSIGN_OR_RETURN(hit.passage, ReadPassage(candidate.place));
    }
    ASSIGN_OR_RETURN(hit.document, ReadDocument(hit.passage.document_id));
    hit.score = candidate.score;
    hit.known_question = place.tier < asked_.size();
    hit.resolved_reference = !hit.known_question && place.tier < RestTier();
    return hit;
  }

  // Shows two hits as one, the better copy of both, at the place of the first.
  void Join(SearchHit copy, size_t candidate, SearchHit& shown, size_t& shown_candidate) const {
    const bool fixed = shown.known_question || shown.resolved_reference;
    if (!fixed && IsBetterCopy(copy, shown, query_.as_of)) {
      copy.duplicates = std::move(shown.duplicates);
      std::swap(copy, shown);
      shown_candidate = candidate;
    }
    shown.duplicates.push_back(std::move(copy.passage.name));
  }

  void Detail(size_t i, const MarkedTerms& marked) {
    SearchHit& hit = result_.hits[i];
    const Candidate& candidate = ranked_[shown_[i]];
    if (i < kHitsWithSpans) hit.matched_spans = marked.SpansIn(hit.passage.text);
    SearchEvidence& evidence = result_.evidence;
    evidence.resolved_reference = evidence.resolved_reference || hit.resolved_reference;
    if (hit.resolved_reference || hit.known_question) evidence.answerability = 1;
    if (!query_.explain) return;
    Explain(candidates_, parts_.ranking, candidate, hit);
    if (const auto found = questions_.find(candidate.place); found != questions_.end()) {
      for (const QuestionMatch& match : found->second) {
        hit.questions.push_back({.id = std::string(snapshot_.editorial()->id(match.question)),
                                 .text = std::string(snapshot_.editorial()->text(match.question)),
                                 .similarity = match.similarity});
      }
    }
    if (const auto found = reranker_scores_.find(shown_[i]); found != reranker_scores_.end())
      hit.reranker_score = found->second;
  }

  absl::Status NoteNotInForce() {
    for (const DocumentPlace& place : resolved_.not_in_force) {
      const FilterColumns& columns = snapshot_.segments()[place.segment]->columns();
      ASSIGN_OR_RETURN(Document document, ReadDocument(std::string(columns.id(place.document))));
      result_.not_in_force.push_back(std::move(document));
    }
    return absl::OkStatus();
  }

  const LocalSearcherParts& parts_;
  StageClock* const clock_;  // may be null
  const Snapshot& snapshot_;
  const SearchQuery& query_;
  const ParsedQuery parsed_;
  const std::vector<Expansion> expansions_;
  const EmbeddingCall embedding_;
  CandidateSearch candidates_;
  ResolvedReferences resolved_;
  std::map<PassagePlace, std::vector<QuestionMatch>> questions_;  // that a passage answers
  std::vector<PassagePlace> asked_;  // answer the known question that the query is
  std::vector<Candidate> ranked_;
  std::vector<Place> order_;
  std::map<size_t, double> reranker_scores_;   // by candidate
  std::vector<size_t> shown_;                  // candidates of the hits
  std::vector<std::optional<Passage>> first_;  // of order_; read at once
  std::vector<Document> documents_;            // of hits, as the caller may see them
  SearchResult result_;
};

}  // namespace

LocalSearcher::LocalSearcher(std::shared_ptr<const Snapshot> snapshot, SearcherOptions options)
    : snapshot_(std::move(snapshot)),
      parts_{
          .snapshot = *snapshot_,
          .ranking = std::move(options.ranking),
          .names = NameIndex(*snapshot_),
          .synonyms = SynonymTable(snapshot_->editorial(), options.everyday_words),
          .bank = QuestionBank(*snapshot_),
          .reranker = std::move(options.reranker),
          .rerank = options.rerank,
          .told_of_embedding = std::move(options.told_of_embedding),
          .told_of_stages = std::move(options.told_of_stages),
          .told_of_refused = std::move(options.told_of_refused),
          .filters = std::make_unique<FilterCache>(*snapshot_, std::move(options.filter_maker))} {}

absl::StatusOr<SearchResult> LocalSearcher::Search(const SearchQuery& query) const {
  if (!parts_.told_of_stages) return SearchWith(query, nullptr);
  StageClock clock;
  absl::StatusOr<SearchResult> result = SearchTimed(query, clock);
  if (result.ok()) parts_.told_of_stages(clock.times());
  return result;
}

absl::StatusOr<SearchResult> LocalSearcher::SearchTimed(const SearchQuery& query,
                                                        StageClock& clock) const {
  absl::StatusOr<SearchResult> result = SearchWith(query, &clock);
  clock.Stop();
  return result;
}

absl::StatusOr<SearchResult> LocalSearcher::SearchWith(const SearchQuery& query,
                                                       StageClock* clock) const {
  RETURN_IF_ERROR(CheckQueryText(query.text));
  if (query.k < 1 || query.k > kMaxHits) {
    return absl::InvalidArgumentError(Cat("k: ", query.k, ", expected 1..", kMaxHits));
  }
  return OneSearch(parts_, query, clock).Run();
}

absl::StatusOr<Document> LocalSearcher::GetDocument(const std::string& id,
                                                    const CallerLabels& labels) const {
  ASSIGN_OR_RETURN(const Snapshot::Place place, snapshot_->FindDocument(id));
  if (!IsVisible(place.segment->columns(), place.document, labels)) {
    return absl::NotFoundError(Cat("documents/", id, " not found"));
  }
  ASSIGN_OR_RETURN(Document document, snapshot_->records().GetDocument(id));
  RETURN_IF_ERROR(BlankHidden(place, labels, document));
  HideNames(*snapshot_, labels, document);
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
    HideNames(*snapshot_, labels, hit.document);
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

absl::StatusOr<DocumentPage> LocalSearcher::ListDocuments(const DocumentListQuery& query) const {
  return policykb::ListDocuments(*snapshot_, query);
}

absl::StatusOr<std::vector<std::string>> LocalSearcher::SuggestQuestions(
    const SuggestionQuery& query) const {
  return policykb::SuggestQuestions(*snapshot_, query);
}

}  // namespace policykb
