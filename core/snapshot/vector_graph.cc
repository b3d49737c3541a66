#include "core/snapshot/vector_graph.h"

#include <faiss/IndexHNSW.h>
#include <faiss/impl/DistanceComputer.h>
#include <faiss/impl/FaissAssert.h>

#include <algorithm>
#include <utility>

#include "core/base/strings.h"
#include "core/snapshot/library_guard.h"

namespace policykb {

namespace {

using FaissId = faiss::Index::idx_t;  // faiss::idx_t in FAISS 1.7.4 and later

constexpr int kMinNeighbors = 2;
constexpr int kMaxNeighbors = 512;
constexpr int kMaxConstructionBreadth = 100000;
// Vectors that are decoded at a time: those of a million entries would take a gigabyte.
constexpr size_t kDecodedRows = 32768;

// Scores a vector, and entries, against codes.
class CodeDistance : public faiss::DistanceComputer {
 public:
  explicit CodeDistance(const VectorCodes& codes) : codes_(codes), query_({}) {}
  void set_query(const float* x) override { query_ = CodedQuery({x, codes_.dimension}); }
  float operator()(FaissId i) override {
    return CodedScore(codes_, query_, static_cast<size_t>(i));
  }
  float symmetric_dis(FaissId i, FaissId j) override {
    return EntryScore(codes_, static_cast<size_t>(i), static_cast<size_t>(j));
  }

 private:
  VectorCodes codes_;
  CodedQuery query_;
};

// Codes as a FAISS index to link. The codes are there from the start; `add` lets FAISS see the next
// n of them, and its argument is what they were made from.
class CodeStorage : public faiss::Index {
 public:
  explicit CodeStorage(const VectorCodes& codes)
      : faiss::Index(static_cast<FaissId>(codes.dimension), faiss::METRIC_INNER_PRODUCT),
        codes_(codes) {}

  void add(FaissId n, const float*) override {
    FAISS_THROW_IF_NOT(n >= 0 && ntotal + n <= static_cast<FaissId>(codes_.entries()));
    ntotal += n;
  }
  void reset() override { ntotal = 0; }
  // Linking asks for distances only.
  void search(FaissId, const float*, FaissId, float*, FaissId*,
              const faiss::SearchParameters*) const override {
    FAISS_THROW_MSG("codes are searched by vector_walk.h");
  }
  faiss::DistanceComputer* get_distance_computer() const override {
    return new CodeDistance(codes_);
  }

 private:
  VectorCodes codes_;
};

}  // namespace

absl::StatusOr<BuiltVectorGraph> BuildVectorGraph(const VectorCodes& codes,
                                                  const VectorIndexOptions& options) {
  if (options.graph_neighbors < kMinNeighbors || options.graph_neighbors > kMaxNeighbors) {
    return absl::InvalidArgumentError(Cat("graph_neighbors ", options.graph_neighbors, ", ",
                                          kMinNeighbors, " to ", kMaxNeighbors, " expected"));
  }
  if (options.graph_construction_breadth < 1 ||
      options.graph_construction_breadth > kMaxConstructionBreadth) {
    return absl::InvalidArgumentError(Cat("graph_construction_breadth ",
                                          options.graph_construction_breadth, ", 1 to ",
                                          kMaxConstructionBreadth, " expected"));
  }
  BuiltVectorGraph built;
  const absl::Status status = Guarded("building the vector graph", [&] {
    const OneOpenMpThread one_thread;
    CodeStorage storage(codes);
    faiss::IndexHNSW index(&storage, options.graph_neighbors);
    index.hnsw.efConstruction = options.graph_construction_breadth;
    for (size_t begin = 0; begin < codes.entries(); begin += kDecodedRows) {
      const size_t end = std::min<size_t>(begin + kDecodedRows, codes.entries());
      index.add(static_cast<FaissId>(end - begin), DecodedRows(codes, begin, end).data());
    }
    built.entry_point = index.hnsw.entry_point;
    built.layers.assign(index.hnsw.levels.begin(), index.hnsw.levels.end());
    built.layer_starts = index.hnsw.cum_nneighbor_per_level;
    built.neighbors = std::move(index.hnsw.neighbors);
  });
  if (!status.ok()) return status;
  return built;
}

}  // namespace policykb
