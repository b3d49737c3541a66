#include "core/snapshot/vector_factory.h"

#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVF.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexPQ.h>
#include <faiss/IndexPreTransform.h>
#include <faiss/IndexRefine.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/impl/io.h>
#include <faiss/index_factory.h>
#include <faiss/index_io.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/linear_algebra.h"
#include "core/snapshot/library_guard.h"

namespace policykb {

namespace {

using FaissId = faiss::Index::idx_t;  // faiss::idx_t in FAISS 1.7.4 and later

// FAISS warns on standard error where k-means has fewer vectors for a centre (Clustering.h).
constexpr uint64_t kFewestForCentre = 39;
// Centres of a product quantizer of 8 bits.
constexpr uint64_t kCodeCentres = 256;
// More than these change the centres little and take their share of time.
constexpr uint64_t kMostForCentre = 64;
constexpr uint64_t kMostForTraining = 65536;
// Vectors that are decoded at a time.
constexpr size_t kDecodedRows = 32768;
// How an index is tuned: so many questions are asked, of whose ten nearest so many are to be among
// the candidates; of these up to kMostCandidates for each entry that is asked for.
constexpr size_t kTuningQueries = 200;
constexpr size_t kTuningNearest = 10;
constexpr size_t kTuningKeep = 70;
constexpr double kTuningRecall = 0.995;
constexpr uint32_t kMostCandidates = 32;
// Questions of people lie further from passages than those: with the 128 of 4,096 lists and the one
// candidate that found .995 for them over a million vectors, .967 of the ten nearest were found for
// the questions of stard-r, with four times the lists .984.
constexpr uint32_t kQuestionMargin = 4;
constexpr uint32_t kMostGraphBreadth = 4096;

// The part of an index that says how broad a search is: lists of an IVF, candidates of an HNSW.
struct Steering {
  faiss::IndexIVF* lists = nullptr;
  faiss::IndexHNSW* graph = nullptr;

  uint32_t Most() const {
    if (lists != nullptr) return static_cast<uint32_t>(lists->nlist);
    return graph != nullptr ? kMostGraphBreadth : 1;
  }
  void Set(uint32_t breadth) const {
    if (lists != nullptr) lists->nprobe = breadth;
    if (graph != nullptr) graph->hnsw.efSearch = static_cast<int>(breadth);
  }
};

Steering SteeringOf(faiss::Index* index) {
  if (auto* outer = dynamic_cast<faiss::IndexPreTransform*>(index)) return SteeringOf(outer->index);
  if (auto* outer = dynamic_cast<faiss::IndexRefine*>(index)) return SteeringOf(outer->base_index);
  return {.lists = dynamic_cast<faiss::IndexIVF*>(index),
          .graph = dynamic_cast<faiss::IndexHNSW*>(index)};
}

// Orders the centres of product quantizers for a kind of search that is not used here, which takes
// longer than all the rest.
void LeaveOutPolysemousTraining(faiss::Index* index) {
  if (auto* outer = dynamic_cast<faiss::IndexPreTransform*>(index))
    return LeaveOutPolysemousTraining(outer->index);
  if (auto* outer = dynamic_cast<faiss::IndexRefine*>(index))
    return LeaveOutPolysemousTraining(outer->base_index);
  if (auto* lists = dynamic_cast<faiss::IndexIVFPQ*>(index)) lists->do_polysemous_training = false;
  if (auto* codes = dynamic_cast<faiss::IndexPQ*>(index)) codes->do_polysemous_training = false;
}

absl::StatusOr<std::unique_ptr<faiss::Index>> Make(const std::string& description,
                                                   size_t dimension) {
  std::unique_ptr<faiss::Index> index;
  const absl::Status status = Guarded("FAISS", [&] {
    index.reset(faiss::index_factory(static_cast<int>(dimension), description.c_str(),
                                     faiss::METRIC_INNER_PRODUCT));
  });
  if (!status.ok() || index == nullptr || index->metric_type != faiss::METRIC_INNER_PRODUCT) {
    return absl::InvalidArgumentError(Cat("vector index \"", description,
                                          "\": not a FAISS factory string for ", dimension,
                                          " components and the inner product",
                                          status.ok() ? "" : "; ", std::string(status.message())));
  }
  LeaveOutPolysemousTraining(index.get());
  return index;
}

// `rows` of the vectors, evenly taken.
std::vector<float> Sample(const VectorCodes& codes, uint64_t rows) {
  std::vector<float> sample;
  rows = std::min<uint64_t>(rows, codes.entries());
  sample.reserve(rows * codes.dimension);
  for (uint64_t i = 0; i < rows; ++i) {
    const auto entry = static_cast<size_t>(i * codes.entries() / rows);
    const std::vector<float> row = DecodedRows(codes, entry, entry + 1);
    sample.insert(sample.end(), row.begin(), row.end());
  }
  return sample;
}

class AllowedSelector : public faiss::IDSelector {
 public:
  explicit AllowedSelector(BitmapView allowed) : allowed_(allowed) {}
  bool is_member(FaissId id) const override {
    return IsAllowed(allowed_, static_cast<uint32_t>(id));
  }

