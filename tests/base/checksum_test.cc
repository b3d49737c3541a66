#include "core/base/checksum.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace policykb {
namespace {

// The buffer of xxHash's published sanity check (cli/xsum_sanity_check.c): the high bytes of
// successive products.
std::string SanityBuffer(size_t size) {
  constexpr uint64_t kPrime32 = 2654435761u;
  constexpr uint64_t kPrime64 = 11400714785074694797u;
  std::string buffer;
  uint64_t state = kPrime32;
  for (size_t i = 0; i < size; ++i) {
    buffer.push_back(static_cast<char>(state >> 56));
    state *= kPrime64;
  }
  return buffer;
}

std::string HexOf(const std::vector<std::string>& fields) {
  Digest digest;
  for (const std::string& field : fields) digest.Add(field);
  return digest.Hex();
}

TEST(ChecksumTest, PublishedVectorsOfXxh3WithSeedZeroAreMet) {
  // The rows with seed 0 of XSUM_XXH3_testdata in the same file; the lengths take each of the
  // algorithm's branches.
  const struct {
    size_t size;
    uint64_t checksum;
  } vectors[] = {
      {0, 0x2D06800538D394C2},    {1, 0xC44BDFF4074EECDB},    {6, 0x27B56A84CD2D7325},
      {12, 0xA713DAF0DFBB77E7},   {24, 0xA3FE70BF9D3510EB},   {48, 0x397DA259ECBA1F11},
      {80, 0xBCDEFBBB2C47C90A},   {195, 0xCD94217EE362EC3A},  {403, 0xCDEB804D65C6DEA4},
      {512, 0x617E49599013CB6B},  {2048, 0xDD59E2C3A5F038E0}, {2240, 0x6E73A90539CF2948},
      {2367, 0xCB37AEB9E5D361ED},
  };
  const std::string buffer = SanityBuffer(2367);
  for (const auto& vector : vectors) {
    EXPECT_EQ(Checksum64(std::string_view(buffer).substr(0, vector.size)), vector.checksum)
        << vector.size;
  }
}

TEST(ChecksumTest, EverySingleBitCounts) {
  const std::string original = SanityBuffer(300);
  std::set<uint64_t> seen = {Checksum64(original)};
  for (size_t bit = 0; bit < original.size() * 8; ++bit) {
    std::string flipped = original;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_TRUE(seen.insert(Checksum64(flipped)).second) << bit;
  }
}

TEST(DigestTest, WithoutFieldsItIsThePublishedDigestOfNothing) {
  // First row of XSUM_XXH128_testdata.
  EXPECT_EQ(Digest().Hex(), "99aa06d3014798d86001c324468d497f");
}

TEST(DigestTest, IsThirtyTwoLowerCaseHexadecimalDigits) {
  const std::string hex = HexOf({"policy"});
  EXPECT_EQ(hex.size(), 32u);
  EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(DigestTest, FieldBoundariesCount) {
  const std::set<std::string> digests = {HexOf({"ab", "c"}), HexOf({"a", "bc"}),
                                         HexOf({"abc"}),     HexOf({"abc", ""}),
                                         HexOf({"", "abc"}), HexOf({"ab", "c", ""})};
  EXPECT_EQ(digests.size(), 6u);
}

TEST(DigestTest, OrderCountsAndSameFieldsGiveTheSame) {
  EXPECT_NE(HexOf({"a", "b"}), HexOf({"b", "a"}));
  EXPECT_EQ(HexOf({"a", "b"}), HexOf({"a", "b"}));
}

TEST(DigestTest, NumbersAreToldApart) {
  std::set<std::string> digests;
  for (const int64_t number :
       {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{256}, INT64_MIN, INT64_MAX}) {
    Digest digest;
    digest.Add(number);
    digests.insert(digest.Hex());
  }
  EXPECT_EQ(digests.size(), 6u);
}

TEST(DigestTest, ReadingItDoesNotEndIt) {
  Digest digest;
  digest.Add("a");
  EXPECT_EQ(digest.Hex(), HexOf({"a"}));
  digest.Add("b");
  EXPECT_EQ(digest.Hex(), HexOf({"a", "b"}));
}

}  // namespace
}  // namespace policykb
