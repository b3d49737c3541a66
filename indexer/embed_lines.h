// EmbedLines: vectors of the lines of a text, for people who compare a model with another program.
//
// No knowledge base. One thread besides the embedder's own.

#ifndef POLICYKB_INDEXER_EMBED_LINES_H_
#define POLICYKB_INDEXER_EMBED_LINES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/embedding/embedder.h"

namespace policykb {

// Whether lines are embedded as passages or as queries, which may have other prefixes.
enum class LineRole : uint8_t { kPassage, kQuery };

struct EmbeddedLines {
  std::string vectors;  // a line for each line of the text, components with a space between them
  size_t lines = 0;
  absl::Duration median;  // of `rounds`, for all lines
};

// Every line of `text` counts, also an empty one; the end of the last is none. Errors: those of the
// embedder. REQUIRES: rounds > 0.
absl::StatusOr<EmbeddedLines> EmbedLines(const Embedder& embedder, std::string_view text,
                                         LineRole role, int rounds);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_EMBED_LINES_H_
