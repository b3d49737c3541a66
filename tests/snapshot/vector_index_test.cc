#include "core/snapshot/vector_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/snapshot/vector_codes.h"
#include "core/snapshot/vector_file.h"
#include "core/snapshot/vector_walk.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint32_t kNever = std::numeric_limits<uint32_t>::max();

std::string PathOf(const std::string& name) {
  return JoinPath(testing::TempDir(), "vector_index_" + name);
}

// Without the syncs of core/base/files.h, for tests that write thousands of files.
void Overwrite(const std::string& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  ASSERT_TRUE(file.good());
}

// The bytes with the checksum at their end made to fit.
std::string Resealed(std::string bytes) {
  const uint64_t checksum = Checksum64(std::string_view(bytes).substr(0, bytes.size() - 8));
  std::memcpy(bytes.data() + bytes.size() - 8, &checksum, 8);
  return bytes;
}

// n*d unit vectors around 200 random centres, the same ones for every seed.
std::vector<float> ClusteredVectors(size_t n, size_t d, uint32_t seed) {
  constexpr size_t kClusters = 200;
  std::normal_distribution<float> normal;
  std::vector<float> centres(kClusters * d);
  std::mt19937 centre_random(99);
  for (float& value : centres) value = normal(centre_random);
  std::mt19937 random(seed);
  std::vector<float> vectors(n * d);
  for (size_t i = 0; i < n; ++i) {
    const size_t cluster = random() % kClusters;
    double square = 0;
    for (size_t j = 0; j < d; ++j) {
      const float value = centres[cluster * d + j] + 0.8F * normal(random);
      vectors[i * d + j] = value;
      square += static_cast<double>(value) * static_cast<double>(value);
    }
    for (size_t j = 0; j < d; ++j) vectors[i * d + j] /= static_cast<float>(std::sqrt(square));
  }
  return vectors;
}

std::vector<uint32_t> BruteForce(const std::vector<float>& vectors, std::span<const float> query,
                                 size_t k) {
  const size_t d = query.size();
  std::vector<std::pair<double, uint32_t>> scored;
  for (size_t i = 0; i < vectors.size() / d; ++i) {
    double sum = 0;
    for (size_t j = 0; j < d; ++j) {
      sum += static_cast<double>(vectors[i * d + j]) * static_cast<double>(query[j]);
    }
    scored.emplace_back(-sum, static_cast<uint32_t>(i));
  }
  std::sort(scored.begin(), scored.end());
  std::vector<uint32_t> best;
  for (size_t i = 0; i < std::min(k, scored.size()); ++i) best.push_back(scored[i].second);
  return best;
}

absl::Status Write(const std::vector<float>& vectors, size_t dimension,
                   const VectorIndexOptions& options, const std::string& path) {
  CodedVectors coded(dimension);
  if (absl::Status status = coded.Append(vectors); !status.ok()) return status;
  return WriteVectorIndex(coded.View(), options, path);
}

std::unique_ptr<VectorIndex> Written(const std::vector<float>& vectors, int d, uint32_t graph_from,
                                     const std::string& name) {
  const std::string path = PathOf(name);
  const absl::Status status = Write(vectors, static_cast<size_t>(d),
                                    {.graph_from = graph_from, .graph_neighbors = 16}, path);
  EXPECT_TRUE(status.ok()) << status;
  absl::StatusOr<std::unique_ptr<VectorIndex>> index = VectorIndex::Open(path);
  EXPECT_TRUE(index.ok()) << index.status();
  return index.ok() ? *std::move(index) : nullptr;
}

std::vector<ScoredOrdinal> Hits(const VectorIndex& index, std::span<const float> query, uint32_t k,
                                BitmapView allowed) {
  absl::StatusOr<std::vector<ScoredOrdinal>> hits = index.Search(query, k, allowed);
  EXPECT_TRUE(hits.ok()) << hits.status();
  return hits.ok() ? *std::move(hits) : std::vector<ScoredOrdinal>();
}

