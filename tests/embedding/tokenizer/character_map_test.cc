#include "core/embedding/tokenizer/character_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace policykb {
namespace {

using ::testing::HasSubstr;

std::string Bytes(const std::vector<uint32_t>& units, std::string_view replacements) {
  const auto size = static_cast<uint32_t>(units.size() * 4);
  std::string bytes(4 + size, '\0');
  std::memcpy(bytes.data(), &size, 4);
  std::memcpy(bytes.data() + 4, units.data(), size);
  return bytes + std::string(replacements);
}

// Unit with a label, an offset (XORed with the place to reach the children) and perhaps a leaf.
uint32_t Unit(unsigned char label, uint32_t offset, bool leaf) {
  return label | (offset << 10) | (leaf ? 0x100U : 0U);
}

// "A" -> "a" and "AB" -> "": the root 0 has offset 512, so A (0x41) is at 512 ^ 0x41 = 577. Its
// offset 258 puts its leaf at 577 ^ 258 = 835 and B (0x42) at 835 ^ 0x42 = 769, whose leaf is at
// 769 ^ 1 = 768.
std::string SmallMap() {
  std::vector<uint32_t> units(1024);
  units[0] = Unit(0, 512, false);
  units[577] = Unit('A', 258, true);
  units[835] = 0x80000000U | 0;
  units[769] = Unit('B', 1, true);
  units[768] = 0x80000000U | 2;
  return Bytes(units, std::string_view("a\0\0", 3));
}

TEST(CharacterMapTest, TheLongestSequenceIsReplaced) {
  const auto map = CharacterMap::Decode(SmallMap());
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->Apply("xAyABA"), "xaya");
  EXPECT_EQ(map->Apply(""), "");
  EXPECT_EQ(map->Apply("条\xFF"), "条\xEF\xBF\xBD");
}

TEST(CharacterMapTest, AnEmptyMapChangesNothing) {
  const auto map = CharacterMap::Decode("");
  ASSERT_TRUE(map.ok());
  EXPECT_EQ(map->Apply("AB"), "AB");
}

TEST(CharacterMapTest, LengthsThatLieAreDataLoss) {
  EXPECT_TRUE(absl::IsDataLoss(CharacterMap::Decode("abc").status()));
  const std::string good = SmallMap();
  for (size_t size = 1; size < good.size(); size += 97) {
    EXPECT_TRUE(absl::IsDataLoss(CharacterMap::Decode(good.substr(0, size)).status())) << size;
  }
  const auto unended = CharacterMap::Decode(good + "x");
  EXPECT_THAT(std::string(unended.status().message()), HasSubstr("zero byte"));
}

TEST(CharacterMapTest, FlippedBytesNeverLeadOutOfTheMap) {
  const std::string good = SmallMap();
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    const auto map = CharacterMap::Decode(bad);
    if (!map.ok()) continue;
    EXPECT_LT(map->Apply("xAyABA").size(), 100U);
  }
}

}  // namespace
}  // namespace policykb
