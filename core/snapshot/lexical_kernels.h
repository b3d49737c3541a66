// Inner loops of the lexical index: adding the codes of a block, times a weight, to scores.
//
// Plain loops of constant length that the compiler vectorises. For LexicalIndex only; nothing is
// checked here except where stated. Pure functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_KERNELS_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_KERNELS_H_

#include <cstdint>

#include "core/snapshot/lexical_format.h"

namespace policykb {

// scores[i] += weight * codes[i] for i < n.
void AddDenseCodes(const char* codes, uint32_t n, float weight, float* scores);

// scores[0] += weight * codes[0], scores[distance[i]] += weight * codes[i + 1], with distances and
// codes of an offsets body of n postings. Returns false and adds nothing when a distance is not
// below `limit`. REQUIRES: 1 <= n <= kBlockSize, limit >= 1, `body` holds OffsetsBodySize(form, n)
// bytes.
bool AddOffsetCodes(lexical_format::Form form, const char* body, uint32_t n, float weight,
                    uint32_t limit, float* scores);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_KERNELS_H_