std::vector<uint32_t> Ordinals(const std::vector<ScoredOrdinal>& hits) {
  std::vector<uint32_t> ordinals;
  for (const ScoredOrdinal& hit : hits) ordinals.push_back(hit.ordinal);
  return ordinals;
}

double Recall(const VectorIndex& index, const std::vector<float>& vectors,
              const std::vector<float>& queries, uint32_t k) {
  const size_t d = static_cast<size_t>(index.dimension());
  size_t hits = 0;
  size_t wanted = 0;
  for (size_t i = 0; i < queries.size() / d; ++i) {
    const std::span<const float> query(queries.data() + i * d, d);
    const std::vector<uint32_t> best = BruteForce(vectors, query, k);
    for (const uint32_t ordinal : Ordinals(Hits(index, query, k, {}))) {
      hits += static_cast<size_t>(std::count(best.begin(), best.end(), ordinal));
    }
    wanted += best.size();
  }
  return static_cast<double>(hits) / static_cast<double>(wanted);
}

TEST(VectorIndexTest, FindsTheNearestOfThreeAxesWithScoresWorkedByHand) {
  // Entries e0, e1 and (e0 + e1)/sqrt 2; query (0.8, 0.6): scores 0.8, 0.6 and 1.4/sqrt 2 =
  // 0.98995.
  std::vector<float> vectors(3 * 64);
  vectors[0] = 1;
  vectors[64 + 1] = 1;
  vectors[128] = vectors[128 + 1] = std::sqrt(0.5F);
  std::vector<float> query(64);
  query[0] = 0.8F;
  query[1] = 0.6F;
  const auto index = Written(vectors, 64, kNever, "axes");
  const std::vector<ScoredOrdinal> hits = Hits(*index, query, 10, {});
  EXPECT_THAT(Ordinals(hits), ElementsAre(2, 0, 1));
  EXPECT_NEAR(hits[0].score, 0.98995, 1e-5);
  EXPECT_NEAR(hits[1].score, 0.8, 1e-6);
  EXPECT_NEAR(hits[2].score, 0.6, 1e-6);
  EXPECT_THAT(index->Scores(query, std::vector<uint32_t>{1, 0}),
              ElementsAre(hits[2].score, hits[1].score));
}

TEST(VectorIndexTest, EqualScoresAreOrderedByOrdinal) {
  std::vector<float> vectors(200 * 64);
  for (size_t i = 0; i < 200; ++i) vectors[i * 64] = 1;
  std::vector<float> query(64);
  query[0] = 1;
  const auto index = Written(vectors, 64, kNever, "ties");
  EXPECT_THAT(Ordinals(Hits(*index, query, 3, {})), ElementsAre(0, 1, 2));
}

TEST(VectorIndexTest, TheScanAgreesWithBruteForceOnUnroundedVectors) {
  const std::vector<float> vectors = ClusteredVectors(3000, 256, 3);
  const std::vector<float> queries = ClusteredVectors(50, 256, 20);
  const auto index = Written(vectors, 256, kNever, "scan");
  EXPECT_FALSE(index->has_graph());
  EXPECT_GE(Recall(*index, vectors, queries, 10), 0.99);
  EXPECT_GE(Recall(*index, vectors, queries, 100), 0.99);
}

TEST(VectorIndexTest, TheScanIsTheBestKOfWhatIsStored) {
  // Against the index's own scores of every entry there is nothing to lose to rounding.
  const std::vector<float> vectors = ClusteredVectors(1000, 64, 4);
  const std::vector<float> queries = ClusteredVectors(30, 64, 5);
  const auto index = Written(vectors, 64, kNever, "stored");
  std::vector<uint32_t> all(1000);
  for (uint32_t i = 0; i < 1000; ++i) all[i] = i;
  for (size_t q = 0; q < 30; ++q) {
    const std::span<const float> query(queries.data() + q * 64, 64);
    const std::vector<float> scores = index->Scores(query, all);
    std::vector<uint32_t> order = all;
    std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
    });
    order.resize(20);
    EXPECT_EQ(Ordinals(Hits(*index, query, 20, {})), order);
  }
}

