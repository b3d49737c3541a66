#include "core/snapshot/vector_graph.h"

#include <faiss/IndexHNSW.h>
#include <faiss/impl/AuxIndexStructures.h>
#include <faiss/impl/DistanceComputer.h>
#include <faiss/impl/IDSelector.h>
#include <omp.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <new>
#include <utility>

#include "core/base/strings.h"

namespace policykb {

namespace {

using FaissId = faiss::Index::idx_t;  // faiss::idx_t in FAISS 1.7.4 and later

constexpr int kMinNeighbors = 2;
constexpr int kMaxNeighbors = 512;
constexpr int kMaxConstructionBreadth = 100000;
// Candidates that a walk keeps at the least (efSearch).
constexpr uint64_t kMinBreadth = 128;

// Calls `body` and turns what FAISS or the allocator throws into a Status.
template <typename Body>
absl::Status Guarded(std::string_view what, const Body& body) {
  try {
    body();
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(Cat(what, ": out of memory"));
  } catch (const std::exception& error) {
    return absl::InternalError(Cat(what, ": ", error.what()));
  }
}

// Limits OpenMP to one thread in the calling thread, as long as it lives: only then is a graph the
// same every time.
class OneOpenMpThread {
 public:
  OneOpenMpThread() : threads_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneOpenMpThread() { omp_set_num_threads(threads_); }
  OneOpenMpThread(const OneOpenMpThread&) = delete;
  OneOpenMpThread& operator=(const OneOpenMpThread&) = delete;

 private:
  int threads_;
};

// Scores a query against codes; `sign` -1 turns the similarity into what HNSW minimises.
class CodeDistance : public faiss::DistanceComputer {
 public:
  CodeDistance(const VectorCodes& codes, const CodedQuery& query, float sign)
      : codes_(codes), query_(query), sign_(sign) {}
  void set_query(const float* x) override { query_ = CodedQuery({x, codes_.dimension}); }
  float operator()(FaissId i) override {
    return sign_ * CodedScore(codes_, query_, static_cast<size_t>(i));
  }
  float symmetric_dis(FaissId i, FaissId j) override {
    return sign_ * EntryScore(codes_, static_cast<size_t>(i), static_cast<size_t>(j));
  }

 private:
  VectorCodes codes_;
  CodedQuery query_;
  float sign_;
};

// Codes as a FAISS index. The codes are there from the start; `add` lets FAISS see the next n of
// them, and its argument is what they were made from.
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

  void search(FaissId n, const float* x, FaissId k, float* distances, FaissId* labels,
              const faiss::SearchParameters*) const override {
    VectorCodes seen = codes_;
    seen.scales = codes_.scales.first(static_cast<size_t>(ntotal));
    const size_t wanted = static_cast<size_t>(k);
    for (FaissId i = 0; i < n; ++i, distances += k, labels += k) {
      const std::span<const float> query(x + i * d, codes_.dimension);
      const std::vector<ScoredOrdinal> best =
          Rescore(seen, query, ScanCodes(seen, CodedQuery(query), {}, wanted), wanted);
      for (size_t rank = 0; rank < wanted; ++rank) {
        const bool found = rank < best.size();
        labels[rank] = found ? static_cast<FaissId>(best[rank].ordinal) : -1;
        distances[rank] = found ? best[rank].score : std::numeric_limits<float>::lowest();
      }
    }
  }

  void reconstruct(FaissId key, float* vector) const override {
    FAISS_THROW_IF_NOT(key >= 0 && key < ntotal);
    const size_t entry = static_cast<size_t>(key);
    const uint8_t* row = codes_.row(entry);
    for (size_t i = 0; i < codes_.dimension; ++i) {
      vector[i] = static_cast<float>(row[i] - 128) * codes_.scales[entry];
    }
  }

  faiss::DistanceComputer* get_distance_computer() const override {
    return new CodeDistance(codes_, CodedQuery(std::span<const float>()), 1);
  }

 private:
  VectorCodes codes_;
};

class AllowedSelector : public faiss::IDSelector {
 public:
  explicit AllowedSelector(BitmapView allowed) : allowed_(allowed) {}
  bool is_member(FaissId id) const override {
    return IsAllowed(allowed_, static_cast<uint32_t>(id));
  }

