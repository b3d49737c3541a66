#include "core/snapshot/lexical_list.h"

#include <bit>

#include "core/snapshot/lexical_kernels.h"

namespace policykb {

using namespace lexical_format;

namespace {

// Looking one entry up in a list costs as much as going through so many of its postings.
constexpr size_t kPostingsPerLookUp = 3;

size_t WidthOf(Form form) { return form == kOffsets8 ? 1 : form == kOffsets16 ? 2 : 4; }

// The distance of the posting i + 1 from the first. REQUIRES: bounded, not dense, i + 1 < postings.
uint32_t DistanceAt(const LexicalBlock& block, uint32_t i) {
  const char* const at = block.body.data() + i * WidthOf(block.form);
  if (block.form == kOffsets8) return Load<uint8_t>(at);
  return block.form == kOffsets16 ? Load<uint16_t>(at) : Load<uint32_t>(at);
}

// REQUIRES: bounded, not dense, i < postings.
uint8_t CodeAt(const LexicalBlock& block, uint32_t i) {
  return Load<uint8_t>(block.body.data() + WidthOf(block.form) * (block.postings - 1) + i);
}

// Code of the posting `distance` behind the first, 0 when there is none. REQUIRES: distance > 0;
// the block is bounded and of distances of that type.
template <typename Distance>
uint8_t CodeBehind(const LexicalBlock& block, uint32_t distance) {
  const char* const distances = block.body.data();
  uint32_t size = block.postings - 1;
  if (size == 0) return 0;
  uint32_t at = 0;  // the last distance that is not larger, or the first of all
  while (size > 1) {
    const uint32_t half = size / 2;
    at = Load<Distance>(distances + (at + half) * sizeof(Distance)) <= distance ? at + half : at;
    size -= half;
  }
  if (Load<Distance>(distances + at * sizeof(Distance)) != distance) return 0;
  return Load<uint8_t>(distances + (block.postings - 1) * sizeof(Distance) + at + 1);
}

// Code of the posting of that ordinal in the block, 0 when there is none. REQUIRES: bounded.
uint8_t CodeInBlock(const LexicalBlock& block, uint32_t ordinal) {
  if (ordinal < block.first || ordinal > block.last) return 0;
  const uint32_t distance = ordinal - block.first;
  if (block.form == kDense) return Load<uint8_t>(block.body.data() + distance);
  if (distance == 0) return CodeAt(block, 0);
  if (block.form == kOffsets8) return CodeBehind<uint8_t>(block, distance);
  if (block.form == kOffsets16) return CodeBehind<uint16_t>(block, distance);
  return CodeBehind<uint32_t>(block, distance);
}

// Of `count` entries in the block from `ordinals` on, bit i is set for those that have a posting.
// REQUIRES: bounded, of 16-bit distances; count <= kMostCompared; block.first <= ordinals[i] <=
// block.last.
uint64_t HeldBySixteenBits(const LexicalBlock& block, const uint32_t* ordinals, uint32_t count) {
  uint16_t wanted[LexicalKernels::kMostCompared];
  uint8_t at[LexicalKernels::kMostCompared];
  uint32_t near = 0;  // those that a distance may lead to: ordinals ascend
  for (; near < count && ordinals[near] - block.first <= UINT16_MAX; ++near)
    wanted[near] = static_cast<uint16_t>(ordinals[near] - block.first);
  const uint32_t others = block.postings - 1;
  uint64_t found = BestLexicalKernels().find16(block.body.data(), others, wanted, near, at);
  uint64_t held = 0;
  for (; found != 0; found &= found - 1) {
    const int i = std::countr_zero(found);
    held |= uint64_t{CodeAt(block, at[i] + 1U) != 0} << i;
  }
  if (ordinals[0] == block.first) held = (held & ~uint64_t{1}) | uint64_t{CodeAt(block, 0) != 0};
  return held;
}

template <typename Distance>
void AddMembersBehind(const LexicalBlock& block, const EntrySet& set,
                      std::vector<uint32_t>& positions) {
  const char* const distances = block.body.data();
  const char* const codes = distances + (block.postings - 1) * sizeof(Distance);
  const auto add = [&](uint32_t ordinal, uint32_t posting) {
    if (set.Contains(ordinal) && codes[posting] != 0) positions.push_back(set.PositionOf(ordinal));
  };
  add(block.first, 0);
  for (uint32_t i = 1; i < block.postings; ++i)
    add(block.first + Load<Distance>(distances + (i - 1) * sizeof(Distance)), i);
}

// Appends the positions of those members of the set that have a posting in the block. REQUIRES:
// bounded.
void AddMembers(const LexicalBlock& block, const EntrySet& set, std::vector<uint32_t>& positions) {
  if (block.form == kOffsets8) return AddMembersBehind<uint8_t>(block, set, positions);
  if (block.form == kOffsets16) return AddMembersBehind<uint16_t>(block, set, positions);
  if (block.form == kOffsets32) return AddMembersBehind<uint32_t>(block, set, positions);
  for (uint32_t i = 0; i <= block.last - block.first; ++i) {
    if (block.body[i] != 0 && set.Contains(block.first + i))
      positions.push_back(set.PositionOf(block.first + i));
  }
}

// Appends the postings of a block of the list that begins at `first`; what is wrong with it, or "".
std::string_view DecodeBlock(const LexicalList& list, const LexicalBlock& block, size_t first,
                             std::vector<CodedPosting>& out) {
  if (!block.IsBounded(list.entries)) return "a block outside its list or of an unknown form";
  const size_t begin = out.size();
  if (block.form == kDense) {
    for (uint32_t i = 0; i <= block.last - block.first; ++i) {
      if (const auto code = static_cast<uint8_t>(block.body[i]); code != 0)
        out.push_back({block.first + i, code});
    }
    if (out.size() - begin != block.postings)
      return "a dense block of another number of postings than stated";
  } else {
    out.push_back({block.first, CodeAt(block, 0)});
    for (uint32_t i = 1; i < block.postings; ++i) {
      const uint32_t distance = DistanceAt(block, i - 1);
      if (distance > block.last - block.first) return "an ordinal behind the last of its block";
      out.push_back({block.first + distance, CodeAt(block, i)});
    }
  }
  uint8_t largest = 0;
  for (size_t i = begin; i < out.size(); ++i) {
    if (out[i].code == 0) return "a posting without impact";
    if (i > first && out[i].ordinal <= out[i - 1].ordinal) return "ordinals that do not ascend";
    largest = std::max(largest, out[i].code);
  }
  if (out[begin].ordinal != block.first || (list.is_long() && out.back().ordinal != block.last)) {
    return "a block that does not begin or end as stated";
  }
  return largest == block.largest_code ? "" : "a block whose largest impact is not the one stated";
}

}  // namespace

std::optional<LexicalList> LexicalList::Read(std::string_view bytes, uint32_t entries) {
  if (bytes.size() < kListHeadSize) return std::nullopt;
  LexicalList list{.bytes = bytes,
                   .postings = 0,
                   .largest_code = Load<uint8_t>(bytes.data() + 2),
                   .entries = entries};
  if (list.is_long()) {
    list.postings = Load<uint32_t>(bytes.data() + 4);
    if (list.postings <= kBlockSize || list.postings > entries) return std::nullopt;
    if (bytes.size() < kListHeadSize + size_t{list.blocks()} * kBlockEntrySize) return std::nullopt;
  } else {
    list.postings = Load<uint8_t>(bytes.data() + 1) + 1u;
    if (list.postings > kBlockSize || list.postings > entries) return std::nullopt;
  }
  return list;
}

LexicalBlock LexicalList::BlockAt(uint32_t block) const {
  if (!is_long()) {
    return {.first = FirstOrdinal(0),
            .last = entries - 1,
            .postings = postings,
            .form = Load<Form>(bytes.data()),
            .largest_code = largest_code,
            .body = bytes.substr(kListHeadSize)};
  }
  const char* const entry = bytes.data() + kListHeadSize + block * kBlockEntrySize;
  return {.first = Load<uint32_t>(entry),
          .last = Load<uint32_t>(entry + 4),
          .postings = std::min(kBlockSize, postings - block * kBlockSize),
          .form = Load<Form>(entry + 12),
          .largest_code = Load<uint8_t>(entry + 13),
          .body = bytes.substr(std::min<size_t>(Load<uint32_t>(entry + 8), bytes.size()))};
}

uint8_t LexicalList::CodeOf(uint32_t ordinal) const {
  const LexicalBlock block = BlockAt(LastBlockFrom(0, ordinal));
  return block.IsBounded(entries) ? CodeInBlock(block, ordinal) : 0;
}

std::vector<uint32_t> LexicalList::Holding(const EntrySet& set) const {
  std::vector<uint32_t> positions;
  positions.reserve(std::min<size_t>(postings, set.size()));
  const std::vector<uint32_t>& ordinals = set.ordinals();
  if (postings <= set.size() * kPostingsPerLookUp) {
    for (uint32_t i = 0; i < blocks(); ++i) {
      const LexicalBlock block = BlockAt(i);
      if (block.IsBounded(entries)) AddMembers(block, set, positions);
    }
    return positions;
  }
  for (size_t i = 0, at = 0; i < ordinals.size();) {
    at = LastBlockFrom(static_cast<uint32_t>(at), ordinals[i]);
    const LexicalBlock block = BlockAt(static_cast<uint32_t>(at));
    if (ordinals[i] < block.first || ordinals[i] > block.last) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    while (end < ordinals.size() && end - i < LexicalKernels::kMostCompared &&
           ordinals[end] <= block.last) {
      ++end;
    }
    if (!block.IsBounded(entries)) {
      i = end;
    } else if (block.form == kOffsets16) {
      uint64_t held = HeldBySixteenBits(block, &ordinals[i], static_cast<uint32_t>(end - i));
      for (; held != 0; held &= held - 1)
        positions.push_back(static_cast<uint32_t>(i) +
                            static_cast<uint32_t>(std::countr_zero(held)));
      i = end;
    }
    for (; i < end; ++i) {
      if (CodeInBlock(block, ordinals[i]) != 0) positions.push_back(static_cast<uint32_t>(i));
    }
  }
  return positions;
}

uint32_t LexicalList::LastBlockFrom(uint32_t low, uint32_t ordinal) const {
  // Steps that double, then halves: callers that go on from where they were are seldom far off.
  uint32_t size = 1;
  while (low + size < blocks() && FirstOrdinal(low + size) <= ordinal) {
    low += size;
    size *= 2;
  }
  size = std::min(size, blocks() - low);
  while (size > 1) {
    const uint32_t half = size / 2;
    low = FirstOrdinal(low + half) <= ordinal ? low + half : low;
    size -= half;
  }
  return low;
}

std::string_view LexicalList::Decode(std::vector<CodedPosting>& out) const {
  const size_t first = out.size();
  uint8_t largest = 0;
  for (uint32_t i = 0; i < blocks(); ++i) {
    const LexicalBlock block = BlockAt(i);
    const std::string_view wrong = DecodeBlock(*this, block, first, out);
    if (!wrong.empty()) return wrong;
    largest = std::max(largest, block.largest_code);
  }
  return largest == largest_code ? "" : "a list whose largest impact is not the one stated";
}

}  // namespace policykb