TEST(VectorIndexTest, TheGraphFindsNearlyAllThatTheScanFinds) {
  const std::vector<float> vectors = ClusteredVectors(20000, 64, 6);
  const std::vector<float> queries = ClusteredVectors(50, 64, 7);
  const auto graph = Written(vectors, 64, 1000, "graph");
  const auto scan = Written(vectors, 64, kNever, "graph_scan");
  ASSERT_TRUE(graph->has_graph());
  size_t found = 0;
  for (size_t q = 0; q < 50; ++q) {
    const std::span<const float> query(queries.data() + q * 64, 64);
    const std::vector<uint32_t> expected = Ordinals(Hits(*scan, query, 10, {}));
    for (const uint32_t ordinal : Ordinals(Hits(*graph, query, 10, {}))) {
      found += static_cast<size_t>(std::count(expected.begin(), expected.end(), ordinal));
    }
  }
  EXPECT_GE(found, 475U);  // of 500
}

TEST(VectorIndexTest, WhateverAFilterKeepsItsNearestAreFound) {
  constexpr uint32_t kEntries = 20000;
  constexpr size_t kQueries = 100;
  const std::vector<float> vectors = ClusteredVectors(kEntries, 64, 21);
  const std::vector<float> queries = ClusteredVectors(kQueries, 64, 22);
  const std::string path = PathOf("kept");
  ASSERT_TRUE(Write(vectors, 64, {.graph_from = 1000}, path).ok());
  const auto graph = VectorIndex::Open(path);
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto scan = Written(vectors, 64, kNever, "kept_scan");
  std::vector<uint32_t> all(kEntries);
  for (uint32_t i = 0; i < kEntries; ++i) all[i] = i;
  std::mt19937 random(23);
  for (const uint32_t kept : {kEntries, kEntries / 10, kEntries / 100, kEntries / 1000, 3U}) {
    std::shuffle(all.begin(), all.end(), random);
    std::vector<uint64_t> allowed(kEntries / 64 + 1);
    for (uint32_t i = 0; i < kept; ++i) allowed[all[i] / 64] |= uint64_t{1} << (all[i] % 64);
    size_t wanted = 0;
    size_t by_graph = 0;
    size_t by_scan = 0;
    for (size_t q = 0; q < kQueries; ++q) {
      const std::span<const float> query(queries.data() + q * 64, 64);
      const std::vector<float> scores =
          scan->Scores(query, std::span<const uint32_t>(all).first(kept));
      std::vector<std::pair<float, uint32_t>> best;
      for (uint32_t i = 0; i < kept; ++i) best.emplace_back(-scores[i], all[i]);
      std::sort(best.begin(), best.end());
      best.resize(std::min<size_t>(10, best.size()));
      const std::vector<uint32_t> found = Ordinals(Hits(**graph, query, 10, allowed));
      const std::vector<uint32_t> scanned = Ordinals(Hits(*scan, query, 10, allowed));
      wanted += best.size();
      for (const auto& [score, ordinal] : best) {
        by_graph += static_cast<size_t>(std::count(found.begin(), found.end(), ordinal));
        by_scan += static_cast<size_t>(std::count(scanned.begin(), scanned.end(), ordinal));
      }
    }
    EXPECT_GE(static_cast<double>(by_scan), 0.99 * static_cast<double>(wanted)) << kept;
    EXPECT_GE(static_cast<double>(by_graph), 0.99 * static_cast<double>(wanted)) << kept;
  }
}

