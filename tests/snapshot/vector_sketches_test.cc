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

TEST(SketchKernelsTest, EveryKernelLooksUpTheFourFieldsOfThreeBytes) {
  // One part: byte 0 = 01'000101, byte 1 = 10'000000, byte 2 = 11'111111 in row 1; the fields are
  // 5, 0, 63 and, of the two highest bits, the first byte's lowest, 11'10'01 = 57.
  std::vector<uint8_t> sketches(kPartBytes * kSketchRows, 0);
  sketches[0 * kSketchRows + 1] = 0b01000101;
  sketches[1 * kSketchRows + 1] = 0b10000000;
  sketches[2 * kSketchRows + 1] = 0b11111111;
  // All other rows have 0 four times: 1 + 2 + 4 + 8 = 15. Row 1: 10 + 2 + 30 + 40 = 82.
  std::vector<uint8_t> tables(kPartFields * kFieldValues, 0);
  tables[0] = 1;
  tables[5] = 10;
  tables[kFieldValues] = 2;
  tables[2 * kFieldValues] = 4;
  tables[2 * kFieldValues + 63] = 30;
  tables[3 * kFieldValues] = 8;
  tables[3 * kFieldValues + 57] = 40;
  for (const SketchKernels& kernels : RunnableSketchKernels()) {
    SCOPED_TRACE(kernels.name);
    std::vector<uint16_t> distances(kSketchRows);
    EXPECT_EQ(kernels.nearer(sketches.data(), tables.data(), 1, 82, distances.data()),
              ~uint64_t{0b10});
    EXPECT_EQ(distances[0], 15);
    EXPECT_EQ(distances[1], 82);
    EXPECT_EQ(distances[63], 15);
  }
}

TEST(SketchKernelsTest, AllKernelsAgreeExactly) {
  std::mt19937_64 random(1);
  for (const size_t parts : {size_t{1}, size_t{2}, size_t{11}, kMostSketchParts}) {
    std::vector<uint8_t> sketches(parts * kPartBytes * kSketchRows);
    std::vector<uint8_t> tables(parts * kPartFields * kFieldValues);
    for (uint8_t& byte : sketches) byte = static_cast<uint8_t>(random());
    for (uint8_t& entry : tables)
      entry = static_cast<uint8_t>(random() % (kLargestFieldDistance + 1));
    // The largest distance there is.
    if (parts == kMostSketchParts) std::fill(tables.begin(), tables.end(), 42);
    const auto limit = static_cast<uint32_t>(parts * kPartFields * 21);
    std::vector<uint16_t> expected(kSketchRows);
    const uint64_t nearer = RunnableSketchKernels().front().nearer(sketches.data(), tables.data(),
                                                                   parts, limit, expected.data());
    if (parts == kMostSketchParts) {
      EXPECT_EQ(expected[0], 384 * 4 * 42);
    }
    for (const SketchKernels& kernels : RunnableSketchKernels()) {
      SCOPED_TRACE(kernels.name);
      std::vector<uint16_t> distances(kSketchRows);
      EXPECT_EQ(kernels.nearer(sketches.data(), tables.data(), parts, limit, distances.data()),
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
