// FAISS indexes by factory string, against the scan of the same vectors.

#include "core/snapshot/vector_factory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/snapshot/vector_index.h"
#include "tests/base/temp_folder.h"
#include "tests/testing/unsynced_file.h"

namespace policykb {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr size_t kDimension = 64;

// Vectors around `clusters` random centres, the same ones for every seed; around nothing for 0.
CodedVectors RandomVectors(size_t n, size_t clusters, uint32_t seed) {
  std::normal_distribution<float> normal;
  std::mt19937 centre_random(99);
  std::vector<float> centres(std::max<size_t>(clusters, 1) * kDimension, 0.0F);
  if (clusters > 0)
    std::generate(centres.begin(), centres.end(), [&] { return normal(centre_random); });
  std::mt19937 random(seed);
  CodedVectors coded(kDimension);
  std::vector<float> vector(kDimension);
  for (size_t i = 0; i < n; ++i) {
    const size_t cluster = clusters > 0 ? random() % clusters : 0;
    for (size_t j = 0; j < kDimension; ++j)
      vector[j] = 0.1F * (centres[cluster * kDimension + j] + 0.8F * normal(random));
    EXPECT_TRUE(coded.Append(vector).ok());
  }
  return coded;
}

class VectorFactoryTest : public testing::Test {
 protected:
  std::unique_ptr<VectorIndex> Written(const CodedVectors& vectors, const std::string& factory,
                                       uint32_t from = 1) {
    const absl::Status status =
        WriteVectorIndex(vectors.View(), {.graph_from = from, .factory = factory}, path_);
    EXPECT_TRUE(status.ok()) << factory << ": " << status;
    absl::StatusOr<std::unique_ptr<VectorIndex>> index = VectorIndex::Open(path_);
    EXPECT_TRUE(index.ok()) << index.status();
    return index.ok() ? *std::move(index) : nullptr;
  }

  const TempFolder folder_;
  const std::string path_ = folder_ / "vectors.vec";
};

TEST_F(VectorFactoryTest, WhateverAFilterKeepsNearlyAllOfTheNearestAreFoundAndNeverTooFew) {
  // Lists and graphs take a filter from FAISS, a bare product quantizer does not.
  constexpr uint32_t kEntries = 11000;
  constexpr size_t kQueries = 50;
  const CodedVectors vectors = RandomVectors(kEntries, 200, 1);
  const CodedVectors asked = RandomVectors(kQueries, 200, 2);
  const std::vector<float> queries = DecodedRows(asked.View(), 0, kQueries);
  for (const char* const factory : {"IVF32,SQ8", "IVF32,PQ32", "HNSW16", "PQ32"}) {
    const auto index = Written(vectors, factory);
    ASSERT_NE(index, nullptr);
    EXPECT_EQ(index->factory(), factory);
    EXPECT_FALSE(index->has_graph());
    std::vector<uint32_t> all(kEntries);
    for (uint32_t i = 0; i < kEntries; ++i) all[i] = i;
    std::mt19937 random(3);
    for (const uint32_t kept : {kEntries, kEntries / 2, kEntries / 10, kEntries / 100, 20U, 3U}) {
      std::shuffle(all.begin(), all.end(), random);
      std::vector<uint64_t> allowed(kEntries / 64 + 1);
      for (uint32_t i = 0; i < kept; ++i) allowed[all[i] / 64] |= uint64_t{1} << (all[i] % 64);
      size_t found = 0;
      size_t wanted = 0;
      for (size_t q = 0; q < kQueries; ++q) {
        const std::span<const float> query(queries.data() + q * kDimension, kDimension);
        const auto hits = index->Search(query, 10, allowed);
        ASSERT_TRUE(hits.ok()) << hits.status();
        ASSERT_THAT(*hits, SizeIs(std::min(kept, 10U)));
        const std::vector<uint32_t> best =
            ScanCodes(vectors.View(), CodedQuery(query), allowed, 10);
        for (const ScoredOrdinal& hit : *hits) {
          ASSERT_TRUE(IsAllowed(allowed, hit.ordinal));
          found += static_cast<size_t>(std::count(best.begin(), best.end(), hit.ordinal));
        }
        wanted += best.size();
      }
      EXPECT_GE(static_cast<double>(found), 0.99 * static_cast<double>(wanted))
          << factory << ", " << kept << " kept";
    }
  }
}

TEST_F(VectorFactoryTest, ScoresAreThoseOfOurOwnCodes) {
  const CodedVectors vectors = RandomVectors(3000, 20, 4);
  const std::vector<float> query = DecodedRows(RandomVectors(1, 20, 5).View(), 0, 1);
  const auto index = Written(vectors, "HNSW16");
  const auto scan = Written(vectors, "", 1U << 31);
  const auto hits = index->Search(query, 5, {});
  ASSERT_TRUE(hits.ok()) << hits.status();
  for (const ScoredOrdinal& hit : *hits) {
    const std::vector<uint32_t> ordinal = {hit.ordinal};
    EXPECT_EQ(hit.score, scan->Scores(query, ordinal)[0]);
  }
}

TEST_F(VectorFactoryTest, TooFewVectorsToTrainOnAreScanned) {
  // 39 for each of 16 lists, and for each of the 256 centres that any quantizer may have: 9,984.
  EXPECT_EQ(*FewestForFactory("IVF16,Flat", kDimension), 9984u);
  EXPECT_EQ(*FewestForFactory("IVF4096,PQ64", kDimension), 159744u);
  EXPECT_EQ(*FewestForFactory("Flat", kDimension), 1u);
  const auto index = Written(RandomVectors(500, 20, 6), "IVF16,Flat");
  EXPECT_THAT(index->factory(), IsEmpty());
  const auto hits = index->Search(std::vector<float>(kDimension, 0.1F), 7, {});
  ASSERT_TRUE(hits.ok()) << hits.status();
  EXPECT_THAT(*hits, SizeIs(7));
  const auto small = Written(RandomVectors(500, 20, 6), "Flat", 501);
  EXPECT_THAT(small->factory(), IsEmpty());
}

TEST_F(VectorFactoryTest, WhatFaissDoesNotKnowIsRefusedByName) {
  for (const char* const wrong : {"IVFx", "PQ7", "nonsense", "IVF16", "LSH"}) {
    const absl::Status status = CheckVectorFactory(wrong, kDimension);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << wrong << ": " << status;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr(wrong), HasSubstr("64 components")));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(CheckVectorFactory(std::string(256, 'x'), kDimension)));
  EXPECT_TRUE(CheckVectorFactory("OPQ16,IVF64,PQ16", kDimension).ok());
}

