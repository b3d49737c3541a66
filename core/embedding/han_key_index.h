// Han keys to row numbers: open addressing over the keys of an embedder table.
//
// Built once, then const, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_HAN_KEY_INDEX_H_
#define POLICYKB_CORE_EMBEDDING_HAN_KEY_INDEX_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace policykb {

class HanKeyIndex {
 public:
  // Key i of `keys` gets row first_row + i; the key 0 is never found. REQUIRES: distinct keys.
  HanKeyIndex(std::span<const uint64_t> keys, uint32_t first_row)
      : slots_(std::bit_ceil(2 * keys.size() + 2)) {
    for (size_t i = 0; i < keys.size(); ++i) {
      size_t slot = Hash(keys[i]);
      while (slots_[slot].key != 0) slot = (slot + 1) % slots_.size();
      slots_[slot] = {.key = keys[i], .row = first_row + static_cast<uint32_t>(i)};
    }
  }

  std::optional<uint32_t> Find(uint64_t key) const {
    for (size_t slot = Hash(key); slots_[slot].key != 0; slot = (slot + 1) % slots_.size()) {
      if (slots_[slot].key == key) return slots_[slot].row;
    }
    return std::nullopt;
  }

 private:
  struct Slot {
    uint64_t key = 0;  // 0: unused
    uint32_t row = 0;
  };

  // Multiplicative hashing (Knuth, volume 3, 6.4); the upper bits are the mixed ones.
  size_t Hash(uint64_t key) const {
    return static_cast<size_t>((key * 0x9e3779b97f4a7c15) >> 32) & (slots_.size() - 1);
  }

  std::vector<Slot> slots_;  // a power of two, at most half used
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_HAN_KEY_INDEX_H_
