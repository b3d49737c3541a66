#include "core/snapshot/vector_sketches.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <random>
#include <utility>
#include <vector>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<float> RandomVectors(size_t n, size_t dimension, uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> vectors(n * dimension);
  for (float& value : vectors) value = normal(random);
  return vectors;
}

CodedVectors Coded(size_t dimension, const std::vector<float>& vectors) {
  CodedVectors coded(dimension);
  const absl::Status status = coded.Append(vectors);
  EXPECT_TRUE(status.ok()) << status;
  return coded;
}

TEST(SketchKernelsTest, ThePortableKernelsComeFirstAndTheBestLast) {
  ASSERT_FALSE(RunnableSketchKernels().empty());
  EXPECT_STREQ(RunnableSketchKernels().front().name, "portable");
  EXPECT_EQ(RunnableSketchKernels().back().name, BestSketchKernels().name);
}

TEST(SketchKernelsTest, EveryKernelComputesDistancesWorkedByHand) {
  // Query components 7, -5, 1, 0: signs set, unset, set, set; sizes 7 = 111, 5 = 101, 1 = 001, 0.
  const uint64_t signs = 0b1101;
  const uint64_t planes[] = {0b0111, 0b0001, 0b0011};
  // Row 0 has the query's signs: 0. Row 1 differs in the first two: 7 + 5 = 12. Row 2 differs in
  // the third and fourth: 1. All others have no bit set and differ in 1, 3 and 4: 7 + 1 = 8.
  std::vector<uint64_t> sketches(kSketchRows, 0);
  sketches[0] = 0b1101;
  sketches[1] = 0b1110;
  sketches[2] = 0b0001;
  for (const SketchKernels& kernels : RunnableSketchKernels()) {
    SCOPED_TRACE(kernels.name);
    std::vector<uint16_t> distances(kSketchRows);
    EXPECT_EQ(kernels.nearer(sketches.data(), &signs, planes, 1, 8, distances.data()), 0b101U);
    EXPECT_EQ(distances[0], 0);
    EXPECT_EQ(distances[1], 12);
    EXPECT_EQ(distances[2], 1);
    EXPECT_EQ(distances[3], 8);
    EXPECT_EQ(distances[63], 8);
  }
}

TEST(SketchKernelsTest, AllKernelsAgreeExactly) {
  std::mt19937_64 random(1);
  for (const size_t words : {size_t{1}, size_t{2}, size_t{4}, size_t{5}, kMostSketchWords}) {
    std::vector<uint64_t> sketches(words * kSketchRows);
    std::vector<uint64_t> signs(words);
    std::vector<uint64_t> planes(words * kSketchPlanes);
    for (auto* const all : {&sketches, &signs, &planes}) {
      for (uint64_t& word : *all) word = random();
    }
    // Row 0 differs from the query everywhere and has the largest distance there is.
    for (size_t word = 0; word < words; ++word) sketches[word * kSketchRows] = ~signs[word];
    if (words == kMostSketchWords) std::fill(planes.begin(), planes.end(), ~uint64_t{0});
    const auto limit = static_cast<uint32_t>(words * 112);
    std::vector<uint16_t> expected(kSketchRows);
    const uint64_t nearer = RunnableSketchKernels().front().nearer(
        sketches.data(), signs.data(), planes.data(), words, limit, expected.data());
    if (words == kMostSketchWords) {
      EXPECT_EQ(expected[0], 128 * 64 * 7);
    }
    for (const SketchKernels& kernels : RunnableSketchKernels()) {
      SCOPED_TRACE(kernels.name);
      std::vector<uint16_t> distances(kSketchRows);
      EXPECT_EQ(kernels.nearer(sketches.data(), signs.data(), planes.data(), words, limit,
                               distances.data()),
                nearer);
      EXPECT_EQ(distances, expected);
    }
  }
}

TEST(VectorSketchesTest, TheNearestAreThoseThatCountingEverySignFinds) {
  constexpr uint32_t kEntries = 1003;  // the last 64 are not all there
  for (const size_t dimension : {64, 192}) {
    const CodedVectors coded = Coded(dimension, RandomVectors(kEntries, dimension, 2));
    const VectorCodes codes = coded.View();
    const VectorSketches sketches(codes);
    std::mt19937 random(3);
    for (uint32_t round = 0; round < 20; ++round) {
      const CodedQuery query(RandomVectors(1, dimension, 4 + round));
      std::vector<uint64_t> allowed(kEntries / 64 + 1);
      for (uint64_t& word : allowed) word = random() & (round % 3 == 0 ? random() : ~0U);
      std::vector<std::pair<int, uint32_t>> counted;
      for (uint32_t entry = 0; entry < kEntries; ++entry) {
        if (!IsAllowed(allowed, entry)) continue;
        int distance = 0;
        for (size_t i = 0; i < dimension; ++i) {
          const int component = query.components[i];
          if ((codes.row(entry)[i] >= 128) != (component >= 0))
            distance += (std::abs(component) * 7 + 63) / 127;
        }
        counted.emplace_back(distance, entry);
      }
      std::sort(counted.begin(), counted.end());
      for (const size_t keep : {size_t{1}, size_t{7}, size_t{100}, size_t{5000}}) {
        std::vector<uint32_t> expected;
        for (size_t i = 0; i < std::min(keep, counted.size()); ++i)
          expected.push_back(counted[i].second);
        std::sort(expected.begin(), expected.end());
        EXPECT_EQ(sketches.Nearest(query, allowed, keep), expected) << keep;
      }
    }
  }
}

TEST(VectorSketchesTest, EqualSketchesAreKeptInTheOrderOfOrdinals) {
  const CodedVectors coded = Coded(64, std::vector<float>(500 * 64, 0.125F));
  const VectorSketches sketches(coded.View());
  const CodedQuery query(std::vector<float>(64, 0.125F));
  EXPECT_THAT(sketches.Nearest(query, {}, 3), ElementsAre(0, 1, 2));
  const std::vector<uint64_t> allowed = {0, 0b1010, 0b1};
  EXPECT_THAT(sketches.Nearest(query, allowed, 2), ElementsAre(65, 67));
  EXPECT_THAT(sketches.Nearest(query, {}, 0), IsEmpty());
}

TEST(ScanEntriesTest, TheBestOfSomeEntriesAreThoseThatAFilterOfThemFinds) {
  const CodedVectors coded = Coded(64, RandomVectors(700, 64, 30));
  const CodedQuery query(RandomVectors(1, 64, 31));
  std::mt19937 random(32);
  std::vector<uint32_t> some;
  std::vector<uint64_t> allowed(700 / 64 + 1);
  for (uint32_t entry = 0; entry < 700; ++entry) {
    if (random() % 3 != 0) continue;
    some.push_back(entry);
    allowed[entry / 64] |= uint64_t{1} << (entry % 64);
  }
  for (const size_t keep : {size_t{0}, size_t{1}, size_t{50}, size_t{1000}}) {
    std::vector<uint32_t> found = ScanEntries(coded.View(), query, some, keep);
    std::vector<uint32_t> expected = ScanCodes(coded.View(), query, allowed, keep);
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(found, expected) << keep;
  }
}

}  // namespace
}  // namespace policykb
