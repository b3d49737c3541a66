#include "core/embedding/embedding_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "core/base/checksum.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

std::string Resealed(std::string bytes) {
  const uint64_t checksum = Checksum64(std::string_view(bytes).substr(0, bytes.size() - 8));
  std::memcpy(bytes.data() + bytes.size() - 8, &checksum, 8);
  return bytes;
}

std::string SmallTable() {
  const std::vector<uint64_t> keys = {5, 9};
  const std::vector<float> weights = {1, 0, 2.5F};
  std::vector<int8_t> rows(3 * 64);
  rows[64] = -127;
  return EncodeEmbeddingTable({.dimension = 64,
                               .pieces = 1,
                               .piece_model_checksum = 42,
                               .han_keys = keys,
                               .weights = weights,
                               .rows = rows});
}

TEST(EmbeddingTableTest, WhatIsEncodedIsDecoded) {
  const Aligned bytes(SmallTable());
  const absl::StatusOr<EmbeddingTable> table = DecodeEmbeddingTable(bytes.bytes());
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_EQ(table->dimension, 64U);
  EXPECT_EQ(table->pieces, 1U);
  EXPECT_EQ(table->piece_model_checksum, 42U);
  EXPECT_THAT(table->han_keys, ElementsAre(5, 9));
  EXPECT_THAT(table->weights, ElementsAre(1, 0, 2.5F));
  EXPECT_EQ(table->rows.size(), 192U);
  EXPECT_EQ(table->rows[64], -127);
}

TEST(EmbeddingTableTest, BadValuesUnderAGoodChecksumAreDataLoss) {
  const std::string good = SmallTable();
  const auto code_with = [&good](size_t at, auto value) {
    std::string bad = good;
    std::memcpy(bad.data() + at, &value, sizeof(value));
    const Aligned bytes(Resealed(bad));
    return DecodeEmbeddingTable(bytes.bytes()).status().code();
  };
  EXPECT_EQ(code_with(8, uint32_t{2}), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code_with(12, uint32_t{0}), absl::StatusCode::kDataLoss);           // dimension
  EXPECT_EQ(code_with(12, uint32_t{0x80000000}), absl::StatusCode::kDataLoss);  // dimension
  EXPECT_EQ(code_with(16, uint32_t{0xFFFFFFFF}), absl::StatusCode::kDataLoss);  // pieces
  EXPECT_EQ(code_with(20, uint32_t{3}), absl::StatusCode::kDataLoss);           // Han keys
  EXPECT_EQ(code_with(64, uint64_t{9}), absl::StatusCode::kDataLoss);           // keys not rising
  EXPECT_EQ(code_with(128, -1.0F), absl::StatusCode::kDataLoss);                // weights
  EXPECT_EQ(code_with(128, std::nanf("")), absl::StatusCode::kDataLoss);
  EXPECT_EQ(code_with(128, 1e30F), absl::StatusCode::kDataLoss);
}

TEST(EmbeddingTableTest, RandomDamageUnderAGoodChecksumNeverLeadsOutOfTheBytes) {
  const std::string good = SmallTable();
  std::mt19937 random(1);
  for (int round = 0; round < 5000; ++round) {
    std::string bad = good;
    for (unsigned flips = 1 + random() % 3; flips > 0; --flips) {
      bad[random() % (round % 2 == 0 ? 64 : bad.size() - 8)] = static_cast<char>(random());
    }
    const Aligned bytes(Resealed(bad));
    const absl::StatusOr<EmbeddingTable> table = DecodeEmbeddingTable(bytes.bytes());
    if (!table.ok()) continue;
    ASSERT_EQ(table->weights.size(), table->pieces + table->han_keys.size());
    ASSERT_EQ(table->rows.size(), table->weights.size() * table->dimension);
    const char* end = bytes.bytes().data() + bytes.bytes().size();
    ASSERT_LE(reinterpret_cast<const char*>(table->rows.data() + table->rows.size()), end);
  }
}

TEST(EmbeddingTableTest, AnEmptyTableIsATable) {
  EmbeddingTable table;
  table.dimension = 64;
  const Aligned bytes(EncodeEmbeddingTable(table));
  EXPECT_TRUE(DecodeEmbeddingTable(bytes.bytes()).ok());
  EXPECT_THAT(std::string(DecodeEmbeddingTable("").status().message()), HasSubstr("0 bytes"));
}

}  // namespace
}  // namespace policykb
