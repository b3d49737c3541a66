// Searcher: the one interface through which passages are found and read.
//
// What the service, and tools that run without one, call. The embedded snapshot (local_searcher.h)
// stands behind it; a cluster engine may. Nothing above it may assume local files. Implementations
// are const and may be called from any thread.

#ifndef POLICYKB_RETRIEVER_SEARCHER_H_
#define POLICYKB_RETRIEVER_SEARCHER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/civil_date.h"
#include "core/base/span.h"
#include "core/snapshot/records.h"

namespace policykb {

inline constexpr uint32_t kDefaultHits = 10;
inline constexpr uint32_t kMaxHits = 1000;
inline constexpr size_t kMaxQueryBytes = 8192;
inline constexpr size_t kMaxPassageNames = 1000;
inline constexpr uint32_t kDefaultPageDocuments = 50;
inline constexpr uint32_t kMaxPageDocuments = 1000;
inline constexpr uint32_t kDefaultSuggestions = 8;
inline constexpr uint32_t kMaxSuggestions = 100;

// Empty fields restrict nothing.
struct SearchFilter {
  std::vector<std::string> kinds;
  std::vector<std::string> regions;
  std::vector<std::string> issuers;
  std::vector<std::string> documents;           // ids
  std::vector<std::string> excluded_documents;  // ids
  bool include_not_in_force = false;
};

// Labels a caller holds; it sees what has one of them.
using CallerLabels = std::vector<std::string>;

struct SearchQuery {
  std::string text;
  uint32_t k = kDefaultHits;
  CivilDate as_of;
  SearchFilter filter;
  CallerLabels labels = {kPublicLabel};
  bool explain = false;
  absl::Time deadline = absl::InfiniteFuture();  // bounds what may be left out, the embedding
  // What the search is part of, as in EmbeddingCall; for servers that it asks.
  std::string trace_parent = {};
  // True when nobody waits for the result any more; asked between the stages. Empty: somebody does.
  std::function<bool()> given_up = {};
};

struct TermWeight {
  std::string term;
  double weight = 0;
};

struct FeatureValue {
  std::string name;
  double value = 0;
  double weight = 0;
};

// A known question that a query resembles.
struct QuestionEvidence {
  std::string id;  // may be empty
  std::string text;
  double similarity = 0;  // (0, 1]
};

struct SearchHit {
  Passage passage;
  Document document;  // without text and provisions
  double score = 0;
  std::vector<Span> matched_spans;  // in passage.text; filled for the first 100 hits
  bool resolved_reference = false;
  bool known_question = false;  // the query is a known question that this passage answers
  // Names of passages further down that say the same and are shown by this one.
  std::vector<std::string> duplicates;
  // Filled when the query asks to explain.
  uint32_t lexical_rank = 0;  // from 1; 0 when it was no lexical candidate
  uint32_t dense_rank = 0;
  std::vector<TermWeight> terms;
  std::vector<FeatureValue> features;
  std::vector<QuestionEvidence> questions;  // that it answers, most similar first
  std::optional<double> reranker_score;
};

// Signals on whether the hits answer the query; the fields are those of policykb.v1.Evidence.
struct SearchEvidence {
  double best_coverage = 0;
  double union_coverage = 0;
  double unknown_share = 0;
  double best_cosine = 0;
  double best_lexical = 0;
  double best_character_coverage = 0;
  double unknown_character_share = 0;
  double best_lexical_score = 0;
  int32_t known_terms = 0;
  double first_coverage = 0;
  double specific_coverage = 0;
  int32_t longest_stretch = 0;
  double mean_cosine = 0;
  double agreement = 0;
  double concentration = 0;
  double first_score = 0;
  double margin = 0;
  double title_coverage = 0;
  double passages = 0;  // of the snapshot
  bool resolved_reference = false;
  double answerability = 0;
};

// What became of the reranker.
struct Reranking {
  bool applied = false;
  std::string failure;  // why not: one line
};

struct SearchResult {
  std::vector<SearchHit> hits;
  std::string snapshot;
  // That visibility, day and filter left to be searched: only what the caller may see counts.
  uint64_t searched_passages = 0;
  SearchEvidence evidence;
  std::vector<Document> not_in_force;  // named by the query, not in force on its day; without text
  std::optional<Reranking> reranking;  // nullopt without a reranker
  // Why the query has no vector and words alone found the hits: one line; empty when it has one.
  std::string dense_failure;
};

struct SnapshotInfo {
  std::string id;
  std::string published_at;
  uint64_t documents = 0;  // visible to the caller
  uint64_t passages = 0;
  std::string content_digest;
  std::string embedder_fingerprint;
  std::string analyzer_fingerprint;
  uint32_t format_version = 0;
};

// Empty lists and words restrict nothing.
struct DocumentListQuery {
  std::vector<std::string> kinds;
  std::vector<std::string> regions;
  std::vector<std::string> issuers;
  std::string words;  // each must stand in title or document number
  CivilDate as_of;
  bool include_not_in_force = false;
  uint32_t page_size = kDefaultPageDocuments;
  std::string page_token;  // of the page before; empty for the first
  CallerLabels labels = {kPublicLabel};
};

struct ListedDocument {
  std::string id;
  std::string title;
  std::string kind;
  std::string document_number;
  std::string issuer;
  std::string region;
  Validity validity;
};

struct FacetCount {
  std::string value;
  uint64_t documents = 0;
};

struct DocumentPage {
  std::vector<ListedDocument> documents;  // latest first by first day, then by id
  std::string next_page_token;            // empty on the last page
  uint64_t total = 0;                     // on all pages
  // On all pages but for what the query says of that list; most documents first.
  std::vector<FacetCount> kinds, regions, issuers;
  std::string snapshot;
};

struct SuggestionQuery {
  std::string prefix;
  uint32_t limit = kDefaultSuggestions;
  CivilDate as_of;
  CallerLabels labels = {kPublicLabel};
};

class Searcher {
 public:
  virtual ~Searcher() = default;

  // Errors: InvalidArgument (text empty, over kMaxQueryBytes or no UTF-8; k outside 1..kMaxHits),
  // Cancelled (given up), DataLoss.
  virtual absl::StatusOr<SearchResult> Search(const SearchQuery& query) const = 0;
  // A document with text and provisions. Errors: NotFound (also when not visible), DataLoss.
  virtual absl::StatusOr<Document> GetDocument(const std::string& id,
                                               const CallerLabels& labels) const = 0;
  // Passages with the metadata of their documents, in the order of `names`, all or none.
  // Errors: InvalidArgument (malformed name, more than kMaxPassageNames), NotFound (also when not
  // visible), DataLoss.
  virtual absl::StatusOr<std::vector<SearchHit>> GetPassages(std::span<const std::string> names,
                                                             const CallerLabels& labels) const = 0;
  virtual SnapshotInfo Info(const CallerLabels& labels) const = 0;
  // Documents that the caller may see. Errors: InvalidArgument (document_list.h).
  virtual absl::StatusOr<DocumentPage> ListDocuments(const DocumentListQuery& query) const = 0;
  // Known questions that begin with or hold what was typed. Errors: as ListDocuments.
  virtual absl::StatusOr<std::vector<std::string>> SuggestQuestions(
      const SuggestionQuery& query) const = 0;
  // True when Search waits for another machine: not to be called by a thread that must not block.
  virtual bool search_waits() const { return false; }
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_SEARCHER_H_
