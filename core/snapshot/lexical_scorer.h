// LexicalScorer: the scores that the terms of one query give the entries of one lexical index,
// worked out as far as they are asked for.
//
// The score of an entry is the sum over the terms of weight * code: integers, so that it is the
// same in whatever order it is added up. Short lists are added up at once. Of long ones only the
// block entries are read, which bound what they can add to a range of entries; a range is completed
// when its scores are asked for, and a caller who looks for the best skips ranges whose bound is
// too low (block-max pruning over ranges: Ding and Suel 2011; Mallia, Suel and Tonellotto 2024).
// Which ranges are complete changes no score. One query, one thread; the index outlives it.

#ifndef POLICYKB_CORE_SNAPSHOT_LEXICAL_SCORER_H_
#define POLICYKB_CORE_SNAPSHOT_LEXICAL_SCORER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/snapshot/lexical_index.h"
#include "core/snapshot/lexical_list.h"

namespace policykb {

struct WeightedList {
  LexicalIndex::TermList list;
  uint32_t weight = 0;  // 1 to LargestTermWeight
};

// What an entry has beyond the lists.
struct EntryGain {
  uint32_t entry = 0;
  uint32_t units = 0;
  friend bool operator==(const EntryGain&, const EntryGain&) = default;
};

// The largest weight with which no sum over that many terms exceeds 32 bits. REQUIRES: terms below
// 2^24.
uint32_t LargestTermWeight(size_t terms);

class LexicalScorer {
 public:
  // Entries per range. A dense block covers 128 to 512 entries, so that smaller ranges would not be
  // bounded better.
  static constexpr uint32_t kRange = 256;

  // Adds `gains` to the sums. REQUIRES: no weight above LargestTermWeight(lists.size()); gains of
  // entries of the index, any number for one, with which no sum exceeds 32 bits. A list that breaks
  // the grammar ends at the break, as for LexicalIndex::AddScores.
  LexicalScorer(const LexicalIndex& index, std::span<const WeightedList> lists,
                std::span<const EntryGain> gains = {});

  uint32_t entries() const { return static_cast<uint32_t>(scores_.size()); }
  uint32_t ranges() const { return static_cast<uint32_t>(bounds_.size()); }
  // No entry of the range has a higher score. REQUIRES: range < ranges().
  uint32_t Bound(uint32_t range) const { return bounds_[range]; }
  // Works out the scores of a range; nothing when it is complete. REQUIRES: range < ranges().
  void Complete(uint32_t range);
  // The scores of the entries from range * kRange, at most kRange. REQUIRES: the range is complete.
  std::span<const uint32_t> Scores(uint32_t range) const;
  // REQUIRES: the range of the entry is complete.
  uint32_t ScoreOf(uint32_t entry) const { return scores_[entry]; }

 private:
  // A list of which ranges are added one by one.
  struct LongList {
    LexicalList list;
    uint32_t weight = 0;
    uint32_t blocks = 0;                 // up to the first that breaks the grammar
    std::vector<uint32_t> first_blocks;  // by range: the first block that ends in it or behind
  };

  void AddLongList(const LexicalList& list, uint32_t weight);

  std::vector<uint32_t> scores_;
  std::vector<uint32_t> bounds_;
  std::vector<bool> complete_;
  std::vector<LongList> long_lists_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_LEXICAL_SCORER_H_
