#include "core/snapshot/vector_index.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "core/base/files.h"
#include "core/base/mapped_pages.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/dot_kernels.h"
#include "core/snapshot/vector_codes.h"
#include "core/snapshot/vector_factory.h"
#include "core/snapshot/vector_file.h"
#include "core/snapshot/vector_graph.h"
#include "core/snapshot/vector_sketches.h"
#include "core/snapshot/vector_walk.h"

namespace policykb {

namespace {

constexpr uint32_t kMaxEntries = 0x7fffffff;
// Candidates that are rescored beyond those asked for: the int8 query misplaces few, and only near
// the edge.
constexpr uint64_t kRescoredMore = 60;
// Entries that a walk keeps at the least (efSearch): one for each kEntriesPerBreadth of the index
// within these bounds. Of a million, 768 find .992 of the ten nearest, as 1,024 do, and 512 .988.
constexpr uint64_t kMinBreadth = 128;
constexpr uint64_t kMaxBreadth = 768;
constexpr uint64_t kEntriesPerBreadth = 512;
// The graph is used when it looks at fewer than a quarter of the allowed entries (random access
// costs about four times the scan's) and the filter keeps at least a tenth.
constexpr uint64_t kScanAdvantage = 4;
constexpr uint64_t kFewAllowed = 10;
// A FAISS index is used where the filter keeps at least one of so many entries: it must look at as
// many times as many, and of a tenth of a million the sieve finds the nearest in an eighth of the
// time.
constexpr uint64_t kFactoryShare = 2;
// A scan of more than kSieveFrom allowed entries looks at the kSieved, or kSievedShare for each one
// that is asked for, whose sketches are nearest. Of 56,771 passages and the 771 development
// questions of stard-r 2,000 hold 99.9 % of the nearest 10, 99.1 % of 100 and 97.4 % of 200; 1,000
// hold 99.8, 97.0 and 92.4 %.
constexpr uint32_t kSieveFrom = 8192;
constexpr uint64_t kSieved = 2000;
constexpr uint64_t kSievedShare = 10;
// It is worth its own cost where it leaves less than one allowed entry in so many.
constexpr uint64_t kSieveAdvantage = 4;

class MappedVectorIndex : public VectorIndex {
 public:
  // `content` views `file`.
  MappedVectorIndex(MappedFile file, const VectorFile& content,
                    std::unique_ptr<const FactoryIndex> factory)
      : file_(std::move(file)),
        codes_(content.codes),
        description_(content.factory.description),
        factory_(std::move(factory)) {
    if (content.has_graph) graph_.emplace(content);
    if (entries() > kSieveFrom && codes_.dimension <= VectorSketches::kMostDimensions) {
      sketches_.emplace(codes_);
    }
  }

  uint32_t entries() const override { return codes_.entries(); }
  int dimension() const override { return static_cast<int>(codes_.dimension); }
  bool has_graph() const override { return graph_.has_value(); }
  const std::string& factory() const override { return description_; }

  absl::StatusOr<std::vector<ScoredOrdinal>> Search(std::span<const float> query, uint32_t k,
                                                    BitmapView allowed) const override {
    if (query.size() != codes_.dimension) {
      return absl::InvalidArgumentError(
          Cat("query vector of ", query.size(), " components, ", codes_.dimension, " expected"));
    }
    RETURN_IF_ERROR(CheckComponents(query));
    const CodedQuery coded(query);
    if (coded.scale == 0 || k == 0) return std::vector<ScoredOrdinal>();
    const uint64_t keep = std::min<uint64_t>(uint64_t{k} + kRescoredMore, entries());
    const uint32_t visible = CountAllowed(allowed, entries());
    if (graph_) {
      // Hidden entries are walked over like others, so that a walk widens by their share.
      const uint64_t breadth =
          std::max(keep, std::clamp(entries() / kEntriesPerBreadth, kMinBreadth, kMaxBreadth));
      const uint64_t visits = breadth * entries() / std::max<uint32_t>(visible, 1) *
                              graph_->VisitsPerStep() / 2;  // half have been met before
      if (visible * kFewAllowed >= entries() && visits * kScanAdvantage < visible) {
        const std::vector<uint32_t> found = graph_->Search(coded, keep, breadth, allowed);
        if (found.size() >= std::min(k, visible)) return Rescore(codes_, query, found, k);
      }
    }
    if (factory_ != nullptr && uint64_t{visible} * kFactoryShare >= entries() && visible > 0) {
      ASSIGN_OR_RETURN(const std::vector<uint32_t> found,
                       factory_->Search(query, keep, visible, allowed));
      if (found.size() >= std::min<uint64_t>(keep, visible))
        return Rescore(codes_, query, ScanEntries(codes_, coded, found, keep), k);
    }
    const uint64_t sieved = std::max(kSieved, kSievedShare * k);
    if (sketches_ && visible > kSieveFrom && visible / kSieveAdvantage > sieved) {
      const std::vector<uint32_t> nearest = sketches_->Nearest(coded, allowed, sieved);
      return Rescore(codes_, query, ScanEntries(codes_, coded, nearest, keep), k);
    }
    return Rescore(codes_, query, ScanCodes(codes_, coded, allowed, keep), k);
  }

