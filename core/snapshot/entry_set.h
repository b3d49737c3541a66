// EntrySet: some entries of an index, to be looked for in many of its lists.
//
// Knows of an entry at once whether it is one of them and which. Not for filters (BitmapView of
// vector_index.h). Const after construction, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_ENTRY_SET_H_
#define POLICYKB_CORE_SNAPSHOT_ENTRY_SET_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace policykb {

class EntrySet {
 public:
  // In any order. REQUIRES: `ordinals` differ and are below `entries`, the number of entries of the
  // index.
  EntrySet(std::vector<uint32_t> ordinals, uint32_t entries)
      : ordinals_(std::move(ordinals)), words_((size_t{entries} + 63) / 64) {
    for (const uint32_t ordinal : ordinals_)
      words_[ordinal / 64].members |= uint64_t{1} << (ordinal % 64);
    uint64_t before = 0;
    for (Word& word : words_) {
      word.before = before;
      before += static_cast<uint64_t>(std::popcount(word.members));
    }
    if (std::is_sorted(ordinals_.begin(), ordinals_.end())) return;
    std::vector<uint32_t> ascending(ordinals_.size());
    for (const uint32_t ordinal : ordinals_) ascending[PositionOf(ordinal)] = ordinal;
    ordinals_ = std::move(ascending);
  }

  // Ascending.
  const std::vector<uint32_t>& ordinals() const { return ordinals_; }
  size_t size() const { return ordinals_.size(); }
  // False for what is no entry of the index.
  bool Contains(uint32_t ordinal) const {
    return ordinal / 64 < words_.size() &&
           (words_[ordinal / 64].members >> (ordinal % 64) & 1) != 0;
  }
  // Where it stands in ordinals(). REQUIRES: Contains(ordinal).
  uint32_t PositionOf(uint32_t ordinal) const {
    const Word& word = words_[ordinal / 64];
    const uint64_t below = word.members & ((uint64_t{1} << (ordinal % 64)) - 1);
    return static_cast<uint32_t>(word.before + static_cast<uint64_t>(std::popcount(below)));
  }

 private:
  struct Word {
    uint64_t members = 0;  // of 64 entries
    uint64_t before = 0;   // members of the words before
  };

  std::vector<uint32_t> ordinals_;
  std::vector<Word> words_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_ENTRY_SET_H_
