// QuestionBank: known questions that a query resembles, with the passages that answer them.
//
// Names passages, whoever may see them: what a caller may not see is left out by who asks
// (local_searcher). Const after construction, any thread; refers to the snapshot, which must
// outlive it.

#ifndef POLICYKB_RETRIEVER_QUESTION_BANK_H_
#define POLICYKB_RETRIEVER_QUESTION_BANK_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/snapshot.h"
#include "retriever/query.h"

namespace policykb {

struct QuestionMatch {
  size_t question = 0;    // in StoredEditorial
  double similarity = 0;  // (0, 1], 0 for what questions have in common anyway
  bool same = false;      // the query is that question
};

class QuestionBank {
 public:
  explicit QuestionBank(const Snapshot& snapshot);

  bool empty() const { return editorial_ == nullptr || editorial_->questions() == 0; }
  // The questions that resemble the query, most similar first, ties by their order; at most 16.
  // `vector` is the query's; all zero leaves terms alone to say. Errors: as VectorIndex::Search.
  absl::StatusOr<std::vector<QuestionMatch>> Match(const ParsedQuery& query,
                                                   std::span<const float> vector) const;

 private:
  // The questions that share most terms with the query, at most 16, in no order.
  std::vector<size_t> BestByTerms(const ParsedQuery& query) const;
  // Questions that share terms with the query or are near it.
  absl::StatusOr<std::vector<size_t>> Candidates(const ParsedQuery& query,
                                                 std::span<const float> vector) const;

  const Snapshot& snapshot_;
  const StoredEditorial* editorial_;
  double passages_ = 0;
};

// Weighted Jaccard similarity of two sets of terms, ascending by text: weight of the common ones by
// weight of all.
struct WeighedTerm {
  std::string_view text;
  double weight = 0;
};
double TermSimilarity(std::span<const WeighedTerm> a, std::span<const WeighedTerm> b);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_QUESTION_BANK_H_
