#include "core/snapshot/vector_walk.h"

#include <algorithm>
#include <limits>

#include "core/snapshot/dot_kernels.h"

namespace policykb {

namespace {

constexpr size_t kCacheLine = 64;

// Ties go to the lower ordinal, so that a walk does not depend on how a heap is kept.
bool Better(const ScoredOrdinal& a, const ScoredOrdinal& b) {
  return a.score != b.score ? a.score > b.score : a.ordinal < b.ordinal;
}
bool Worse(const ScoredOrdinal& a, const ScoredOrdinal& b) { return Better(b, a); }

// The best `most` of what is offered; a heap with the worst on top.
class BestFound {
 public:
  explicit BestFound(size_t most) : most_(most) { found_.reserve(most + 1); }

  // Scores at or below this change nothing.
  float threshold() const { return threshold_; }

  void Offer(const ScoredOrdinal& entry) {
    found_.push_back(entry);
    std::push_heap(found_.begin(), found_.end(), Better);
    if (found_.size() > most_) {
      std::pop_heap(found_.begin(), found_.end(), Better);
      found_.pop_back();
    }
    if (found_.size() == most_) threshold_ = found_.front().score;
  }

  std::vector<uint32_t> Best(size_t keep) {
    if (keep < found_.size()) {
      const auto end = found_.begin() + static_cast<std::ptrdiff_t>(keep);
      std::nth_element(found_.begin(), end, found_.end(), Better);
      found_.erase(end, found_.end());
    }
    std::vector<uint32_t> ordinals(found_.size());
    std::transform(found_.begin(), found_.end(), ordinals.begin(),
                   [](const ScoredOrdinal& entry) { return entry.ordinal; });
    return ordinals;
  }

 private:
  size_t most_;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<ScoredOrdinal> found_;
};

// Entries a walk has met.
class Met {
 public:
  explicit Met(uint32_t entries) : words_((size_t{entries} + 63) / 64, 0) {}

  // False the second time.
  bool Add(uint32_t entry) {
    uint64_t& word = words_[entry / 64];
    const uint64_t bit = uint64_t{1} << (entry % 64);
    const bool is_new = (word & bit) == 0;
    word |= bit;
    return is_new;
  }

 private:
  std::vector<uint64_t> words_;
};

void Fetch(const void* begin, size_t bytes) {
  const char* const at = static_cast<const char*>(begin);
  for (size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(at + i);
}

}  // namespace

VectorWalk::VectorWalk(const VectorFile& content) : codes_(content.codes), graph_(content.graph) {
  blocks_.reserve(graph_.layers.size());
  uint64_t block = 0;
  for (const uint8_t layers : graph_.layers) {
    blocks_.push_back(block);
    block += static_cast<uint64_t>(graph_.layer_starts[layers]);
  }
}

std::span<const int32_t> VectorWalk::Links(uint32_t entry, size_t layer) const {
  const auto begin = static_cast<size_t>(graph_.layer_starts[layer]);
  const auto end = static_cast<size_t>(graph_.layer_starts[layer + 1]);
  const std::span<const int32_t> slots =
      graph_.neighbors.subspan(blocks_[entry] + begin, end - begin);
  // Unused slots come last.
  size_t used = slots.size();
  while (used > 0 && slots[used - 1] < 0) --used;
  return slots.first(used);
}

float VectorWalk::Score(const CodedQuery& query, uint32_t entry) const {
  int32_t sum = 0;
  BestDotKernels().code_rows(codes_.row(entry), 1, query.components.data(), codes_.dimension, &sum);
  return static_cast<float>(sum - query.offset) * codes_.scales[entry];
}

std::vector<uint32_t> VectorWalk::Search(const CodedQuery& query, size_t keep, size_t breadth,
                                         BitmapView allowed) const {
  const auto start = static_cast<uint32_t>(graph_.entry_point);
  ScoredOrdinal nearest = {.ordinal = start, .score = Score(query, start)};
  for (size_t layer = graph_.layers[start]; --layer > 0;) {
    for (bool nearer = true; nearer;) {
      nearer = false;
      for (const int32_t link : Links(nearest.ordinal, layer)) {
        const auto entry = static_cast<uint32_t>(link);
        const ScoredOrdinal linked = {.ordinal = entry, .score = Score(query, entry)};
        if (!Better(linked, nearest)) continue;
        nearest = linked;
        nearer = true;
      }
    }
  }
  const DotKernels& kernels = BestDotKernels();
  Met met(codes_.entries());
  BestFound found(breadth);
  std::vector<ScoredOrdinal> open = {nearest};  // heap, the best on top
  met.Add(nearest.ordinal);
  if (IsAllowed(allowed, nearest.ordinal)) found.Offer(nearest);
  const auto slots = static_cast<size_t>(graph_.layer_starts[1]);
  std::vector<uint32_t> batch(slots);
  std::vector<int32_t> sums(slots);
  while (!open.empty() && open.front().score >= found.threshold()) {
    const uint32_t entry = open.front().ordinal;
    std::pop_heap(open.begin(), open.end(), Worse);
    open.pop_back();
    size_t count = 0;
    for (const int32_t link : Links(entry, 0)) {
      const auto linked = static_cast<uint32_t>(link);
      if (!met.Add(linked)) continue;
      Fetch(codes_.row(linked), codes_.dimension);
      batch[count++] = linked;
    }
    // Most likely the next.
    if (!open.empty())
      Fetch(graph_.neighbors.data() + blocks_[open.front().ordinal], slots * sizeof(int32_t));
    kernels.code_rows_at(codes_.codes.data(), batch.data(), count, query.components.data(),
                         codes_.dimension, sums.data());
    for (size_t i = 0; i < count; ++i) {
      const ScoredOrdinal linked = {
          .ordinal = batch[i],
          .score = static_cast<float>(sums[i] - query.offset) * codes_.scales[batch[i]]};
      if (!(linked.score > found.threshold())) continue;
      open.push_back(linked);
      std::push_heap(open.begin(), open.end(), Worse);
      if (IsAllowed(allowed, linked.ordinal)) found.Offer(linked);
    }
  }
  return found.Best(keep);
}

}  // namespace policykb
