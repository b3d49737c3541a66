// FactoryIndex: a FAISS index of the kind that a factory string names, over the vectors of a
// segment.
//
// For very large bases whose vectors neither a scan nor our own graph is to search. Finds
// candidates only; who calls scores them by our own codes. Not for files (vector_file.h) and not
// for the choice between index and scan (vector_index.cc). Building is for one thread; an open
// index is const, any thread. FAISS counts its work in global variables that nothing reads, without
// a lock.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_FACTORY_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_FACTORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/vector_codes.h"
#include "core/snapshot/vector_file.h"

namespace policykb {

// Vectors that training an index of that kind takes at the least. Errors: InvalidArgument (FAISS
// knows no such index for that dimension and the inner product).
absl::StatusOr<uint64_t> FewestForFactory(const std::string& description, size_t dimension);

struct BuiltFactoryIndex {
  uint32_t breadth = 0;
  uint32_t candidates = 0;
  std::string bytes;
};

// Trains and fills the index, then finds the least work with which a search finds .995 of the ten
// nearest to questions that are made of the vectors, and takes four times that. Same codes,
// same bytes on one type of machine. REQUIRES: as many entries as FewestForFactory says. Errors:
// InvalidArgument (as FewestForFactory; no amount of work finds as many), ResourceExhausted
// (memory), Internal.
absl::StatusOr<BuiltFactoryIndex> BuildFactoryIndex(const VectorCodes& codes,
                                                    const std::string& description);

class FactoryIndex {
 public:
  // Copies what it needs. REQUIRES: the bytes are those that were written: FAISS trusts them, so
  // that a checksum must have been compared. Errors: DataLoss (not an index of that many vectors),
  // ResourceExhausted (memory).
  static absl::StatusOr<std::unique_ptr<const FactoryIndex>> Open(const StoredFactory& stored,
                                                                  const VectorCodes& codes);
  virtual ~FactoryIndex() = default;

  // Entries among which are nearly all of the `keep` best of the `visible` allowed ones, in
  // ascending order; all are allowed, and they may be fewer than `keep`. Errors: ResourceExhausted
  // (memory), Internal.
  virtual absl::StatusOr<std::vector<uint32_t>> Search(std::span<const float> query, size_t keep,
                                                       uint32_t visible,
                                                       BitmapView allowed) const = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_FACTORY_H_
