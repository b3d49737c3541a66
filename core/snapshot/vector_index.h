// VectorIndex: unit vectors of one segment as int8 codes, scanned or searched through an HNSW
// graph, mapped from one file.
//
// Answers: which passages are nearest to a query vector by inner product, among those a filter
// allows. FAISS holds the graph; its storage class, the kernels and the file are ours (FORMAT.md
// "Vector index"). Not for training embedders. The writer is used by one thread; an open index is
// const and may be used from any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_INDEX_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_INDEX_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

struct VectorIndexOptions {
  // A graph is built when a segment holds at least this many vectors; below, every search is a
  // scan. Scanning a million passages reads 260 MB.
  uint32_t graph_from = 100000;
  int graph_neighbors = 32;  // HNSW M
  // HNSW efConstruction. A walk over a million vectors finds .992 of the ten nearest; of a graph
  // built 64 broad it finds .975.
  int graph_construction_breadth = 80;
  // FAISS factory string, such as "IVF4096,PQ64"; then such an index takes the place of the graph
  // where there are vectors enough to train it. Empty: the graph.
  std::string factory = {};
};

// Errors: InvalidArgument (FAISS knows no such index for that dimension and the inner product).
absl::Status CheckVectorFactory(const std::string& factory, size_t dimension);

struct VectorCodes;  // vector_codes.h

// Writes the index of vectors in their coded form. Graph building is single-threaded so that equal
// input gives equal bytes. Errors: InvalidArgument (dimension not a multiple of 64; options; as
// BuildFactoryIndex), ResourceExhausted.
absl::Status WriteVectorIndex(const VectorCodes& codes, const VectorIndexOptions& options,
                              const std::string& path);

struct ScoredOrdinal {
  uint32_t ordinal = 0;
  float score = 0;
};

// One bit per ordinal, ordinal i at bit i % 64 of word i / 64; set = allowed.
using BitmapView = std::span<const uint64_t>;

class VectorIndex {
 public:
  // Errors: NotFound, FailedPrecondition (version), DataLoss.
  static absl::StatusOr<std::unique_ptr<VectorIndex>> Open(const std::string& path);
  virtual ~VectorIndex() = default;

  virtual uint32_t entries() const = 0;
  virtual int dimension() const = 0;
  virtual bool has_graph() const = 0;
  // Factory string of its FAISS index, empty where there is none.
  virtual const std::string& factory() const = 0;
  // The `k` allowed entries of the highest inner product with `query` (d components), best first,
  // ties by lower ordinal; fewer when fewer are allowed, never padded. Without a graph or an index,
  // of up to 8,192 allowed entries these are those of a full scan; of more nearly all of them (.99
  // of the ten best and better), found among those whose one-bit sketches are nearest. An empty
  // `allowed` allows everything. A zero query finds nothing. The same index and query give the same
  // result. Errors: InvalidArgument (dimension).
  virtual absl::StatusOr<std::vector<ScoredOrdinal>> Search(std::span<const float> query,
                                                            uint32_t k,
                                                            BitmapView allowed) const = 0;
  // The vectors as they are stored. Views live as long as the index.
  virtual const VectorCodes& codes() const = 0;
  // Inner products of `query` with the given entries, in their order. REQUIRES: ordinals <
  // entries().
  virtual std::vector<float> Scores(std::span<const float> query,
                                    std::span<const uint32_t> ordinals) const = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_INDEX_H_
