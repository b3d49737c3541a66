#include "core/snapshot/lexical_scorer.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "core/snapshot/lexical_kernels.h"

namespace policykb {

using namespace lexical_format;

namespace {

constexpr uint32_t kLargestCode = 255;
constexpr uint32_t kLargestWeight = 0xFFFF;
// A list that at least one entry in so many is in is added range by range: below, adding all of it
// costs less than finding the part of a range.
constexpr uint64_t kLongListShare = 4;

}  // namespace

uint32_t LargestTermWeight(size_t terms) {
  const size_t fits =
      std::numeric_limits<uint32_t>::max() / kLargestCode / std::max<size_t>(terms, 1);
  return static_cast<uint32_t>(std::min<size_t>(fits, kLargestWeight));
}

LexicalScorer::LexicalScorer(const LexicalIndex& index, std::span<const WeightedList> lists,
                             std::span<const EntryGain> gains)
    : scores_(index.entries(), 0),
      bounds_((size_t{index.entries()} + kRange - 1) / kRange, 0),
      complete_(bounds_.size(), false) {
  for (const WeightedList& weighted : lists) {
    const std::optional<LexicalList> list = index.ListOf(weighted.list);
    if (!list) continue;
    if (list->is_long() && list->postings * kLongListShare >= index.entries()) {
      AddLongList(*list, weighted.weight);
    } else {
      index.AddScores(weighted.list, weighted.weight, scores_);
    }
  }
  for (const EntryGain& gain : gains) scores_[gain.entry] += gain.units;
  const LexicalKernels& kernels = BestLexicalKernels();
  for (uint32_t range = 0; range < ranges(); ++range)
    bounds_[range] += kernels.largest(Scores(range).data(), Scores(range).size());
}

void LexicalScorer::AddLongList(const LexicalList& list, uint32_t weight) {
  LongList added = {.list = list, .weight = weight, .blocks = 0, .first_blocks = {}};
  added.first_blocks.reserve(bounds_.size());
  uint32_t range = 0;  // the one whose largest code is being looked for
  uint32_t largest = 0;
  uint32_t next_ordinal = 0;
  for (; added.blocks < list.blocks(); ++added.blocks) {
    const LexicalBlock block = list.BlockAt(added.blocks);
    if (!block.IsBounded(list.entries) || block.first < next_ordinal) break;
    next_ordinal = block.last + 1;
    while (added.first_blocks.size() <= block.last / kRange)
      added.first_blocks.push_back(added.blocks);
    if (block.first / kRange > range) {
      bounds_[range] += weight * largest;
      range = block.first / kRange;
      largest = 0;
    }
    largest = std::max<uint32_t>(largest, block.largest_code);
    for (; range < block.last / kRange; ++range) {
      bounds_[range] += weight * largest;
      largest = block.largest_code;
    }
  }
  if (added.blocks == 0) return;
  bounds_[range] += weight * largest;
  added.first_blocks.resize(bounds_.size(), added.blocks);
  long_lists_.push_back(std::move(added));
}

void LexicalScorer::Complete(uint32_t range) {
  if (complete_[range]) return;
  complete_[range] = true;
  const LexicalKernels& kernels = BestLexicalKernels();
  const uint32_t begin = range * kRange;
  const uint32_t end = static_cast<uint32_t>(begin + Scores(range).size());
  for (const LongList& added : long_lists_) {
    for (uint32_t i = added.first_blocks[range]; i < added.blocks; ++i) {
      const LexicalBlock block = added.list.BlockAt(i);
      if (block.first >= end) break;
      const uint32_t from = std::max(begin, block.first);
      const uint32_t to = std::min(end, block.last + 1);
      if (block.form == kDense) {
        kernels.add_dense(block.body.data() + (from - block.first), to - from, added.weight,
                          scores_.data() + from);
      } else {
        AddOffsetCodesWithin(block, from, to, added.weight, scores_.data() + from);
      }
    }
  }
}

std::span<const uint32_t> LexicalScorer::Scores(uint32_t range) const {
  const size_t begin = size_t{range} * kRange;
  return std::span(scores_).subspan(begin, std::min<size_t>(kRange, scores_.size() - begin));
}

}  // namespace policykb
