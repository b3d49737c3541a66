#include "core/snapshot/lexical_term_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/checksum.h"

namespace policykb {

namespace {

constexpr size_t kFirstSlots = 1024;

uint32_t UpperHalf(uint64_t hash) { return static_cast<uint32_t>(hash >> 32); }

}  // namespace

LexicalTermTable::LexicalTermTable() : slots_(kFirstSlots) {}

uint32_t LexicalTermTable::Intern(std::string_view term) {
  const uint32_t hash = UpperHalf(Checksum64(term));
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; slots_[at].number_plus_1 != 0; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && Text(slots_[at].number_plus_1 - 1) == term) {
      return slots_[at].number_plus_1 - 1;
    }
  }
  const uint32_t number = size();
  arena_ += term;
  ends_.push_back(arena_.size());
  slots_[at] = {hash, number + 1};
  if (ends_.size() * 3 > slots_.size() * 2) Grow();
  return number;
}

void LexicalTermTable::Grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number_plus_1 == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].number_plus_1 != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::string_view LexicalTermTable::Text(uint32_t number) const {
  const uint64_t begin = number == 0 ? 0 : ends_[number - 1];
  return std::string_view(arena_).substr(begin, ends_[number] - begin);
}

std::vector<uint32_t> LexicalTermTable::Sorted() const {
  std::vector<uint32_t> numbers(size());
  std::iota(numbers.begin(), numbers.end(), 0u);
  std::sort(numbers.begin(), numbers.end(),
            [this](uint32_t a, uint32_t b) { return Text(a) < Text(b); });
  return numbers;
}

}  // namespace policykb
