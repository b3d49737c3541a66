// EmbedTogether: vectors of the passages of several documents in one call of the embedder.
//
// Models that are computed or asked for over the network work best on many texts at once, and
// documents have few passages each. One thread.

#ifndef POLICYKB_INDEXER_EMBED_DOCUMENTS_H_
#define POLICYKB_INDEXER_EMBED_DOCUMENTS_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/records.h"
#include "core/snapshot/vector_cache.h"
#include "core/snapshot/vector_codes.h"

namespace policykb {

// Passages to embed together: seconds of work for a small model on one core. What is embedded is
// kept, so a run that is killed loses no more than these.
inline constexpr size_t kPassagesTogether = 128;

// For each document the vectors of its passages, a row for each. Errors: as VectorCache::Vectors.
absl::StatusOr<std::vector<CodedVectors>> EmbedTogether(
    std::span<const std::vector<Passage>* const> documents, VectorCache& cache);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_EMBED_DOCUMENTS_H_