TEST(VectorIndexTest, ASieveLosesHardlyAnyOfTheNearest) {
  // 12,000 entries are sieved to 2,000 before the int8 scan; half of them are few enough to be
  // scanned as they are, so that nothing is lost.
  constexpr uint32_t kEntries = 12000;
  constexpr size_t kQueries = 100;
  const std::vector<float> vectors = ClusteredVectors(kEntries, 256, 24);
  const std::vector<float> queries = ClusteredVectors(kQueries, 256, 25);
  const auto index = Written(vectors, 256, kNever, "sieve");
  const std::vector<uint64_t> half(kEntries / 64 + 1, 0x5555555555555555U);
  size_t found = 0;
  size_t found_of_many = 0;
  for (size_t q = 0; q < kQueries; ++q) {
    const std::span<const float> query(queries.data() + q * 256, 256);
    const auto exact = [&](uint32_t k, BitmapView allowed) {
      const std::vector<uint32_t> best =
          ScanCodes(index->codes(), CodedQuery(query), allowed, k + 60);
      return Ordinals(Rescore(index->codes(), query, best, k));
    };
    const auto among = [](const std::vector<uint32_t>& all, const std::vector<uint32_t>& hits) {
      return static_cast<size_t>(std::count_if(hits.begin(), hits.end(), [&](uint32_t hit) {
        return std::find(all.begin(), all.end(), hit) != all.end();
      }));
    };
    found += among(exact(10, {}), Ordinals(Hits(*index, query, 10, {})));
    found_of_many += among(exact(200, {}), Ordinals(Hits(*index, query, 200, {})));
    EXPECT_EQ(Ordinals(Hits(*index, query, 10, half)), exact(10, half));
  }
  EXPECT_GE(found, 990U);            // of 1,000
  EXPECT_GE(found_of_many, 19000U);  // of 20,000
}

TEST(VectorIndexTest, ASieveKeepsEqualScoresInTheOrderOfOrdinals) {
  std::vector<float> vectors(9000 * 64);
  for (size_t i = 0; i < 9000; ++i) vectors[i * 64] = 1;
  std::vector<float> query(64);
  query[0] = 1;
  const auto index = Written(vectors, 64, kNever, "sieve_ties");
  EXPECT_THAT(Ordinals(Hits(*index, query, 3, {})), ElementsAre(0, 1, 2));
}

TEST(VectorIndexTest, EveryHitIsAllowedAndNoneIsMissing) {
  constexpr uint32_t kEntries = 9973;  // the last word of a filter is not full
  const std::vector<float> vectors = ClusteredVectors(kEntries, 64, 8);
  const std::vector<float> queries = ClusteredVectors(5, 64, 9);
  std::mt19937 random(10);
  for (const uint32_t graph_from : {kNever, 1000U}) {
    const auto index = Written(vectors, 64, graph_from, "filter");
    for (const uint32_t per_thousand : {1, 5, 30, 99, 101, 300, 700, 999, 1000}) {
      std::vector<uint64_t> allowed(kEntries / 64 + 1);
      uint32_t count = 0;
      for (uint32_t i = 0; i < kEntries; ++i) {
        if (random() % 1000 < per_thousand) {
          allowed[i / 64] |= uint64_t{1} << (i % 64);
          ++count;
        }
      }
      // Bits beyond the last entry mean nothing.
      allowed.back() |= ~uint64_t{0} << (kEntries % 64);
      for (size_t q = 0; q < 5; ++q) {
        for (const uint32_t k : {1U, 10U, 100U, 20000U}) {
          const std::span<const float> query(queries.data() + q * 64, 64);
          const std::vector<ScoredOrdinal> hits = Hits(*index, query, k, allowed);
          EXPECT_EQ(hits.size(), std::min(k, count));
          for (size_t i = 0; i < hits.size(); ++i) {
            const uint32_t ordinal = hits[i].ordinal;
            ASSERT_LT(ordinal, kEntries);
            EXPECT_TRUE(allowed[ordinal / 64] >> (ordinal % 64) & 1);
            if (i > 0) {
              EXPECT_TRUE(hits[i - 1].score > hits[i].score ||
                          (hits[i - 1].score == hits[i].score && hits[i - 1].ordinal < ordinal));
            }
          }
        }
      }
    }
  }
}

