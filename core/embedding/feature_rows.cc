#include "core/embedding/feature_rows.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace policykb {

WeightedRows CountRows(std::vector<uint32_t> rows) {
  std::sort(rows.begin(), rows.end());
  WeightedRows weighted;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin + 1;
    while (end < rows.size() && rows[end] == rows[begin]) ++end;
    weighted.rows.push_back(rows[begin]);
    weighted.counts.push_back(1 + std::log(static_cast<float>(end - begin)));
    begin = end;
  }
  return weighted;
}

FeatureRows::FeatureRows(std::unique_ptr<const PieceModel> pieces,
                         std::span<const uint64_t> han_keys)
    : pieces_(std::move(pieces)),
      piece_rows_(pieces_ == nullptr ? 0 : static_cast<uint32_t>(pieces_->size())),
      han_(han_keys, piece_rows_) {}

std::vector<uint32_t> FeatureRows::Rows(const TextFeatures& features) const {
  std::vector<uint32_t> found;
  found.reserve(features.han_keys.size());
  for (const uint64_t key : features.han_keys) {
    if (const std::optional<uint32_t> row = han_.Find(key)) found.push_back(*row);
  }
  if (pieces_ != nullptr && !features.words.empty()) {
    for (const int id : pieces_->Encode(features.words)) {
      found.push_back(static_cast<uint32_t>(id));
    }
  }
  return found;
}

}  // namespace policykb
