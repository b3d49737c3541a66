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
#include "absl/time/time.h"

namespace policykb {

// Of a search that can do without vectors.
struct EmbeddingCall {
  absl::Time deadline = absl::InfiniteFuture();
  // What the search is part of, "00-TRACE-SPAN-FLAGS" of W3C Trace Context, for a server that is
  // asked; empty: nothing is said.
  std::string trace_parent = {};
};

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
  // n*d, as EmbedQuery of each, for a search that is over at the call's deadline: a server that
  // failed just before is not asked again at once.
  virtual absl::StatusOr<std::vector<float>> EmbedForSearch(
      std::span<const std::string_view> texts, [[maybe_unused]] const EmbeddingCall& call) const {
    std::vector<float> vectors;
    for (const std::string_view text : texts) {
      absl::StatusOr<std::vector<float>> vector = EmbedQuery(text);
      if (!vector.ok()) return vector;
      vectors.insert(vectors.end(), vector->begin(), vector->end());
    }
    return vectors;
  }
  // True when calls wait for another machine: none for a thread that must not block.
  virtual bool waits_for_network() const { return false; }
  // Passages so far that were longer than the model reads and whose ends have no part in their
  // vectors.
  virtual uint64_t texts_cut() const { return 0; }
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_EMBEDDER_H_
