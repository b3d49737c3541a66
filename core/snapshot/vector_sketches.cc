#include "core/snapshot/vector_sketches.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

namespace policykb {

namespace {

constexpr int kLargestComponent = 127;

// The highest bits of eight bytes, the first byte's lowest.
uint8_t HighestBits(const uint8_t* bytes) {
  uint64_t eight;
  std::memcpy(&eight, bytes, sizeof(eight));
  // Byte i, 0 or 1, is moved to bit 56 + i, and no two products meet.
  return static_cast<uint8_t>((eight >> 7 & 0x0101010101010101U) * 0x0102040810204080U >> 56);
}

// What each value of a field adds to the distance, by field: the sizes of the query's components
// whose signs are not those of its bits.
std::vector<uint8_t> TablesOf(const CodedQuery& query, size_t parts) {
  std::vector<uint8_t> tables(parts * kPartFields * kFieldValues, 0);
  for (size_t i = 0; i < query.components.size(); ++i) {
    const int component = query.components[i];
    const int size =
        (std::abs(component) * kLargestSketchSize + kLargestComponent / 2) / kLargestComponent;
    const size_t byte = i / 8 % kPartBytes;
    const bool lower = i % 8 < kFieldBits;
    const size_t field = i / 8 / kPartBytes * kPartFields + (lower ? byte : kPartBytes);
    const size_t bit = size_t{1} << (lower ? i % 8 : i % 8 - kFieldBits + 2 * byte);
    uint8_t* const table = tables.data() + field * kFieldValues;
    // The bits of a field come in ascending order: what is below this one is done.
    const int if_unset = component >= 0 ? size : 0;
    for (size_t value = 0; value < bit; ++value) {
      const int others = table[value];
      table[value] = static_cast<uint8_t>(others + if_unset);
      table[value + bit] = static_cast<uint8_t>(others + size - if_unset);
    }
  }
  return tables;
}

// The `keep` nearest of what is offered in ascending order of ordinals, found by counting.
class NearestEntries {
 public:
  // REQUIRES: keep > 0.
  NearestEntries(size_t keep, uint32_t largest_distance)
      : keep_(keep), edge_(largest_distance), counts_(size_t{largest_distance} + 1, 0) {
    entries_.reserve(kExpected * keep);
  }

  // Distances from this on need not be offered.
  uint32_t limit() const { return within_ < keep_ ? edge_ + 1 : edge_; }

  // REQUIRES: a distance below the limit after the last Narrow.
  void Offer(uint32_t ordinal, uint16_t distance) {
    entries_.push_back({.ordinal = ordinal, .distance = distance});
    ++counts_[distance];
    ++within_;
  }
  // After some offers: fewer are needed from now on.
  void Narrow() {
    while (within_ >= keep_ + counts_[edge_]) within_ -= counts_[edge_--];
  }

  std::vector<uint32_t> Ordinals() const {
    std::vector<uint32_t> ordinals(std::min(keep_, within_) + 1);
    size_t at_edge = ordinals.size() - 1 - (within_ - counts_[edge_]);
    size_t kept = 0;
    // Without a branch on the distance, which could not be foreseen; the last place is for what is
    // not kept.
    for (const Entry entry : entries_) {
      ordinals[kept] = entry.ordinal;
      const bool takes_edge = (entry.distance == edge_) & (at_edge > 0);
      at_edge -= takes_edge;
      kept += takes_edge | (entry.distance < edge_);
    }
    ordinals.pop_back();
    return ordinals;
  }

 private:
  // Times `keep`: of 28 times as many entries in no order 4.3 times are offered.
  static constexpr size_t kExpected = 5;

  struct Entry {
    uint32_t ordinal = 0;
    uint16_t distance = 0;
  };

  size_t keep_;
  uint32_t edge_;                 // the distance of the last that is kept, or the largest there is
  size_t within_ = 0;             // offered so far that are not beyond the edge
  std::vector<uint32_t> counts_;  // of those offered, by distance
  std::vector<Entry> entries_;
};

}  // namespace

VectorSketches::VectorSketches(const VectorCodes& codes)
    : entries_(codes.entries()),
      parts_((codes.dimension / 8 + kPartBytes - 1) / kPartBytes),
      sketches_((size_t{entries_} + kSketchRows - 1) / kSketchRows * kSketchRows * kPartBytes *
                parts_) {
  for (size_t entry = 0; entry < entries_; ++entry) {
    const uint8_t* const row = codes.row(entry);
    uint8_t* byte = sketches_.data() + entry / kSketchRows * kSketchRows * kPartBytes * parts_ +
                    entry % kSketchRows;
    for (size_t i = 0; i < codes.dimension; i += 8, byte += kSketchRows)
      *byte = HighestBits(row + i);
  }
}

std::vector<uint32_t> VectorSketches::Nearest(const CodedQuery& query, BitmapView allowed,
                                              size_t keep) const {
  keep = std::min<size_t>(keep, entries_);
  if (keep == 0) return {};
  const SketchKernels& kernels = BestSketchKernels();
  const std::vector<uint8_t> tables = TablesOf(query, parts_);
  NearestEntries nearest(keep, static_cast<uint32_t>(parts_ * kPartFields) * kLargestFieldDistance);
  uint16_t distances[kSketchRows];
  for (uint32_t first = 0; first < entries_; first += kSketchRows) {
    uint64_t bits = AllowedWord(allowed, first / 64, entries_);
    if (bits == 0) continue;
    bits &= kernels.nearer(sketches_.data() + size_t{first} * kPartBytes * parts_, tables.data(),
                           parts_, nearest.limit(), distances);
    for (; bits != 0; bits &= bits - 1) {
      const auto row = static_cast<uint32_t>(std::countr_zero(bits));
      nearest.Offer(first + row, distances[row]);
    }
    nearest.Narrow();
  }
  return nearest.Ordinals();
}

}  // namespace policykb
