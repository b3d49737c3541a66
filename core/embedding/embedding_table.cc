#include "core/embedding/embedding_table.h"

#include <bit>
#include <cstring>

#include "core/base/checksum.h"
#include "core/base/strings.h"
#include "core/embedding/row_sums.h"

namespace policykb {

static_assert(std::endian::native == std::endian::little, "the file is little-endian");

namespace {

constexpr std::string_view kMagic = "PKBEMBT\n";
constexpr uint64_t kAlignment = 64;
constexpr uint64_t kChecksumBytes = 8;
constexpr uint32_t kMaxDimension = 65536;
constexpr uint32_t kMaxRows = uint32_t{1} << 28;
// Weights are an idf times a scale, far below this; the bound keeps every sum finite.
constexpr float kMaxWeight = 1e6F;

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t dimension;
  uint32_t pieces;
  uint32_t han_keys;
  uint64_t piece_model_checksum;
  char zero[32];
};
static_assert(sizeof(Header) == 64);

uint64_t AlignedUp(uint64_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

// Where the sections are; they follow the header and each other at multiples of 64 bytes.
struct Layout {
  explicit Layout(const Header& header)
      : all_rows(uint64_t{header.pieces} + header.han_keys),
        weights(han_keys + AlignedUp(uint64_t{header.han_keys} * sizeof(uint64_t))),
        rows(weights + AlignedUp(all_rows * sizeof(float))),
        checksum(rows + AlignedUp(all_rows * header.dimension)) {}

  uint64_t all_rows;
  uint64_t han_keys = sizeof(Header);
  uint64_t weights;
  uint64_t rows;
  uint64_t checksum;
};

absl::Status DataLoss(const std::string& message) {
  return absl::DataLossError(Cat("embedder table: ", message));
}

template <typename T>
std::span<const T> Section(std::string_view bytes, uint64_t offset, uint64_t count) {
  return {reinterpret_cast<const T*>(bytes.data() + offset), static_cast<size_t>(count)};
}

template <typename T>
void CopyTo(std::string& bytes, uint64_t offset, std::span<const T> values) {
  if (!values.empty()) std::memcpy(bytes.data() + offset, values.data(), values.size_bytes());
}

}  // namespace

std::string EncodeEmbeddingTable(const EmbeddingTable& table) {
  Header header = {};
  std::memcpy(header.magic, kMagic.data(), kMagic.size());
  header.version = kEmbeddingTableVersion;
  header.dimension = static_cast<uint32_t>(table.dimension);
  header.pieces = table.pieces;
  header.han_keys = static_cast<uint32_t>(table.han_keys.size());
  header.piece_model_checksum = table.piece_model_checksum;
  const Layout layout(header);
  std::string bytes(layout.checksum + kChecksumBytes, '\0');
  std::memcpy(bytes.data(), &header, sizeof(header));
  CopyTo(bytes, layout.han_keys, table.han_keys);
  CopyTo(bytes, layout.weights, table.weights);
  CopyTo(bytes, layout.rows, table.rows);
  const uint64_t checksum = Checksum64(std::string_view(bytes).substr(0, layout.checksum));
  std::memcpy(bytes.data() + layout.checksum, &checksum, sizeof(checksum));
  return bytes;
}

absl::StatusOr<EmbeddingTable> DecodeEmbeddingTable(std::string_view bytes) {
  if (bytes.size() < sizeof(Header) + kChecksumBytes) {
    return DataLoss(Cat(bytes.size(), " bytes, at least ", sizeof(Header) + kChecksumBytes));
  }
  Header header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::string_view(header.magic, sizeof(header.magic)) != kMagic) {
    return DataLoss("not an embedder table by its first eight bytes");
  }
  uint64_t checksum;
  std::memcpy(&checksum, bytes.data() + bytes.size() - kChecksumBytes, sizeof(checksum));
  if (checksum != Checksum64(bytes.substr(0, bytes.size() - kChecksumBytes))) {
    return DataLoss("the checksum does not match the bytes");
  }
  if (header.version < kOldestReadableEmbeddingTableVersion ||
      header.version > kEmbeddingTableVersion) {
    return absl::FailedPreconditionError(Cat("embedder table: format version ", header.version,
                                             ", readable ", kOldestReadableEmbeddingTableVersion,
                                             "..", kEmbeddingTableVersion));
  }
  if (header.dimension == 0 || header.dimension % kRowLanes != 0 ||
      header.dimension > kMaxDimension) {
    return DataLoss(Cat("dimension ", header.dimension, ", a multiple of ", kRowLanes,
                        " expected, at most ", kMaxDimension));
  }
  if (header.pieces > kMaxRows || header.han_keys > kMaxRows) {
    return DataLoss(Cat(header.pieces, " pieces and ", header.han_keys, " Han keys, at most ",
                        kMaxRows, " each"));
  }
  const Layout layout(header);
  if (layout.checksum + kChecksumBytes != bytes.size()) {
    return DataLoss(Cat(bytes.size(), " bytes, ", layout.checksum + kChecksumBytes, " expected"));
  }
  EmbeddingTable table{
      .dimension = header.dimension,
      .pieces = header.pieces,
      .piece_model_checksum = header.piece_model_checksum,
      .han_keys = Section<uint64_t>(bytes, layout.han_keys, header.han_keys),
      .weights = Section<float>(bytes, layout.weights, layout.all_rows),
      .rows = Section<int8_t>(bytes, layout.rows, layout.all_rows * header.dimension)};
  for (size_t i = 1; i < table.han_keys.size(); ++i) {
    if (table.han_keys[i - 1] >= table.han_keys[i]) {
      return DataLoss(Cat("Han key ", i, " is not above the one before"));
    }
  }
  for (size_t i = 0; i < table.weights.size(); ++i) {
    if (!(table.weights[i] >= 0 && table.weights[i] <= kMaxWeight)) {
      return DataLoss(
          Cat("weight ", table.weights[i], " of row ", i, ", 0 to ", kMaxWeight, " expected"));
    }
  }
  return table;
}

}  // namespace policykb
