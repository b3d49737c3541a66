// Outline: the lines of a document -> its provisions, and which provision each line is the text of.
//
// An article label begins an article only where the numbering goes on; a reference to an article at
// a line start does not. Texts without articles are divided by their headings. Not for cutting into
// passages (passages.h). Linear. Pure function, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_OUTLINE_H_
#define POLICYKB_INDEXER_STRUCTURE_OUTLINE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/records.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/remark.h"

namespace policykb {

// Owner of a line that is no passage's text: header, heading, table of contents.
inline constexpr int32_t kNoOwner = -1;

struct Outline {
  std::vector<Provision> provisions;  // as in Document
  std::vector<int32_t> owner;         // for each line the provision whose text it is, or kNoOwner
  std::vector<Remark> remarks;
  bool has_articles = false;
};

// `header_lines`: lines at the beginning that belong to the header; level-1 headings behind the
// first of them still become parts. Errors: InvalidArgument (more than kMaxProvisions).
absl::StatusOr<Outline> BuildOutline(std::string_view text, const std::vector<TextLine>& lines,
                                     size_t header_lines);

inline constexpr size_t kMaxProvisions = 500'000;

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_OUTLINE_H_
