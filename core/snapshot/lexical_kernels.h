// Inner loops of the lexical index: adding the codes of a block, times a weight, to scores.
//
// For LexicalIndex and LexicalScorer only; nothing is checked here except where stated. Sums are
// integers, so that all forms of one loop give the same. Pure functions, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_KERNELS_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/snapshot/lexical_format.h"
#include "core/snapshot/lexical_list.h"

namespace policykb {

struct LexicalKernels {
  // Scores that at_least takes at most.
  static constexpr uint32_t kMostCompared = 64;

  const char* name;
  // scores[i] += weight * codes[i] for i < n. REQUIRES: weight < 2^16.
  void (*add_dense)(const char* codes, uint32_t n, uint32_t weight, uint32_t* scores);
  // The largest of n scores, 0 without any.
  uint32_t (*largest)(const uint32_t* scores, size_t n);
  // Bit i is set when scores[i] >= least, for i < n. REQUIRES: n <= kMostCompared.
  uint64_t (*at_least)(const uint32_t* scores, uint32_t n, uint32_t least);
  // Bit i is set when wanted[i] stands among the n ascending 16-bit distances, at[i] is where. What
  // it gives for distances that do not ascend is some bits, and places below n for those set.
  // REQUIRES: n < kBlockSize, count <= kMostCompared.
  uint64_t (*find16)(const char* distances, uint32_t n, const uint16_t* wanted, uint32_t count,
                     uint8_t* at);
};

// The fastest kernels of this machine.
const LexicalKernels& BestLexicalKernels();

// All kernels that this machine can run, the portable ones first.
std::span<const LexicalKernels> RunnableLexicalKernels();

// scores[0] += weight * codes[0], scores[distance[i]] += weight * codes[i + 1], with distances and
// codes of an offsets body of n postings. Returns false and adds nothing when a distance is not
// below `limit`. REQUIRES: 1 <= n <= kBlockSize, limit >= 1, `body` holds OffsetsBodySize(form, n)
// bytes.
bool AddOffsetCodes(lexical_format::Form form, const char* body, uint32_t n, uint32_t weight,
                    uint32_t limit, uint32_t* scores);

// scores[ordinal - from] += weight * code for the postings with ordinals in [from, to). REQUIRES:
// the block is bounded and not dense, block.first <= from <= to.
void AddOffsetCodesWithin(const LexicalBlock& block, uint32_t from, uint32_t to, uint32_t weight,
                          uint32_t* scores);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_KERNELS_H_
