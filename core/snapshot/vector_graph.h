// Building an HNSW graph over int8 codes.
//
// FAISS makes the links; vectors stay in our codes, behind a storage class of ours. Not for walking
// (vector_walk.h) and not for files (vector_file.h). One thread at a time.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_GRAPH_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_GRAPH_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/vector_codes.h"
#include "core/snapshot/vector_file.h"
#include "core/snapshot/vector_index.h"

namespace policykb {

// A VectorGraph with its arrays.
struct BuiltVectorGraph {
  int32_t entry_point = -1;
  std::vector<uint8_t> layers;
  std::vector<int32_t> layer_starts;
  std::vector<int32_t> neighbors;

  // Valid as long as this object is neither changed nor moved.
  VectorGraph View() const {
    return {.entry_point = entry_point,
            .layers = layers,
            .layer_starts = layer_starts,
            .neighbors = neighbors};
  }
};

// Builds with one thread: same codes, same graph. REQUIRES: codes.entries() > 0. Errors:
// InvalidArgument (options), ResourceExhausted (memory), Internal.
absl::StatusOr<BuiltVectorGraph> BuildVectorGraph(const VectorCodes& codes,
                                                  const VectorIndexOptions& options);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_GRAPH_H_
