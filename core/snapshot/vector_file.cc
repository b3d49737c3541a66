#include "core/snapshot/vector_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/dot_kernels.h"

namespace policykb {

static_assert(std::endian::native == std::endian::little, "the file is little-endian");

namespace {

constexpr std::string_view kMagic = "PKBVECT\n";
constexpr uint64_t kAlignment = 64;
constexpr uint64_t kChecksumBytes = 8;
constexpr uint64_t kMaxEntries = std::numeric_limits<int32_t>::max();
constexpr uint64_t kMaxNeighbors = uint64_t{1} << 40;
constexpr uint32_t kMaxLayerStarts = 256;
constexpr uint32_t kMaxCandidates = 1024;
constexpr uint64_t kMaxFactory = uint64_t{1} << 44;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t dimension;
  uint32_t entries;
  uint32_t layer_starts;  // 0 without a graph
  uint64_t neighbors;     // slots of all entries
  int32_t entry_point;    // -1 without a graph
  uint32_t description;   // bytes, 0 without a FAISS index; from here on since version 2
  uint32_t breadth;
  uint32_t candidates;
  uint64_t factory;  // bytes
  char zero[8];
};
static_assert(sizeof(Header) == 64);

uint64_t AlignedUp(uint64_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

// Where the sections are; they follow the header and each other at multiples of 64 bytes.
struct Layout {
  explicit Layout(const Header& header)
      : scales(sizeof(Header) + AlignedUp(uint64_t{header.entries} * header.dimension)),
        layers(scales + AlignedUp(uint64_t{header.entries} * sizeof(float))),
        layer_starts(layers + AlignedUp(header.layer_starts == 0 ? 0 : header.entries)),
        neighbors(layer_starts + AlignedUp(uint64_t{header.layer_starts} * sizeof(int32_t))),
        description(neighbors + AlignedUp(header.neighbors * sizeof(int32_t))),
        factory(description + AlignedUp(header.description)),
        checksum(factory + AlignedUp(header.factory)) {}

  uint64_t codes = sizeof(Header);
  uint64_t scales;
  uint64_t layers;
  uint64_t layer_starts;
  uint64_t neighbors;
  uint64_t description;
  uint64_t factory;
  uint64_t checksum;
};

absl::Status DataLoss(const std::string& message) {
  return absl::DataLossError(Cat("vector index: ", message));
}

template <typename T>
std::span<const T> Section(std::string_view bytes, uint64_t offset, uint64_t count) {
  return {reinterpret_cast<const T*>(bytes.data() + offset), static_cast<size_t>(count)};
}

template <typename T>
void CopyTo(std::string& bytes, uint64_t offset, std::span<const T> values) {
  if (!values.empty()) std::memcpy(bytes.data() + offset, values.data(), values.size_bytes());
}

absl::Status CheckHeader(const Header& header) {
  if (header.dimension == 0 || header.dimension % kDotLanes != 0 ||
      header.dimension > kMaxDotDimension) {
    return DataLoss(Cat("dimension ", header.dimension, ", a multiple of ", kDotLanes,
                        " expected, at most ", kMaxDotDimension));
  }
  if (header.entries > kMaxEntries) {
    return DataLoss(Cat(header.entries, " entries, at most ", kMaxEntries));
  }
  if (header.layer_starts > kMaxLayerStarts || header.neighbors > kMaxNeighbors) {
    return DataLoss(Cat("graph of ", header.layer_starts, " layer starts and ", header.neighbors,
                        " neighbors, at most ", kMaxLayerStarts, " and ", kMaxNeighbors));
  }
  if (header.layer_starts == 0 && header.neighbors != 0) {
    return DataLoss(Cat(header.neighbors, " neighbors without a graph"));
  }
  if (header.description == 0 && header.factory == 0) return absl::OkStatus();
  if (header.layer_starts != 0) return DataLoss("a graph and a FAISS index");
  if (header.description == 0 || header.description > kLongestFactory || header.factory == 0 ||
      header.factory > kMaxFactory || header.breadth == 0 || header.candidates == 0 ||
      header.candidates > kMaxCandidates) {
    return DataLoss(Cat("FAISS index of ", header.factory, " bytes and ", header.description,
                        " of description, breadth ", header.breadth, ", ", header.candidates,
                        " candidates"));
  }
  return absl::OkStatus();
}

absl::Status CheckScales(std::span<const float> scales) {
  for (size_t i = 0; i < scales.size(); ++i) {
    if (!(scales[i] >= 0 && scales[i] <= kLargestComponent)) {
      return DataLoss(
          Cat("scale ", scales[i], " of entry ", i, ", 0 to ", kLargestComponent, " expected"));
    }
  }
  return absl::OkStatus();
}

// The neighbors in one layer: entries of that layer, unused slots last.
absl::Status CheckSlots(const VectorGraph& graph, std::span<const int32_t> slots, size_t layer) {
  bool ended = false;
  for (const int32_t neighbor : slots) {
    if (neighbor == -1) {
      ended = true;
      continue;
    }
    if (ended || neighbor < 0 || static_cast<size_t>(neighbor) >= graph.layers.size() ||
        graph.layers[static_cast<size_t>(neighbor)] <= layer) {
      return DataLoss(Cat("neighbor ", neighbor, " in layer ", layer,
                          ", one of its entries expected, unused slots last"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGraph(const VectorGraph& graph) {
  const auto& starts = graph.layer_starts;
  if (starts.size() < 2 || starts[0] != 0 || !std::is_sorted(starts.begin(), starts.end())) {
    return DataLoss("layer starts that do not rise from 0");
  }
  if (graph.layers.empty()) return DataLoss("graph without entries");
  const uint8_t top = *std::max_element(graph.layers.begin(), graph.layers.end());
  if (top >= starts.size()) {
    return DataLoss(Cat("entry in ", top, " layers, at most ", starts.size() - 1));
  }
  if (graph.entry_point < 0 || static_cast<size_t>(graph.entry_point) >= graph.layers.size() ||
      graph.layers[static_cast<size_t>(graph.entry_point)] != top) {
    return DataLoss(
        Cat("entry point ", graph.entry_point, ", an entry in ", top, " layers expected"));
  }
  size_t block = 0;
  for (const uint8_t layers : graph.layers) {
    if (layers == 0) return DataLoss("entry in no layer");
    const size_t slots = static_cast<size_t>(starts[layers]);
    if (graph.neighbors.size() - block < slots) return DataLoss("more slots than neighbors");
    for (size_t layer = 0; layer < layers; ++layer) {
      const size_t begin = static_cast<size_t>(starts[layer]);
      const size_t end = static_cast<size_t>(starts[layer + 1]);
      RETURN_IF_ERROR(
          CheckSlots(graph, graph.neighbors.subspan(block + begin, end - begin), layer));
    }
    block += slots;
  }
  if (block != graph.neighbors.size()) {
    return DataLoss(Cat(graph.neighbors.size(), " neighbors, ", block, " expected"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string EncodeVectorFile(const VectorFile& content) {
  Header header = {};
  std::memcpy(header.magic, kMagic.data(), kMagic.size());
  header.version = content.has_factory ? kVectorFileVersion : kOldestReadableVectorFileVersion;
  header.dimension = static_cast<uint32_t>(content.codes.dimension);
  header.entries = content.codes.entries();
  header.entry_point = -1;
  if (content.has_graph) {
    header.layer_starts = static_cast<uint32_t>(content.graph.layer_starts.size());
    header.neighbors = content.graph.neighbors.size();
    header.entry_point = content.graph.entry_point;
  }
  if (content.has_factory) {
    header.description = static_cast<uint32_t>(content.factory.description.size());
    header.breadth = content.factory.breadth;
    header.candidates = content.factory.candidates;
    header.factory = content.factory.bytes.size();
  }
  const Layout layout(header);
  std::string bytes(layout.checksum + kChecksumBytes, '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  CopyTo(bytes, layout.codes, content.codes.codes);
  CopyTo(bytes, layout.scales, content.codes.scales);
  if (content.has_graph) {
    CopyTo(bytes, layout.layers, content.graph.layers);
    CopyTo(bytes, layout.layer_starts, content.graph.layer_starts);
    CopyTo(bytes, layout.neighbors, content.graph.neighbors);
  }
  if (content.has_factory) {
    CopyTo<char>(bytes, layout.description, content.factory.description);
    CopyTo<char>(bytes, layout.factory, content.factory.bytes);
  }
  const uint64_t checksum = Checksum64(std::string_view(bytes).substr(0, layout.checksum));
  std::memcpy(bytes.data() + layout.checksum, &checksum, sizeof(checksum));
  return bytes;
}

absl::StatusOr<VectorFile> DecodeVectorFile(std::string_view bytes) {
  if (bytes.size() < sizeof(Header) + kChecksumBytes) {
    return DataLoss(Cat(bytes.size(), " bytes, at least ", sizeof(Header) + kChecksumBytes));
  }
  Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::string_view(header.magic, sizeof(header.magic)) != kMagic) {
    return DataLoss("not a vector index by its first eight bytes");
  }
  uint64_t checksum;
  std::memcpy(&checksum, bytes.data() + bytes.size() - kChecksumBytes, sizeof(checksum));
  if (checksum != Checksum64(bytes.substr(0, bytes.size() - kChecksumBytes))) {
    return DataLoss("the checksum does not match the bytes");
  }
  if (header.version < kOldestReadableVectorFileVersion || header.version > kVectorFileVersion) {
    return absl::FailedPreconditionError(Cat("vector index: format version ", header.version,
                                             ", readable ", kOldestReadableVectorFileVersion, "..",
                                             kVectorFileVersion));
  }
  if (header.version == 1) {
    header.description = header.breadth = header.candidates = 0;
    header.factory = 0;
  }
  RETURN_IF_ERROR(CheckHeader(header));
  const Layout layout(header);
  if (layout.checksum + kChecksumBytes != bytes.size()) {
    return DataLoss(Cat(bytes.size(), " bytes, ", layout.checksum + kChecksumBytes, " expected"));
  }
  VectorFile content;
  content.codes.dimension = header.dimension;
  content.codes.codes =
      Section<uint8_t>(bytes, layout.codes, uint64_t{header.entries} * header.dimension);
  content.codes.scales = Section<float>(bytes, layout.scales, header.entries);
  RETURN_IF_ERROR(CheckScales(content.codes.scales));
  if (header.description != 0) {
    content.has_factory = true;
    content.factory = {.description = bytes.substr(layout.description, header.description),
                       .breadth = header.breadth,
                       .candidates = header.candidates,
                       .bytes = bytes.substr(layout.factory, header.factory)};
  }
  if (header.layer_starts == 0) return content;
  content.has_graph = true;
  content.graph.entry_point = header.entry_point;
  content.graph.layers = Section<uint8_t>(bytes, layout.layers, header.entries);
  content.graph.layer_starts = Section<int32_t>(bytes, layout.layer_starts, header.layer_starts);
  content.graph.neighbors = Section<int32_t>(bytes, layout.neighbors, header.neighbors);
  RETURN_IF_ERROR(CheckGraph(content.graph));
  return content;
}

}  // namespace policykb
