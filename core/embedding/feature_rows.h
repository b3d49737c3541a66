// Texts as rows of an embedder table with the weight of each row's count.
//
// What training and embedding share, so that passages and queries are seen alike. Const after
// construction, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_FEATURE_ROWS_H_
#define POLICYKB_CORE_EMBEDDING_FEATURE_ROWS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/embedding/han_key_index.h"
#include "core/embedding/sentencepiece_wall.h"
#include "core/embedding/text_features.h"

namespace policykb {

// Rows of a text, rising, and 1 + ln(times) for each.
struct WeightedRows {
  std::vector<uint32_t> rows;
  std::vector<float> counts;
};

// Counts rows that may occur several times, in any order.
WeightedRows CountRows(std::vector<uint32_t> rows);

class FeatureRows {
 public:
  // `pieces` may be null: then there are no piece rows.
  FeatureRows(std::unique_ptr<const PieceModel> pieces, std::span<const uint64_t> han_keys);

  uint32_t piece_rows() const { return piece_rows_; }
  // Rows of a text, in no order, as often as they occur.
  std::vector<uint32_t> Rows(const TextFeatures& features) const;

 private:
  std::unique_ptr<const PieceModel> pieces_;
  uint32_t piece_rows_;
  HanKeyIndex han_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_FEATURE_ROWS_H_
