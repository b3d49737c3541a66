// Embedder: texts -> unit vectors.
//
// The interface behind which every embedding model stands; the indexer embeds passages, the
// retriever queries. Not for storage of vectors (core/snapshot). Implementations are const after
// Open and may be called from any thread.

#ifndef POLICYKB_CORE_EMBEDDING_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_EMBEDDER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

class Embedder {
 public:
  virtual ~Embedder() = default;

  // Components of a vector, > 0.
  virtual int dimension() const = 0;
  // Changes whenever a vector may change: model files' digest, pooling, dimension, prefixes.
  virtual const std::string& fingerprint() const = 0;
  // n*d, row-major, each row of unit length or all zero where the text has no known piece.
  // Errors: as the implementation states.
  virtual absl::StatusOr<std::vector<float>> EmbedPassages(
      std::span<const std::string_view> texts) const = 0;
  // d components, unit length or all zero.
  virtual absl::StatusOr<std::vector<float>> EmbedQuery(std::string_view text) const = 0;
  // Passages so far that were longer than the model reads and whose ends have no part in their
  // vectors.
  virtual uint64_t texts_cut() const { return 0; }
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_EMBEDDER_H_
