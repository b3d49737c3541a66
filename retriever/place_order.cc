#include "retriever/place_order.h"

#include <utility>

namespace policykb {

PlaceOrder::PlaceOrder(const Snapshot& snapshot, const std::vector<Candidate>& candidates)
    : numbers_(candidates.size()) {
  std::vector<std::vector<uint32_t>> ordinals(snapshot.segments().size());
  for (const Candidate& candidate : candidates)
    ordinals[candidate.place.segment].push_back(candidate.place.passage);
  size_t begin = 0;
  for (size_t s = 0; s < ordinals.size(); ++s) {
    begins_.push_back(begin);
    begin += ordinals[s].size();
    passages_.emplace_back(std::move(ordinals[s]), snapshot.segments()[s]->passages().entries());
  }
  for (size_t i = 0; i < candidates.size(); ++i) {
    const auto [segment, passage] = candidates[i].place;
    numbers_[begins_[segment] + passages_[segment].PositionOf(passage)] = i;
  }
}

}  // namespace policykb
