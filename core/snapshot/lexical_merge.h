// MergeLexicalIndexes: several lexical indexes -> one, without looking at any text.
//
// Every index of a knowledge base has one impact scale and was normalised by the same mean lengths,
// so that codes are taken over as they are: the merged index scores as one written from the text
// with these lengths. One thread.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_MERGE_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_MERGE_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "core/snapshot/lexical_index.h"

namespace policykb {

inline constexpr uint32_t kDropped = std::numeric_limits<uint32_t>::max();

struct LexicalSource {
  const LexicalIndex* index = nullptr;
  // For each entry of the index its ordinal in the merged one, or kDropped. No two entries of all
  // sources share one.
  std::span<const uint32_t> new_ordinals;
};

// Writes an index of `entries` entries. Errors: DataLoss (a list that cannot be read),
// FailedPrecondition (scales that differ), ResourceExhausted, and as WriteNewFile.
absl::Status MergeLexicalIndexes(std::span<const LexicalSource> sources, uint32_t entries,
                                 const std::string& path);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_MERGE_H_
