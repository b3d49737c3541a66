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

struct FrontMatterBounds {
  std::string_view yaml;
  size_t body = 0;         // offset of the text behind it
  uint32_t body_line = 1;  // line of the file on which that begins
};

// Front matter at the beginning of `text`, empty when there is none. At most 64 KiB are looked at.
FrontMatterBounds FindFrontMatter(std::string_view text);

// Keys and values in order. `yaml` is what stands between the marks, from line 2 of the file.
// Errors: InvalidArgument with the line.
absl::StatusOr<std::vector<FrontMatterEntry>> ParseFrontMatter(std::string_view yaml);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_FRONT_MATTER_H_
