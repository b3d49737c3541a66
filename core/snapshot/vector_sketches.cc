#include "core/snapshot/vector_sketches.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace policykb {

namespace {

constexpr int kLargestComponent = 127;

// The highest bits of eight bytes, the first byte's lowest.
uint64_t HighestBits(const uint8_t* bytes) {
  uint64_t eight;
  std::memcpy(&eight, bytes, sizeof(eight));
  // Byte i, 0 or 1, is moved to bit 56 + i, and no two products meet.
  return (eight >> 7 & 0x0101010101010101U) * 0x0102040810204080U >> 56;
}

// Signs and sizes of a query's components.
struct SketchedQuery {
  SketchedQuery(const CodedQuery& query, size_t words)
      : signs(words, 0), planes(words * kSketchPlanes, 0) {
    for (size_t i = 0; i < query.components.size(); ++i) {
      const int component = query.components[i];
      const uint64_t bit = uint64_t{1} << (i % 64);
      if (component >= 0) signs[i / 64] |= bit;
      const int size =
          (std::abs(component) * kLargestSketchSize + kLargestComponent / 2) / kLargestComponent;
      for (size_t plane = 0; plane < kSketchPlanes; ++plane) {
        if (size >> plane & 1) planes[i / 64 * kSketchPlanes + plane] |= bit;
      }
    }
  }

  std::vector<uint64_t> signs;
  std::vector<uint64_t> planes;
};

// The `keep` nearest of what is offered in ascending order of ordinals, found by counting.
class NearestEntries {
 public:
  // REQUIRES: keep > 0.
  NearestEntries(size_t keep, uint32_t largest_distance)
      : keep_(keep), limit_(largest_distance + 1), counts_(limit_) {
    entries_.reserve(kFull * keep + kSketchRows);
  }

  // Distances from this on need not be offered.
  uint32_t limit() const { return limit_; }

  void Offer(uint32_t ordinal, uint16_t distance) {
    entries_.push_back({.ordinal = ordinal, .distance = distance});
  }
  // After each kSketchRows offers at most.
  void ShrinkIfFull() {
    if (entries_.size() >= kFull * keep_) Shrink();
  }

  std::vector<uint32_t> Ordinals() {
    if (entries_.size() > keep_) Shrink();
    std::vector<uint32_t> ordinals(entries_.size());
    std::transform(entries_.begin(), entries_.end(), ordinals.begin(),
                   [](const Entry& entry) { return entry.ordinal; });
    return ordinals;
  }

 private:
  // Times `keep`.
  static constexpr size_t kFull = 3;

  struct Entry {
    uint32_t ordinal = 0;
    uint16_t distance = 0;
  };

  void Shrink() {
    std::fill_n(counts_.begin(), limit_, 0u);
    for (const Entry& entry : entries_) ++counts_[entry.distance];
    uint32_t edge = 0;  // the distance of the last that is kept
    size_t nearer = 0;
    while (nearer + counts_[edge] < keep_) nearer += counts_[edge++];
    size_t at_edge = keep_ - nearer;
    size_t kept = 0;
    // Without a branch on the distance, which could not be foreseen.
    for (const Entry entry : entries_) {
      entries_[kept] = entry;
      const bool takes_edge = (entry.distance == edge) & (at_edge > 0);
      at_edge -= takes_edge;
      kept += takes_edge | (entry.distance < edge);
    }
    entries_.resize(kept);
    limit_ = edge;
  }

  size_t keep_;
  uint32_t limit_;
  std::vector<uint32_t> counts_;  // by distance
  std::vector<Entry> entries_;
};

}  // namespace

VectorSketches::VectorSketches(const VectorCodes& codes)
    : entries_(codes.entries()),
      words_(codes.dimension / 64),
      sketches_((size_t{entries_} + kSketchRows - 1) / kSketchRows * kSketchRows * words_, 0) {
  for (size_t entry = 0; entry < entries_; ++entry) {
    const uint8_t* const row = codes.row(entry);
    uint64_t* const group = sketches_.data() + entry / kSketchRows * kSketchRows * words_;
    for (size_t i = 0; i < codes.dimension; i += 8) {
      group[i / 64 * kSketchRows + entry % kSketchRows] |= HighestBits(row + i) << (i % 64);
    }
  }
}

std::vector<uint32_t> VectorSketches::Nearest(const CodedQuery& query, BitmapView allowed,
                                              size_t keep) const {
  keep = std::min<size_t>(keep, entries_);
  if (keep == 0) return {};
  const SketchKernels& kernels = BestSketchKernels();
  const SketchedQuery sketched(query, words_);
  NearestEntries nearest(keep, static_cast<uint32_t>(words_ * 64) * kLargestSketchSize);
  uint16_t distances[kSketchRows];
  for (uint32_t first = 0; first < entries_; first += kSketchRows) {
    uint64_t bits = AllowedWord(allowed, first / 64, entries_);
    if (bits == 0) continue;
    bits &= kernels.nearer(sketches_.data() + size_t{first} * words_, sketched.signs.data(),
                           sketched.planes.data(), words_, nearest.limit(), distances);
    for (; bits != 0; bits &= bits - 1) {
      const auto row = static_cast<uint32_t>(std::countr_zero(bits));
      nearest.Offer(first + row, distances[row]);
    }
    nearest.ShrinkIfFull();
  }
  return nearest.Ordinals();
}

}  // namespace policykb