TEST_F(VectorFactoryTest, AnIndexThatLosesTooManyIsRefusedWithItsRecall) {
  // One byte for a vector of no cluster cannot tell the nearest from the rest.
  const absl::Status status = WriteVectorIndex(RandomVectors(11000, 0, 7).View(),
                                               {.graph_from = 1, .factory = "PQ1"}, path_);
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("\"PQ1\": finds 0."), HasSubstr("0.995 expected")));
  EXPECT_FALSE(PathExists(path_));
}

TEST_F(VectorFactoryTest, EqualVectorsGiveEqualBytes) {
  const CodedVectors vectors = RandomVectors(10500, 50, 8);
  Written(vectors, "IVF16,SQ8");
  const std::string once = *ReadFile(path_);
  Written(vectors, "IVF16,SQ8");
  EXPECT_EQ(once, *ReadFile(path_));
}

TEST_F(VectorFactoryTest, EveryFlippedByteAndEveryTruncationIsDataLoss) {
  ASSERT_NE(Written(RandomVectors(6, 2, 9), "Flat"), nullptr);
  const std::string good = *ReadFile(path_);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x41);
    WriteUnsynced(path_, bad);
    const absl::Status status = VectorIndex::Open(path_).status();
    ASSERT_TRUE(absl::IsDataLoss(status)) << "byte " << i << ": " << status;
    ASSERT_THAT(std::string(status.message()), HasSubstr(path_));
  }
  for (size_t size = 0; size < good.size(); size += 7) {
    WriteUnsynced(path_, good.substr(0, size));
    ASSERT_TRUE(absl::IsDataLoss(VectorIndex::Open(path_).status())) << size;
  }
}

TEST_F(VectorFactoryTest, AHeaderThatContradictsItselfIsDataLossThoughItsChecksumFits) {
  ASSERT_NE(Written(RandomVectors(6, 2, 10), "Flat"), nullptr);
  const std::string good = *ReadFile(path_);
  // Version, dimension, entries, breadth, candidates, size of the index and its first byte.
  const size_t description = 64 + 6 * 64 + 64;
  for (const size_t at :
       {size_t{12}, size_t{16}, size_t{36}, size_t{40}, size_t{44}, size_t{48}, description + 64}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (at == 40 || at == 44 ? bad[at] : 0x5B));
    const uint64_t checksum = Checksum64(std::string_view(bad).substr(0, bad.size() - 8));
    std::memcpy(bad.data() + bad.size() - 8, &checksum, 8);
    WriteUnsynced(path_, bad);
    const absl::Status status = VectorIndex::Open(path_).status();
    EXPECT_TRUE(absl::IsDataLoss(status)) << "byte " << at << ": " << status;
  }
}

}  // namespace
}  // namespace policykb