  const VectorCodes& codes() const override { return codes_; }

  std::vector<float> Scores(std::span<const float> query,
                            std::span<const uint32_t> ordinals) const override {
    std::vector<float> scores(ordinals.size());
    std::transform(ordinals.begin(), ordinals.end(), scores.begin(),
                   [&](uint32_t ordinal) { return ExactScore(codes_, query, ordinal); });
    return scores;
  }

 private:
  MappedFile file_;
  VectorCodes codes_;
  std::optional<VectorWalk> graph_;
  std::string description_;
  std::unique_ptr<const FactoryIndex> factory_;
  std::optional<VectorSketches> sketches_;
};

}  // namespace

absl::Status CheckVectorFactory(const std::string& factory, size_t dimension) {
  if (factory.size() > kLongestFactory) {
    return absl::InvalidArgumentError(Cat("vector index: a factory string of ", factory.size(),
                                          " bytes, at most ", kLongestFactory, " expected"));
  }
  return FewestForFactory(factory, dimension).status();
}

absl::Status WriteVectorIndex(const VectorCodes& codes, const VectorIndexOptions& options,
                              const std::string& path) {
  if (codes.dimension == 0 || codes.dimension % kDotLanes != 0 ||
      codes.dimension > kMaxDotDimension) {
    return absl::InvalidArgumentError(Cat("vector dimension ", codes.dimension, ", a multiple of ",
                                          kDotLanes, " up to ", kMaxDotDimension, " expected"));
  }
  if (codes.scales.size() > kMaxEntries) {
    return absl::InvalidArgumentError(
        Cat(codes.scales.size(), " vectors, at most ", kMaxEntries, " fit one segment"));
  }
  VectorFile content;
  content.codes = codes;
  BuiltVectorGraph built;
  BuiltFactoryIndex built_factory;
  if (!options.factory.empty()) {
    ASSIGN_OR_RETURN(const uint64_t fewest, FewestForFactory(options.factory, codes.dimension));
    if (codes.entries() > 0 && codes.entries() >= std::max<uint64_t>(options.graph_from, fewest)) {
      ASSIGN_OR_RETURN(built_factory, BuildFactoryIndex(codes, options.factory));
      content.has_factory = true;
      content.factory = {.description = options.factory,
                         .breadth = built_factory.breadth,
                         .candidates = built_factory.candidates,
                         .bytes = built_factory.bytes};
    }
  } else if (codes.entries() > 0 && codes.entries() >= options.graph_from) {
    ASSIGN_OR_RETURN(built, BuildVectorGraph(codes, options));
    content.has_graph = true;
    content.graph = built.View();
  }
  return WriteNewFile(path, EncodeVectorFile(content));
}

absl::StatusOr<std::unique_ptr<VectorIndex>> VectorIndex::Open(const std::string& path) {
  ASSIGN_OR_RETURN(MappedFile file, MappedFile::Open(path));
  ASSIGN_OR_RETURN_IN(const VectorFile content, DecodeVectorFile(file.bytes()), path);
  std::unique_ptr<const FactoryIndex> factory;
  if (content.has_factory) {
    ASSIGN_OR_RETURN_IN(factory, FactoryIndex::Open(content.factory, content.codes), path);
    ReleasePages(content.factory.bytes);
  }
  return std::make_unique<MappedVectorIndex>(std::move(file), content, std::move(factory));
}

}  // namespace policykb
