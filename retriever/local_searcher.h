// LocalSearcher: Searcher over one open snapshot.
//
// Lexical and dense candidates, synonyms and known questions, ranking, references resolved, copies
// shown as one, records read for the hits only. Const after construction, any thread; the one lock
// is the filter cache's, held for a look-up. The same snapshot and query give the same result.

#ifndef POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_
#define POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "retriever/candidates.h"
#include "retriever/filter_cache.h"
#include "retriever/name_index.h"
#include "retriever/question_bank.h"
#include "retriever/reranker.h"
#include "retriever/searcher.h"
#include "retriever/stage_clock.h"
#include "retriever/synonyms.h"

namespace policykb {

struct SearcherOptions {
  RankingModel ranking = DefaultRanking();
  EverydayWordUse everyday_words = EverydayWordUse::kUse;
  std::shared_ptr<const Reranker> reranker = nullptr;
  RerankOptions rerank = {};
  FilterMaker filter_maker = MakeFilter;  // what a search may see; tests give another one
  // Told by every search whether it could embed its query. Must not block.
  std::function<void(const absl::Status&)> told_of_embedding = nullptr;
  // Told by every search that succeeded where its time went. Must not block.
  std::function<void(const StageTimes&)> told_of_stages = nullptr;
  // Told the name of each hit that was found and that the columns, looked at once more, do not
  // allow: never shown, and there is none but by a mistake of ours. Must not block.
  std::function<void(const std::string& passage)> told_of_refused = nullptr;
};

// What a search needs besides the query; refers to the snapshot.
struct LocalSearcherParts {
  const Snapshot& snapshot;
  RankingModel ranking;
  NameIndex names;
  SynonymTable synonyms;
  QuestionBank bank;
  std::shared_ptr<const Reranker> reranker;
  RerankOptions rerank;
  std::function<void(const absl::Status&)> told_of_embedding;
  std::function<void(const StageTimes&)> told_of_stages;
  std::function<void(const std::string&)> told_of_refused;
  std::unique_ptr<FilterCache> filters;
};

class LocalSearcher : public Searcher {
 public:
  explicit LocalSearcher(std::shared_ptr<const Snapshot> snapshot, SearcherOptions options = {});

  absl::StatusOr<SearchResult> Search(const SearchQuery& query) const override;
  // The same; `clock` is told when each stage begins, and stopped in the end.
  absl::StatusOr<SearchResult> SearchTimed(const SearchQuery& query, StageClock& clock) const;
  absl::StatusOr<Document> GetDocument(const std::string& id,
                                       const CallerLabels& labels) const override;
  absl::StatusOr<std::vector<SearchHit>> GetPassages(std::span<const std::string> names,
                                                     const CallerLabels& labels) const override;
  SnapshotInfo Info(const CallerLabels& labels) const override;
  absl::StatusOr<DocumentPage> ListDocuments(const DocumentListQuery& query) const override;
  absl::StatusOr<std::vector<std::string>> SuggestQuestions(
      const SuggestionQuery& query) const override;
  bool search_waits() const override { return snapshot_->embedder().waits_for_network(); }

  // For callers that need the snapshot itself (inspect, bench).
  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  absl::StatusOr<SearchResult> SearchWith(const SearchQuery& query, StageClock* clock) const;
  // Blanks the text of provisions that the caller may not see.
  absl::Status BlankHidden(const Snapshot::Place& place, const CallerLabels& labels,
                           Document& document) const;

  std::shared_ptr<const Snapshot> snapshot_;
  LocalSearcherParts parts_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_