TEST(VectorIndexTest, AFilterShorterThanTheIndexForbidsTheRest) {
  std::vector<float> vectors(130 * 64);
  for (size_t i = 0; i < 130; ++i) vectors[i * 64 + i % 64] = 1;
  std::vector<float> query(64, 0.125F);
  const auto index = Written(vectors, 64, kNever, "short_filter");
  const std::vector<uint64_t> first_two = {3};
  EXPECT_THAT(Ordinals(Hits(*index, query, 10, first_two)), ElementsAre(0, 1));
  const std::vector<uint64_t> none = {0};
  EXPECT_THAT(Hits(*index, query, 10, none), IsEmpty());
}

TEST(VectorIndexTest, ZeroVectorsBreakNeitherScanNorGraph) {
  std::vector<float> vectors = ClusteredVectors(5000, 64, 11);
  for (size_t i = 0; i < 5000; i += 3) {
    std::fill_n(vectors.begin() + static_cast<std::ptrdiff_t>(i * 64), 64, 0.0F);
  }
  const std::vector<float> query(vectors.begin() + 64, vectors.begin() + 128);
  for (const uint32_t graph_from : {kNever, 100U}) {
    const auto index = Written(vectors, 64, graph_from, "zeros");
    const std::vector<ScoredOrdinal> hits = Hits(*index, query, 5, {});
    ASSERT_EQ(hits.size(), 5U);
    EXPECT_EQ(hits[0].ordinal, 1U);
    EXPECT_NEAR(hits[0].score, 1, 0.01);
    EXPECT_THAT(index->Scores(query, std::vector<uint32_t>{0}), ElementsAre(0.0F));
  }
  const auto all_zero = Written(std::vector<float>(2000 * 64), 64, 100, "all_zero");
  EXPECT_EQ(Hits(*all_zero, query, 5, {}).size(), 5U);
}

TEST(VectorIndexTest, AZeroQueryAndAnEmptyIndexFindNothing) {
  const auto index = Written(ClusteredVectors(10, 64, 12), 64, kNever, "zero_query");
  EXPECT_THAT(Hits(*index, std::vector<float>(64), 5, {}), IsEmpty());
  EXPECT_THAT(Hits(*index, ClusteredVectors(1, 64, 1), 0, {}), IsEmpty());
  const auto empty = Written({}, 64, 0, "empty");
  EXPECT_EQ(empty->entries(), 0U);
  EXPECT_FALSE(empty->has_graph());
  EXPECT_THAT(Hits(*empty, ClusteredVectors(1, 64, 1), 5, {}), IsEmpty());
}

