// LocalSearcher: Searcher over one open snapshot.
//
// Lexical and dense candidates, synonyms and known questions, ranking, references resolved, copies
// shown as one, records read for the hits only. Const
// after construction: no lock anywhere, any thread; the same snapshot and query give the same
// result.

#ifndef POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_
#define POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_

#include <memory>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "retriever/candidates.h"
#include "retriever/name_index.h"
#include "retriever/question_bank.h"
#include "retriever/reranker.h"
#include "retriever/searcher.h"
#include "retriever/synonyms.h"

namespace policykb {

// What a search needs besides the query; refers to the snapshot.
struct LocalSearcherParts {
  const Snapshot& snapshot;
  NameIndex names;
  SynonymTable synonyms;
  QuestionBank bank;
  const Reranker* reranker = nullptr;
  RerankOptions rerank;
};

class LocalSearcher : public Searcher {
 public:
  // `reranker` may be null.
  explicit LocalSearcher(std::shared_ptr<const Snapshot> snapshot,
                         std::shared_ptr<const Reranker> reranker = nullptr,
                         RerankOptions rerank = {});

  absl::StatusOr<SearchResult> Search(const SearchQuery& query) const override;
  absl::StatusOr<Document> GetDocument(const std::string& id,
                                       const CallerLabels& labels) const override;
  absl::StatusOr<std::vector<SearchHit>> GetPassages(std::span<const std::string> names,
                                                     const CallerLabels& labels) const override;
  SnapshotInfo Info(const CallerLabels& labels) const override;

  // For callers that need the snapshot itself (inspect, bench).
  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  // Blanks the text of provisions that the caller may not see.
  absl::Status BlankHidden(const Snapshot::Place& place, const CallerLabels& labels,
                           Document& document) const;

  std::shared_ptr<const Snapshot> snapshot_;
  std::shared_ptr<const Reranker> reranker_;
  LocalSearcherParts parts_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_
