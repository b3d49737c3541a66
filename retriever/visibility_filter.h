// Which passages a search may see: visibility, validity and the caller's filter as one bit per
// passage.
//
// Applied before anything is scored. Pure functions over an open segment, any thread.

#ifndef POLICYKB_RETRIEVER_VISIBILITY_FILTER_H_
#define POLICYKB_RETRIEVER_VISIBILITY_FILTER_H_

#include <cstdint>
#include <vector>

#include "core/snapshot/segment.h"
#include "retriever/searcher.h"

namespace policykb {

// True when the caller holds one of the document's labels.
bool IsVisible(const FilterColumns& columns, uint32_t document, const CallerLabels& labels);

// True when the caller holds one of the document's labels and, where the passage has labels of its
// own, one of these.
bool IsPassageVisible(const FilterColumns& columns, uint32_t passage, const CallerLabels& labels);

// True when a search may return passages of the document.
bool IsAllowed(const FilterColumns& columns, uint32_t document, const SearchQuery& query);

// True when a search may return the passage. Looks at the columns alone, so that it can check what
// the bitmaps let through.
bool IsAllowedPassage(const Segment& segment, uint32_t passage, const SearchQuery& query);

// One bit per passage of the segment, ordinal i at bit i % 64 of word i / 64; dead passages are
// never set.
std::vector<uint64_t> AllowedPassages(const Segment& segment, const SearchQuery& query);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_VISIBILITY_FILTER_H_