 private:
  BitmapView allowed_;
};

// A search of one kind of index: plain, or with a filter where FAISS takes one.
class Searching {
 public:
  Searching(const faiss::Index& index, const Steering& steering)
      : index_(index), steering_(steering) {}

  // The labels of about the `asked` nearest that `selector` (may be null) lets through, -1 where
  // there are none. Throws what FAISS throws, also where it takes no filter.
  std::vector<FaissId> Run(std::span<const float> query, uint64_t asked, uint64_t breadth,
                           faiss::IDSelector* selector) const {
    breadth = std::min<uint64_t>(breadth, steering_.lists != nullptr
                                              ? steering_.Most()
                                              : static_cast<uint64_t>(index_.ntotal));
    // FAISS 1.7.3 bounds the candidates of a walk by the number of results and not by efSearch.
    if (steering_.graph != nullptr) asked = std::max(asked, breadth);
    asked = std::min<uint64_t>(asked, static_cast<uint64_t>(index_.ntotal));
    faiss::SearchParametersIVF of_lists;
    of_lists.nprobe = breadth;
    of_lists.sel = selector;
    faiss::SearchParametersHNSW of_graph;
    of_graph.efSearch = static_cast<int>(breadth);
    of_graph.sel = selector;
    faiss::SearchParameters of_others;
    of_others.sel = selector;
    const faiss::SearchParameters* parameters = nullptr;
    if (selector != nullptr) {
      parameters = steering_.lists != nullptr   ? &of_lists
                   : steering_.graph != nullptr ? &of_graph
                                                : &of_others;
    }
    std::vector<FaissId> labels(asked, -1);
    std::vector<float> scores(asked);
    index_.search(1, query.data(), static_cast<FaissId>(asked), scores.data(), labels.data(),
                  parameters);
    return labels;
  }

 private:
  const faiss::Index& index_;
  Steering steering_;
};

// Questions to tune with: each an entry with half of another one added, since questions lie between
// passages and an entry itself would be found too easily.
std::vector<float> TuningQueries(const VectorCodes& codes) {
  std::vector<float> queries = Sample(codes, kTuningQueries);
  const std::vector<float> entries = queries;
  for (size_t i = 0; i < queries.size(); ++i)
    queries[i] +=
        entries[(i + entries.size() / 2 / codes.dimension * codes.dimension) % entries.size()] / 2;
  return queries;
}

// Finds the least breadth, and for it the fewest candidates, that lose hardly any of the nearest.
absl::Status Tune(const VectorCodes& codes, const std::string& description, faiss::Index& index,
                  BuiltFactoryIndex& built) {
  const Steering steering = SteeringOf(&index);
  const Searching searching(index, steering);
  const std::vector<float> queries = TuningQueries(codes);
  const size_t count = queries.size() / codes.dimension;
  std::vector<std::vector<uint32_t>> nearest;
  for (size_t q = 0; q < count; ++q) {
    const CodedQuery query({queries.data() + q * codes.dimension, codes.dimension});
    nearest.push_back(ScanCodes(codes, query, {}, kTuningNearest));
  }
  double best = 0;
  for (uint32_t breadth = 1;; breadth = std::min(2 * breadth, steering.Most())) {
    steering.Set(breadth);
    std::vector<std::vector<FaissId>> found;
    for (size_t q = 0; q < count; ++q) {
      found.push_back(searching.Run({queries.data() + q * codes.dimension, codes.dimension},
                                    kTuningKeep * kMostCandidates, breadth, nullptr));
    }
    for (uint32_t candidates = 1; candidates <= kMostCandidates; candidates *= 2) {
      size_t hits = 0;
      size_t wanted = 0;
      for (size_t q = 0; q < count; ++q) {
        const auto end = found[q].begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(
                                                found[q].size(), kTuningKeep * candidates));
        for (const uint32_t ordinal : nearest[q])
          hits += std::find(found[q].begin(), end, static_cast<FaissId>(ordinal)) != end ? 1 : 0;
        wanted += nearest[q].size();
      }
      best = std::max(best, static_cast<double>(hits) / static_cast<double>(wanted));
      if (best < kTuningRecall) continue;
      built.breadth = std::min(kQuestionMargin * breadth, steering.Most());
      built.candidates = kQuestionMargin * candidates;
      return absl::OkStatus();
    }
    if (breadth == steering.Most()) break;
  }
  return absl::InvalidArgumentError(Cat("vector index \"", description, "\": finds ", best,
                                        " of the ten nearest at the most, ", kTuningRecall,
                                        " expected; a finer one is needed"));
}

class OpenFactoryIndex : public FactoryIndex {
 public:
  OpenFactoryIndex(std::unique_ptr<faiss::Index> index, const StoredFactory& stored)
      : index_(std::move(index)),
        searching_(*index_, SteeringOf(index_.get())),
        breadth_(stored.breadth),
        candidates_(stored.candidates) {
    SteeringOf(index_.get()).Set(breadth_);
    // Which kinds take a filter FAISS says by throwing.
    const std::vector<uint64_t> first = {1};
    AllowedSelector selector(first);
    const std::vector<float> zero(static_cast<size_t>(index_->d), 0.0F);
    const OneOpenMpThread one_thread;
    takes_filter_ = index_->ntotal > 0 && Guarded("trying a filter", [&] {
                                            searching_.Run(zero, 1, breadth_, &selector);
                                          }).ok();
  }

