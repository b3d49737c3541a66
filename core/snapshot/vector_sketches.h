// VectorSketches: one bit per component of int8 codes, a sieve before a scan.
//
// Reads an eighth of what the codes take and says which entries are worth a look; the look itself
// is ScanEntries. Made from the codes, stored nowhere. Const after construction, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_SKETCHES_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_SKETCHES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/snapshot/sketch_kernels.h"
#include "core/snapshot/vector_codes.h"

namespace policykb {

class VectorSketches {
 public:
  // Longer vectors have no sketches.
  static constexpr size_t kMostDimensions = kMostSketchParts * kPartBytes * 8;

  // Copies what it needs. REQUIRES: a dimension up to kMostDimensions.
  explicit VectorSketches(const VectorCodes& codes);

  // The `keep` allowed entries whose signs agree best with the query's, in ascending order, ties at
  // the edge to the lower ordinal; all when fewer are allowed. REQUIRES: the query has the
  // dimension of the codes.
  std::vector<uint32_t> Nearest(const CodedQuery& query, BitmapView allowed, size_t keep) const;

 private:
  uint32_t entries_;
  size_t parts_;                   // of a sketch
  std::vector<uint8_t> sketches_;  // by 64 entries: byte 0 of each, byte 1 of each, ...
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_SKETCHES_H_
