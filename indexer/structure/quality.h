// CheckStructure: what in a document's structure a person should look at.
//
// Not for what is wrong with its metadata. Linear. Pure function, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_QUALITY_H_
#define POLICYKB_INDEXER_STRUCTURE_QUALITY_H_

#include <cstddef>
#include <vector>

#include "core/snapshot/records.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/remark.h"

namespace policykb {

// A passage above this that is one sentence is named with its reason.
inline constexpr size_t kLongSentenceBytes = 1200;

// Adds to `remarks`: second articles of one number, passages that are one long sentence, a document
// without passages. `passages` are in order of the text, as are `lines`, which are not empty.
void CheckStructure(const Document& document, const std::vector<TextLine>& lines,
                    const std::vector<Passage>& passages, std::vector<Remark>& remarks);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_QUALITY_H_
