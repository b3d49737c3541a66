// YAML front matter: the lines between "---" and "---" at the beginning of a file. The wall around
// yaml-cpp.
//
// Not for what the keys mean (indexer/structure/metadata.h). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_FRONT_MATTER_H_
#define POLICYKB_INDEXER_READERS_FRONT_MATTER_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/readers/reader.h"

namespace policykb {

struct FrontMatter {
  std::vector<FrontMatterEntry> entries;  // in order
  size_t body = 0;                        // offset of the text behind it
  uint32_t body_line = 1;                 // line of the file on which that begins
};

// Front matter at the beginning of `text`, none where it begins otherwise; at most 64 KiB.
// Errors: InvalidArgument with the line (no YAML; a key that stands twice; too deep; a key below
// the opening "---" but no closing one: what it says, who may see the text perhaps, must not be
// taken for text).
absl::StatusOr<FrontMatter> ReadFrontMatter(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_FRONT_MATTER_H_
