// Order by score, for the few hundred things that a search scores many times over.
//
// Scores spread: things are dealt into buckets by score, and only those of one bucket are compared
// (bucket sort: Knuth, The Art of Computer Programming 3, 5.2.1). Comparing all of them with each
// other costs several times as much, in branches that cannot be foreseen. Pure functions, any
// thread.

#ifndef POLICYKB_CORE_BASE_SCORE_ORDER_H_
#define POLICYKB_CORE_BASE_SCORE_ORDER_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace policykb {

// Leaves the first `count` in the order of `better`, or all when there are fewer. `score_of` gives
// the score of one, never NaN. REQUIRES: `better` is a strict order in which a higher score comes
// first.
template <typename T, typename ScoreOf, typename Better>
void KeepBest(std::vector<T>& items, size_t count, const ScoreOf& score_of, const Better& better) {
  constexpr size_t kBuckets = 1024;
  constexpr size_t kFew = 64;
  count = std::min(count, items.size());
  double lowest = 0;
  double highest = 0;
  if (items.size() > kFew) {
    lowest = highest = score_of(items.front());
    for (const T& item : items) {
      lowest = std::min<double>(lowest, score_of(item));
      highest = std::max<double>(highest, score_of(item));
    }
  }
  const double scale = (kBuckets - 1) / (highest - lowest);
  // Few, all alike, or of infinite scores.
  if (!(scale > 0) || !std::isfinite(scale)) {
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(count);
    if (count < items.size()) std::nth_element(items.begin(), end, items.end(), better);
    std::sort(items.begin(), end, better);
    items.erase(end, items.end());
    return;
  }
  const auto bucket_of = [&](const T& item) {
    return static_cast<size_t>((highest - score_of(item)) * scale);
  };
  std::array<uint32_t, kBuckets + 1> ends{};  // first where buckets begin, later where they end
  for (const T& item : items) ++ends[bucket_of(item) + 1];
  for (size_t bucket = 0; bucket < kBuckets; ++bucket) ends[bucket + 1] += ends[bucket];
  std::vector<T> dealt(items.size());
  for (T& item : items) dealt[ends[bucket_of(item)]++] = std::move(item);
  for (size_t begin = 0, bucket = 0; begin < count; ++bucket) {
    const size_t end = ends[bucket];
    if (end - begin > 1) {
      std::sort(dealt.begin() + static_cast<std::ptrdiff_t>(begin),
                dealt.begin() + static_cast<std::ptrdiff_t>(end), better);
    }
    begin = end;
  }
  dealt.erase(dealt.begin() + static_cast<std::ptrdiff_t>(count), dealt.end());
  items = std::move(dealt);
}

}  // namespace policykb

#endif  // POLICYKB_CORE_BASE_SCORE_ORDER_H_
