// Pairs of texts that belong together, drawn from the documents' own structure, to train an
// embedder on.
//
// A pair is a query, which is short, and a passage that answers it. No judgements are needed: a
// heading path goes with its passage, a sentence with the rest of its passage; where the data team
// has known questions, each goes with the passages that answer it. Const after construction, any
// thread.

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
  std::vector<std::vector<uint32_t>> questions = {};  // known ones that it answers
};

struct TrainingPair {
  WeightedRows query;
  WeightedRows passage;
};

class TrainingPairs {
 public:
  // `idf`: by row; multiplies every weight.
  TrainingPairs(std::vector<PassageRows> passages, std::vector<float> idf);

  size_t passages() const { return passages_.size(); }
  // Rows of the table.
  size_t rows() const { return idf_.size(); }
  // A pair made of that passage; the seed decides which of the possible ones. Either side may be
  // empty where the passage has nothing to give. REQUIRES: passage < passages().
  TrainingPair Draw(size_t passage, uint64_t seed) const;

  // Passages with known questions, each as often as it has some.
  const std::vector<size_t>& asked() const { return asked_; }
  // A known question and the passage. REQUIRES: `passage` is one of asked().
  TrainingPair DrawQuestion(size_t passage, uint64_t seed) const;

 private:
  WeightedRows Weigh(std::vector<uint32_t> rows) const;

  std::vector<PassageRows> passages_;
  std::vector<float> idf_;
  std::vector<size_t> asked_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRAINING_PAIRS_H_
