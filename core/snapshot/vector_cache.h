// VectorCache: vectors of texts that were embedded before, by fingerprint and content.
//
// The indexer's working state; no reader opens it, and losing it costs time only. What is embedded
// is kept as soon as it is known, so that an interrupted run goes on where it was. One thread.

#ifndef POLICYKB_CORE_SNAPSHOT_VECTOR_CACHE_H_
#define POLICYKB_CORE_SNAPSHOT_VECTOR_CACHE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/embedding/embedder.h"
#include "core/snapshot/vector_codes.h"

namespace policykb {

class VectorCache {
 public:
  // Opens or creates the folder `path` for vectors of `embedder`, which outlives the cache. Vectors
  // of other embedders are dropped, and a damaged cache is begun anew. Errors: FailedPrecondition
  // (held by another process), ResourceExhausted, PermissionDenied.
  static absl::StatusOr<std::unique_ptr<VectorCache>> Open(const std::string& path,
                                                           const Embedder& embedder);
  ~VectorCache();

  // One row for each text. Errors: ResourceExhausted, and those of the embedder.
  absl::StatusOr<CodedVectors> Vectors(std::span<const std::string_view> texts);

  // Texts that Vectors had to embed, and those it knew.
  uint64_t embedded() const { return embedded_; }
  uint64_t reused() const { return reused_; }

 private:
  struct Database;
  VectorCache(std::unique_ptr<Database> database, const Embedder& embedder);

  std::unique_ptr<Database> database_;
  const Embedder& embedder_;
  uint64_t embedded_ = 0;
  uint64_t reused_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_VECTOR_CACHE_H_