TEST(VectorIndexTest, RefusesWhatItCannotTake) {
  const std::string path = PathOf("refused");
  EXPECT_EQ(Write(std::vector<float>(100), 100, {}, path).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Write(std::vector<float>(65), 64, {}, path).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Write(std::vector<float>(64, std::nanf("")), 64, {}, path).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      Write(std::vector<float>(64, 1), 64, {.graph_from = 1, .graph_neighbors = 1}, path).code(),
      absl::StatusCode::kInvalidArgument);
  const auto index = Written(ClusteredVectors(10, 64, 13), 64, kNever, "query_check");
  EXPECT_EQ(index->Search(std::vector<float>(128, 0.1F), 5, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(index->Search(std::vector<float>(64, std::nanf("")), 5, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(VectorIndex::Open(PathOf("absent")).status().code(), absl::StatusCode::kNotFound);
}

TEST(VectorIndexTest, EqualVectorsGiveEqualBytes) {
  const std::vector<float> vectors = ClusteredVectors(3000, 64, 14);
  for (const uint32_t graph_from : {kNever, 1U}) {
    ASSERT_TRUE(Write(vectors, 64, {.graph_from = graph_from}, PathOf("once")).ok());
    ASSERT_TRUE(Write(vectors, 64, {.graph_from = graph_from}, PathOf("twice")).ok());
    EXPECT_EQ(*ReadFile(PathOf("once")), *ReadFile(PathOf("twice")));
  }
}

TEST(VectorIndexTest, EveryFlippedByteAndEveryTruncationIsDataLoss) {
  const std::string path = PathOf("corrupt");
  ASSERT_NE(Written(ClusteredVectors(6, 64, 15), 64, 1, "corrupt"), nullptr);
  const std::string good = *ReadFile(path);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x41);
    Overwrite(path, bad);
    const absl::Status status = VectorIndex::Open(path).status();
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << "byte " << i;
    ASSERT_THAT(std::string(status.message()), HasSubstr(path));
  }
  for (size_t size = 0; size < good.size(); size += 7) {
    Overwrite(path, good.substr(0, size));
    ASSERT_EQ(VectorIndex::Open(path).status().code(), absl::StatusCode::kDataLoss) << size;
  }
}

// Bytes at an address that the decoder takes.
class Aligned {
 public:
  explicit Aligned(std::string_view bytes) : blocks_(bytes.size() / 64 + 1), size_(bytes.size()) {
    std::memcpy(blocks_.data(), bytes.data(), bytes.size());
  }
  std::string_view bytes() const { return {reinterpret_cast<const char*>(blocks_.data()), size_}; }

 private:
  struct alignas(64) Block {
    char bytes[64];
  };
  std::vector<Block> blocks_;
  size_t size_;
};

TEST(VectorIndexTest, AForgedChecksumLetsNoBadValueThrough) {
  // With a checksum that fits, a file is either refused or can be scanned and walked without
  // leaving it.
  const std::string path = PathOf("forged");
  ASSERT_NE(Written(ClusteredVectors(300, 64, 16), 64, 1, "forged"), nullptr);
  const std::string good = *ReadFile(path);
  const size_t graph_begin = 64 + 300 * 64 + 300 * 4;
  const CodedQuery query(ClusteredVectors(1, 64, 17));
  std::mt19937 random(18);
  size_t walked = 0;
  for (size_t round = 0; round < 4000; ++round) {
    std::string bad = good;
    // Every byte of the header, then mostly those of the graph.
    const size_t at = round < 64       ? round
                      : round % 8 == 0 ? random() % (bad.size() - 8)
                                       : graph_begin + random() % (bad.size() - 8 - graph_begin);
    bad[at] = static_cast<char>(random());
    const Aligned bytes(Resealed(bad));
    const absl::StatusOr<VectorFile> content = DecodeVectorFile(bytes.bytes());
    if (!content.ok()) {
      ASSERT_TRUE(absl::IsDataLoss(content.status()) ||
                  absl::IsFailedPrecondition(content.status()))
          << content.status();
      continue;
    }
    if (content->codes.dimension != 64 || !content->has_graph) continue;
    for (const uint32_t ordinal : VectorWalk(*content).Search(query, 10, 128, {}))
      ASSERT_LT(ordinal, 300U);
    ++walked;
  }
  EXPECT_GT(walked, 0U);
}

TEST(VectorIndexTest, AStoredFileOfVersion1OpensForEver) {
  // Six entries with a graph; entry i has 1 as component i and .5 as the next. A query of component
  // 3 scores 1 with entry 3 and .5 with entry 2; the written codes are 127 and 64 of 127.
  const auto index =
      VectorIndex::Open(POLICYKB_SOURCE_DIR "/tests/snapshot/testdata/vectors-v1.vec");
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ((*index)->entries(), 6u);
  EXPECT_TRUE((*index)->has_graph());
  EXPECT_THAT((*index)->factory(), IsEmpty());
  std::vector<float> query(64);
  query[3] = 1;
  const std::vector<ScoredOrdinal> hits = Hits(**index, query, 2, {});
  EXPECT_THAT(Ordinals(hits), ElementsAre(3, 2));
  EXPECT_FLOAT_EQ(hits[0].score, 1);
  EXPECT_FLOAT_EQ(hits[1].score, 64.0F / 127);
}

TEST(VectorIndexTest, AnotherFormatVersionIsNamed) {
  const std::string path = PathOf("version");
  ASSERT_NE(Written(ClusteredVectors(4, 64, 19), 64, kNever, "version"), nullptr);
  std::string bytes = *ReadFile(path);
  bytes[8] = 9;
  Overwrite(path, Resealed(bytes));
  const absl::Status status = VectorIndex::Open(path).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("format version 9, readable 1..2"));
}

}  // namespace
}  // namespace policykb
