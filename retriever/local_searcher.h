// LocalSearcher: Searcher over one open snapshot.
//
// Lexical and dense candidates, ranking, references resolved, records read for the hits only. Const
// after construction, any thread; the one lock is the filter cache's, held for a look-up. The same
// snapshot and query give the same result.

#ifndef POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_
#define POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.h"
#include "retriever/candidates.h"
#include "retriever/filter_cache.h"
#include "retriever/name_index.h"
#include "retriever/searcher.h"

namespace policykb {

struct SearcherOptions {
  FeatureVector weights = kRankingWeights;  // of the ranking stage (ranking_weights.h)
  FilterMaker filter_maker = MakeFilter;    // what a search may see; tests give another one
};

class LocalSearcher : public Searcher {
 public:
  explicit LocalSearcher(std::shared_ptr<const Snapshot> snapshot, SearcherOptions options = {});

  absl::StatusOr<SearchResult> Search(const SearchQuery& query) const override;
  absl::StatusOr<Document> GetDocument(const std::string& id,
                                       const CallerLabels& labels) const override;
  absl::StatusOr<std::vector<SearchHit>> GetPassages(std::span<const std::string> names,
                                                     const CallerLabels& labels) const override;
  SnapshotInfo Info(const CallerLabels& labels) const override;

  // Hits that were found and that the columns, looked at once more, do not allow: never shown, and
  // above 0 only by a mistake of ours.
  uint64_t refused_hits() const { return refused_hits_; }

  // For callers that need the snapshot itself (inspect, bench).
  const Snapshot& snapshot() const { return *snapshot_; }

 private:
  // Blanks the text of provisions that the caller may not see.
  absl::Status BlankHidden(const Snapshot::Place& place, const CallerLabels& labels,
                           Document& document) const;
  struct Resolved {
    std::vector<PassagePlace> passages;       // of the provisions named, in order
    std::vector<DocumentPlace> documents;     // named as a whole
    std::vector<PassagePlace> of_documents;   // their first passages
    std::vector<DocumentPlace> not_in_force;  // named, visible, but not in force
  };
  Resolved Resolve(const ParsedQuery& parsed, const SearchQuery& query,
                   const CandidateSearch& search) const;
  absl::StatusOr<SearchHit> ReadHit(PassagePlace place) const;
  SearchEvidence Gather(const CandidateSearch& search, const std::vector<Candidate>& ranked) const;

  std::shared_ptr<const Snapshot> snapshot_;
  const FeatureVector weights_;
  NameIndex names_;
  const std::unique_ptr<FilterCache> filters_;
  mutable std::atomic<uint64_t> refused_hits_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_LOCAL_SEARCHER_H_
