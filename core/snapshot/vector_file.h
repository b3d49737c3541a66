// The file of a vector index: what FORMAT.md "Vector index" says, encoded and decoded.
//
// Twins EncodeVectorFile/DecodeVectorFile; knows nothing of FAISS and does no scoring. Pure
// functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_FILE_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/vector_codes.h"

namespace policykb {

// A file without a FAISS index is written as version 1, which holds no other difference.
inline constexpr uint32_t kVectorFileVersion = 2;
inline constexpr uint32_t kOldestReadableVectorFileVersion = 1;

// Links of an HNSW graph (Malkov and Yashunin 2016) over n entries, as FAISS keeps them.
struct VectorGraph {
  int32_t entry_point = -1;  // entry at which every search begins
  // n; number of layers the entry is in, >= 1.
  std::span<const uint8_t> layers;
  // Slots of an entry before each layer: layer l of an entry has the slots [layer_starts[l],
  // layer_starts[l+1]) of its block in `neighbors`; the block of an entry in m layers has
  // layer_starts[m] slots.
  std::span<const int32_t> layer_starts;
  // The blocks of all entries in order; entries, or -1 in unused slots, which come last in a layer.
  std::span<const int32_t> neighbors;
};

inline constexpr size_t kLongestFactory = 255;

// A FAISS index over the same entries (vector_factory.h).
struct StoredFactory {
  std::string_view description;  // factory string, 1 to kLongestFactory bytes
  // Lists or candidates that a search looks at (nprobe, efSearch), >= 1.
  uint32_t breadth = 1;
  // Candidates that it gives for each entry that is asked for, 1 to 1,024.
  uint32_t candidates = 1;
  std::string_view bytes;  // as faiss::write_index wrote them
};

struct VectorFile {
  VectorCodes codes;
  bool has_graph = false;
  VectorGraph graph;  // empty without a graph
  bool has_factory = false;
  StoredFactory factory;  // empty without a FAISS index
};

// Bytes of the file. REQUIRES: not both a graph and a FAISS index.
std::string EncodeVectorFile(const VectorFile& content);

// Views into `bytes`, whose address is a multiple of 64; every value is checked, so that a graph
// that is returned can be walked without further checks; the bytes of a FAISS index are covered by
// the checksum only. Errors: FailedPrecondition (version),
// DataLoss.
absl::StatusOr<VectorFile> DecodeVectorFile(std::string_view bytes);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_FILE_H_