  absl::StatusOr<std::vector<uint32_t>> Search(std::span<const float> query, size_t keep,
                                               uint32_t visible,
                                               BitmapView allowed) const override {
    // The nearest allowed entries are as far away as so many times as many of all.
    const uint64_t wider = (static_cast<uint64_t>(index_->ntotal) + visible - 1) / visible;
    AllowedSelector selector(allowed);
    const bool filtered = takes_filter_ && !allowed.empty();
    const uint64_t asked = uint64_t{candidates_} * keep * (filtered ? 1 : wider);
    std::vector<uint32_t> found;
    RETURN_IF_ERROR(Guarded("search of the FAISS index", [&] {
      const OneOpenMpThread one_thread;
      for (const FaissId label : searching_.Run(query, asked, uint64_t{breadth_} * wider,
                                                filtered ? &selector : nullptr)) {
        if (label >= 0 && label < index_->ntotal &&
            IsAllowed(allowed, static_cast<uint32_t>(label))) {
          found.push_back(static_cast<uint32_t>(label));
        }
      }
    }));
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::unique_ptr<faiss::Index> index_;
  Searching searching_;
  uint32_t breadth_;
  uint32_t candidates_;
  bool takes_filter_ = false;
};

// Bytes that are read without being copied first.
class ViewReader : public faiss::IOReader {
 public:
  explicit ViewReader(std::string_view bytes) : bytes_(bytes) {}
  size_t operator()(void* to, size_t size, size_t count) override {
    if (size == 0) return 0;
    count = std::min(count, bytes_.size() / size);
    if (count > 0) std::memcpy(to, bytes_.data(), count * size);
    bytes_.remove_prefix(count * size);
    return count;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

absl::StatusOr<uint64_t> FewestForFactory(const std::string& description, size_t dimension) {
  ASSIGN_OR_RETURN(const std::unique_ptr<faiss::Index> index, Make(description, dimension));
  if (index->is_trained) return uint64_t{1};
  const Steering steering = SteeringOf(index.get());
  const uint64_t centres =
      std::max<uint64_t>(kCodeCentres, steering.lists != nullptr ? steering.lists->nlist : 1);
  return kFewestForCentre * centres;
}

absl::StatusOr<BuiltFactoryIndex> BuildFactoryIndex(const VectorCodes& codes,
                                                    const std::string& description) {
  ASSIGN_OR_RETURN(const std::unique_ptr<faiss::Index> index, Make(description, codes.dimension));
  BuiltFactoryIndex built;
  absl::Status tuned;
  RETURN_IF_ERROR(Guarded(Cat("building the vector index \"", description, "\""), [&] {
    const OneOpenMpThread one_thread;
    UseOneBlasThread();
    if (!index->is_trained) {
      const Steering steering = SteeringOf(index.get());
      const uint64_t centres = steering.lists != nullptr ? steering.lists->nlist : 1;
      const std::vector<float> sample =
          Sample(codes, std::max(kMostForCentre * centres, kMostForTraining));
      index->train(static_cast<FaissId>(sample.size() / codes.dimension), sample.data());
    }
    for (size_t begin = 0; begin < codes.entries(); begin += kDecodedRows) {
      const size_t end = std::min<size_t>(begin + kDecodedRows, codes.entries());
      index->add(static_cast<FaissId>(end - begin), DecodedRows(codes, begin, end).data());
    }
    tuned = Tune(codes, description, *index, built);
    faiss::VectorIOWriter writer;
    faiss::write_index(index.get(), &writer);
    built.bytes.assign(writer.data.begin(), writer.data.end());
  }));
  RETURN_IF_ERROR(tuned);
  return built;
}

absl::StatusOr<std::unique_ptr<const FactoryIndex>> FactoryIndex::Open(const StoredFactory& stored,
                                                                       const VectorCodes& codes) {
  std::unique_ptr<faiss::Index> index;
  const absl::Status read = Guarded("FAISS", [&] {
    ViewReader reader(stored.bytes);
    index.reset(faiss::read_index(&reader));
  });
  if (absl::IsResourceExhausted(read)) return read;
  if (!read.ok() || index == nullptr || index->d != static_cast<int>(codes.dimension) ||
      index->ntotal != static_cast<FaissId>(codes.entries()) || !index->is_trained) {
    return absl::DataLossError(Cat("not a FAISS index of ", codes.entries(), " vectors of ",
                                   codes.dimension, " components", read.ok() ? "" : "; ",
                                   std::string(read.message())));
  }
  return std::make_unique<OpenFactoryIndex>(std::move(index), stored);
}

}  // namespace policykb