 private:
  BitmapView allowed_;
};

// Walks faiss::HNSW itself and not IndexHNSW::search, which starts an OpenMP team for each call and
// adds to global counters without a lock.
class HnswSearcher : public VectorGraphSearcher {
 public:
  explicit HnswSearcher(const VectorFile& content) : codes_(content.codes) {
    const VectorGraph& graph = content.graph;
    hnsw_.entry_point = graph.entry_point;
    hnsw_.max_level = graph.layers[static_cast<size_t>(graph.entry_point)] - 1;
    hnsw_.cum_nneighbor_per_level.assign(graph.layer_starts.begin(), graph.layer_starts.end());
    hnsw_.neighbors.assign(graph.neighbors.begin(), graph.neighbors.end());
    // FAISS reads the layers of an entry only while it adds; searching needs where its block
    // begins.
    hnsw_.offsets.assign(1, 0);
    hnsw_.offsets.reserve(graph.layers.size() + 1);
    for (const uint8_t layers : graph.layers) {
      hnsw_.offsets.push_back(hnsw_.offsets.back() +
                              static_cast<size_t>(graph.layer_starts[layers]));
    }
  }

  uint64_t Visits(uint64_t keep, uint32_t visible) const override {
    // About half of the neighbors of an expanded entry have been seen before.
    return Breadth(keep, visible) * static_cast<uint64_t>(hnsw_.nb_neighbors(0)) / 2;
  }

  absl::StatusOr<std::vector<uint32_t>> Search(const CodedQuery& query, uint64_t keep,
                                               uint32_t visible,
                                               BitmapView allowed) const override {
    // FAISS 1.7.3 bounds the candidates by the number of results asked for and not by efSearch, so
    // that as many results as the walk is broad are asked for.
    const uint64_t breadth = std::min<uint64_t>(Breadth(keep, visible), codes_.entries());
    std::vector<FaissId> labels(breadth, -1);
    std::vector<float> distances(breadth, std::numeric_limits<float>::max());
    const absl::Status status = Guarded("search of the vector graph", [&] {
      CodeDistance distance(codes_, query, -1);
      AllowedSelector selector(allowed);
      faiss::SearchParametersHNSW parameters;
      parameters.efSearch = static_cast<int>(breadth);
      if (!allowed.empty()) parameters.sel = &selector;
      faiss::VisitedTable visited(static_cast<int>(codes_.entries()));
      hnsw_.search(distance, static_cast<int>(breadth), labels.data(), distances.data(), visited,
                   &parameters);
    });
    if (!status.ok()) return status;
    std::vector<std::pair<float, uint32_t>> nearest;
    for (size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] >= 0) nearest.emplace_back(distances[i], static_cast<uint32_t>(labels[i]));
    }
    const size_t kept = std::min<size_t>(keep, nearest.size());
    std::partial_sort(nearest.begin(), nearest.begin() + static_cast<std::ptrdiff_t>(kept),
                      nearest.end());
    std::vector<uint32_t> found;
    found.reserve(kept);
    for (size_t i = 0; i < kept; ++i) found.push_back(nearest[i].second);
    return found;
  }

 private:
  // The walk keeps hidden entries among its candidates, so that it is widened by the share of
  // hidden ones.
  uint64_t Breadth(uint64_t keep, uint32_t visible) const {
    return std::max(keep, kMinBreadth) * codes_.entries() / std::max<uint32_t>(visible, 1);
  }

  VectorCodes codes_;
  faiss::HNSW hnsw_;
};

// The vectors as they are stored, row-major.
std::vector<float> Decoded(const VectorCodes& codes) {
  std::vector<float> vectors(codes.codes.size());
  for (size_t i = 0; i < vectors.size(); ++i) {
    vectors[i] = static_cast<float>(codes.codes[i] - 128) * codes.scales[i / codes.dimension];
  }
  return vectors;
}

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
    const std::vector<float> vectors = Decoded(codes);
    index.add(static_cast<FaissId>(codes.entries()), vectors.data());
    built.entry_point = index.hnsw.entry_point;
    built.layers.assign(index.hnsw.levels.begin(), index.hnsw.levels.end());
    built.layer_starts = index.hnsw.cum_nneighbor_per_level;
    built.neighbors = std::move(index.hnsw.neighbors);
  });
  if (!status.ok()) return status;
  return built;
}

absl::StatusOr<std::unique_ptr<const VectorGraphSearcher>> VectorGraphSearcher::Create(
    const VectorFile& content) {
  std::unique_ptr<const VectorGraphSearcher> searcher;
  const absl::Status status = Guarded("loading the vector graph",
                                      [&] { searcher = std::make_unique<HnswSearcher>(content); });
  if (!status.ok()) return status;
  return searcher;
}

}  // namespace policykb
