#include "core/snapshot/vector_codes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/base/score_order.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/dot_kernels.h"

namespace policykb {

namespace {

constexpr float kLevels = 127;
// A word of the filter with at least this many bits set is scored as a whole.
constexpr int kDenseWord = 20;
// Rows that are fetched before their turn, and scored together, where they do not lie one behind
// the other.
constexpr size_t kRowsAhead = 16;
constexpr size_t kCacheLine = 64;

bool Better(const ScoredOrdinal& a, const ScoredOrdinal& b) {
  return a.score != b.score ? a.score > b.score : a.ordinal < b.ordinal;
}

// The best `keep` of what is offered in ascending order of ordinals.
class BestEntries {
 public:
  explicit BestEntries(size_t keep) : keep_(keep) { entries_.reserve(2 * keep + kScoredRows); }

  // Scores at or below this need not be offered.
  float threshold() const { return threshold_; }

  void Offer(uint32_t ordinal, float score) {
    if (!(score > threshold_)) return;
    entries_.push_back({.ordinal = ordinal, .score = score});
    if (entries_.size() == 2 * keep_ + kScoredRows) Shrink();
  }

  std::vector<uint32_t> Ordinals() {
    if (entries_.size() > keep_) Shrink();
    std::vector<uint32_t> ordinals(entries_.size());
    std::transform(entries_.begin(), entries_.end(), ordinals.begin(),
                   [](const ScoredOrdinal& entry) { return entry.ordinal; });
    return ordinals;
  }

 private:
  void Shrink() {
    const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(keep_ - 1);
    std::nth_element(entries_.begin(), last, entries_.end(), Better);
    threshold_ = last->score;
    entries_.resize(keep_);
  }

