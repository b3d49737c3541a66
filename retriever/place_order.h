// PlaceOrder: the candidates of a search in the order of their places, found without comparing
// them.
//
// For one search, while its candidates stay as they are. Const after construction.

#ifndef POLICYKB_RETRIEVER_PLACE_ORDER_H_
#define POLICYKB_RETRIEVER_PLACE_ORDER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/snapshot/entry_set.h"
#include "core/snapshot/snapshot.h"
#include "retriever/features.h"

namespace policykb {

class PlaceOrder {
 public:
  // REQUIRES: passages of the snapshot, each once.
  PlaceOrder(const Snapshot& snapshot, const std::vector<Candidate>& candidates);

  // Numbers of the candidates, by place.
  const std::vector<size_t>& numbers() const { return numbers_; }
  // The passages of one segment, and the numbers of their candidates.
  const EntrySet& passages(uint32_t segment) const { return passages_[segment]; }
  std::span<const size_t> numbers_of(uint32_t segment) const {
    return std::span(numbers_).subspan(begins_[segment], passages_[segment].size());
  }
  // The number of the candidate that the passage is.
  std::optional<size_t> Find(PassagePlace place) const {
    const EntrySet& passages = passages_[place.segment];
    if (!passages.Contains(place.passage)) return std::nullopt;
    return numbers_[begins_[place.segment] + passages.PositionOf(place.passage)];
  }

 private:
  std::vector<EntrySet> passages_;  // by segment
  std::vector<size_t> begins_;      // by segment, in numbers_
  std::vector<size_t> numbers_;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_PLACE_ORDER_H_
