#include "tools/randomization.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <vector>

namespace policykb {

namespace {

constexpr size_t kWordBits = 64;

// Sum of the differences whose bit in `word`, lowest first, is set.
double SumOfSet(std::span<const double> differences, uint64_t word) {
  double sum = 0;
  for (; word != 0; word &= word - 1)
    sum += differences[static_cast<size_t>(std::countr_zero(word))];
  return sum;
}

}  // namespace

double RandomizationP(std::span<const double> differences, const RandomizationOptions& options) {
  std::vector<double> nonzero;
  double total = 0;
  double magnitude = 0;
  for (const double difference : differences) {
    if (difference == 0) continue;
    nonzero.push_back(difference);
    total += difference;
    magnitude += std::abs(difference);
  }
  // Sums of the same terms in another order differ in their last bits.
  const double observed = std::abs(total) - 1e-12 * magnitude;
  // Turning the signs of a set takes off twice its sum.
  const auto is_as_large = [&](double turned) { return std::abs(total - 2 * turned) >= observed; };

  const size_t n = nonzero.size();
  if (n < kWordBits && (uint64_t{1} << n) <= options.permutations) {
    const uint64_t assignments = uint64_t{1} << n;
    uint64_t as_large = 0;
    for (uint64_t word = 0; word < assignments; ++word)
      as_large += is_as_large(SumOfSet(nonzero, word)) ? 1 : 0;
    return static_cast<double>(as_large) / static_cast<double>(assignments);
  }
  std::mt19937_64 random(options.seed);
  const std::span<const double> all(nonzero);
  uint64_t as_large = 0;
  for (uint64_t i = 0; i < options.permutations; ++i) {
    double turned = 0;
    for (size_t first = 0; first < n; first += kWordBits) {
      const size_t count = std::min(kWordBits, n - first);
      const uint64_t drawn = random() >> (kWordBits - count);
      turned += SumOfSet(all.subspan(first, count), drawn);
    }
    as_large += is_as_large(turned) ? 1 : 0;
  }
  return static_cast<double>(as_large + 1) / static_cast<double>(options.permutations + 1);
}

}  // namespace policykb
