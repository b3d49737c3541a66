// HNSW graph over int8 codes: the one place that knows FAISS.
//
// FAISS builds and walks the links; vectors stay in our codes, behind a storage class of ours. Not
// for files (vector_file.h) and not for the decision between graph and scan (vector_index.cc).
// Building is for one thread; a searcher is const, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_GRAPH_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_GRAPH_H_

#include <cstdint>
#include <memory>
#include <span>
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

class VectorGraphSearcher {
 public:
  // Copies the links; the codes that `content` views outlive the searcher. REQUIRES: `content`
  // comes from DecodeVectorFile and has a graph. Errors: ResourceExhausted (memory).
  static absl::StatusOr<std::unique_ptr<const VectorGraphSearcher>> Create(
      const VectorFile& content);
  virtual ~VectorGraphSearcher() = default;

  // Estimate of the entries that a search for `keep` of `visible` allowed entries looks at.
  virtual uint64_t Visits(uint64_t keep, uint32_t visible) const = 0;
  // About the `keep` best of the `visible` allowed entries, in no order; fewer where the walk found
  // fewer. Errors: ResourceExhausted (memory), Internal.
  virtual absl::StatusOr<std::vector<uint32_t>> Search(const CodedQuery& query, uint64_t keep,
                                                       uint32_t visible,
                                                       BitmapView allowed) const = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_GRAPH_H_