  size_t keep_;
  float threshold_ = -std::numeric_limits<float>::infinity();
  std::vector<ScoredOrdinal> entries_;
};

}  // namespace

absl::Status CheckComponents(std::span<const float> values) {
  for (const float value : values) {
    // Written so that NaN fails too.
    if (!(std::fabs(value) <= kLargestComponent)) {
      return absl::InvalidArgumentError(
          Cat("vector component ", value, ", finite and at most ", kLargestComponent, " expected"));
    }
  }
  return absl::OkStatus();
}

float QuantizeVector(std::span<const float> vector, std::span<int8_t> components) {
  float largest = 0;
  for (const float value : vector) largest = std::max(largest, std::fabs(value));
  const float scale = largest / kLevels;
  // Values so small that the scale is not a normal number are zero for our purposes.
  if (scale < std::numeric_limits<float>::min()) {
    std::fill(components.begin(), components.end(), int8_t{0});
    return 0;
  }
  for (size_t i = 0; i < vector.size(); ++i) {
    components[i] =
        static_cast<int8_t>(std::clamp(std::nearbyint(vector[i] / scale), -kLevels, kLevels));
  }
  return scale;
}

std::vector<float> DecodedRows(const VectorCodes& codes, size_t begin, size_t end) {
  std::vector<float> vectors((end - begin) * codes.dimension);
  float* out = vectors.data();
  for (size_t entry = begin; entry < end; ++entry, out += codes.dimension) {
    const uint8_t* const row = codes.row(entry);
    for (size_t i = 0; i < codes.dimension; ++i)
      out[i] = static_cast<float>(row[i] - 128) * codes.scales[entry];
  }
  return vectors;
}

absl::Status CodedVectors::Append(std::span<const float> vectors) {
  if (vectors.size() % dimension_ != 0) {
    return absl::InvalidArgumentError(
        Cat(vectors.size(), " vector components, a multiple of ", dimension_, " expected"));
  }
  RETURN_IF_ERROR(CheckComponents(vectors));
  std::vector<int8_t> components(dimension_);
  for (size_t at = 0; at < vectors.size(); at += dimension_) {
    scales_.push_back(QuantizeVector(vectors.subspan(at, dimension_), components));
    for (const int8_t component : components)
      codes_.push_back(static_cast<uint8_t>(component + 128));
  }
  return absl::OkStatus();
}

void CodedVectors::AppendRow(std::span<const uint8_t> codes, float scale) {
  codes_.insert(codes_.end(), codes.begin(), codes.end());
  scales_.push_back(scale);
}

CodedQuery::CodedQuery(std::span<const float> query) : components(query.size()) {
  scale = QuantizeVector(query, components);
  int32_t sum = 0;
  for (const int8_t component : components) sum += component;
  offset = 128 * sum;
}

float CodedScore(const VectorCodes& codes, const CodedQuery& query, size_t entry) {
  int32_t sum = 0;
  BestDotKernels().code_rows(codes.row(entry), 1, query.components.data(), codes.dimension, &sum);
  return static_cast<float>(sum - query.offset) * codes.scales[entry] * query.scale;
}

float EntryScore(const VectorCodes& codes, size_t a, size_t b) {
  const int32_t sum = BestDotKernels().code_code(codes.row(a), codes.row(b), codes.dimension);
  return static_cast<float>(sum) * codes.scales[a] * codes.scales[b];
}

float ExactScore(const VectorCodes& codes, std::span<const float> query, size_t entry) {
  return BestDotKernels().code_float(codes.row(entry), query.data(), codes.dimension) *
         codes.scales[entry];
}

uint64_t AllowedWord(BitmapView allowed, size_t word, uint32_t entries) {
  const uint64_t bits = allowed.empty() ? ~uint64_t{0} : word < allowed.size() ? allowed[word] : 0;
  const size_t left = entries - word * 64;
  return left >= 64 ? bits : bits & ((uint64_t{1} << left) - 1);
}

uint32_t CountAllowed(BitmapView allowed, uint32_t entries) {
  if (allowed.empty()) return entries;
  uint32_t count = 0;
  for (size_t word = 0; word * 64 < entries; ++word) {
    count += static_cast<uint32_t>(std::popcount(AllowedWord(allowed, word, entries)));
  }
  return count;
}

std::vector<uint32_t> ScanCodes(const VectorCodes& codes, const CodedQuery& query,
                                BitmapView allowed, size_t keep) {
  const uint32_t entries = codes.entries();
  keep = std::min<size_t>(keep, entries);
  if (keep == 0) return {};
  const DotKernels& kernels = BestDotKernels();
  BestEntries best(keep);
  int32_t sums[kScoredRows] = {};
  float scores[kScoredRows];
  // Entries of words with few bits: their rows are on their way while more are collected.
  uint32_t few[kScoredRows];
  size_t fews = 0;
  const auto score_few = [&] {
    kernels.code_rows_at(codes.codes.data(), few, fews, query.components.data(), codes.dimension,
                         sums);
    for (size_t i = 0; i < fews; ++i)
      best.Offer(few[i], static_cast<float>(sums[i] - query.offset) * codes.scales[few[i]]);
    fews = 0;
  };
  for (size_t word = 0; word * 64 < entries; ++word) {
    uint64_t bits = AllowedWord(allowed, word, entries);
    if (bits == 0) continue;
    const uint32_t first = static_cast<uint32_t>(word * 64);
    if (std::popcount(bits) >= kDenseWord && first + kScoredRows <= entries) {
      score_few();
      kernels.code_rows(codes.row(first), kScoredRows, query.components.data(), codes.dimension,
                        sums);
      bits &= kernels.scores_above(sums, codes.scales.data() + first, query.offset,
                                   best.threshold(), scores);
      for (; bits != 0; bits &= bits - 1) {
        const uint32_t bit = static_cast<uint32_t>(std::countr_zero(bits));
        best.Offer(first + bit, scores[bit]);
      }
      continue;
    }
    for (; bits != 0; bits &= bits - 1) {
      if (fews == kScoredRows) score_few();
      const uint32_t entry = first + static_cast<uint32_t>(std::countr_zero(bits));
      for (size_t at = 0; at < codes.dimension; at += kCacheLine)
        __builtin_prefetch(codes.row(entry) + at);
      few[fews++] = entry;
    }
  }
  score_few();
  return best.Ordinals();
}

std::vector<uint32_t> ScanEntries(const VectorCodes& codes, const CodedQuery& query,
                                  std::span<const uint32_t> ordinals, size_t keep) {
  keep = std::min(keep, ordinals.size());
  if (keep == 0) return {};
  const DotKernels& kernels = BestDotKernels();
  BestEntries best(keep);
  const auto fetch = [&](size_t begin) {
    for (size_t i = begin; i < std::min(begin + kRowsAhead, ordinals.size()); ++i) {
      for (size_t at = 0; at < codes.dimension; at += kCacheLine)
        __builtin_prefetch(codes.row(ordinals[i]) + at);
    }
  };
  fetch(0);
  int32_t sums[kRowsAhead];
  for (size_t begin = 0; begin < ordinals.size(); begin += kRowsAhead) {
    fetch(begin + kRowsAhead);
    const size_t count = std::min(kRowsAhead, ordinals.size() - begin);
    kernels.code_rows_at(codes.codes.data(), ordinals.data() + begin, count,
                         query.components.data(), codes.dimension, sums);
    for (size_t i = 0; i < count; ++i) {
      const uint32_t entry = ordinals[begin + i];
      best.Offer(entry, static_cast<float>(sums[i] - query.offset) * codes.scales[entry]);
    }
  }
  return best.Ordinals();
}

std::vector<ScoredOrdinal> Rescore(const VectorCodes& codes, std::span<const float> query,
                                   std::span<const uint32_t> candidates, size_t k) {
  std::vector<ScoredOrdinal> scored(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    scored[i] = {.ordinal = candidates[i], .score = ExactScore(codes, query, candidates[i])};
  }
  KeepBest(
      scored, k, [](const ScoredOrdinal& entry) { return entry.score; }, Better);
  return scored;
}

}  // namespace policykb
