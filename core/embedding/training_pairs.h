// Pairs of texts that belong together, drawn from the documents' own structure, to train an
// embedder on.
//
// A pair is a query, which is short, and a passage that answers it. No judgements are needed: a
// heading path goes with its passage, a sentence with the rest of its passage. Const after
// construction, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRAINING_PAIRS_H_
#define POLICYKB_CORE_EMBEDDING_TRAINING_PAIRS_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/embedding/feature_rows.h"

namespace policykb {

// Table rows of a passage's parts, repeated as often as they occur, in order.
struct PassageRows {
  std::vector<uint32_t> context;  // of its title and headings
  std::vector<std::vector<uint32_t>> sentences;
};

struct TrainingPair {
  WeightedRows query;
  WeightedRows passage;
};

class TrainingPairs {
 public:
  // `idf`: by row; multiplies every weight.
  TrainingPairs(std::vector<PassageRows> passages, std::vector<float> idf)
      : passages_(std::move(passages)), idf_(std::move(idf)) {}

  size_t passages() const { return passages_.size(); }
  // Rows of the table.
  size_t rows() const { return idf_.size(); }
  // A pair made of that passage; the seed decides which of the possible ones. Either side may be
  // empty where the passage has nothing to give. REQUIRES: passage < passages().
  TrainingPair Draw(size_t passage, uint64_t seed) const;

 private:
  WeightedRows Weigh(std::vector<uint32_t> rows) const;

  std::vector<PassageRows> passages_;
  std::vector<float> idf_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRAINING_PAIRS_H_
