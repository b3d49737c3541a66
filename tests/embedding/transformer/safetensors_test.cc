#include "core/embedding/transformer/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/strings.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string File(std::string_view header, std::string_view data) {
  const uint64_t size = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &size, 8);
  return bytes + std::string(header) + std::string(data);
}

// a: BF16 [2] = 1, -2; b: F16 [1, 3] = 1, 2^-24 (the smallest), -infinity.
std::string SmallFile() {
  return File(
      R"({"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[1,3],"data_offsets":[4,10]}})",
      std::string_view("\x80\x3F\x00\xC0\x00\x3C\x01\x00\x00\xFC", 10));
}

std::string FailureOf(std::string_view header, std::string_view data) {
  const std::string bytes = File(header, data);
  const auto parsed = ParseSafetensors(bytes);
  EXPECT_TRUE(absl::IsDataLoss(parsed.status())) << header;
  return std::string(parsed.status().message());
}

TEST(SafetensorsTest, HalfPrecisionBecomesExactFloats) {
  const std::string bytes = SmallFile();
  const auto parsed = ParseSafetensors(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  ASSERT_EQ(parsed->size(), 2U);
  EXPECT_EQ(parsed->at("b").Describe(), "F16 [1, 3]");
  EXPECT_THAT(ReadFloats(parsed->at("a")), ElementsAre(1.0F, -2.0F));
  EXPECT_THAT(ReadFloats(parsed->at("b")),
              ElementsAre(1.0F, 0x1p-24F, -std::numeric_limits<float>::infinity()));
  float second = 0;
  ReadFloats(parsed->at("a"), 1, 1, &second);
  EXPECT_EQ(second, -2.0F);
}

TEST(SafetensorsTest, IntegersKeepTheirValue) {
  const std::string bytes = File(
      R"({"a":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"I64","shape":[],"data_offsets":[2,10]}})",
      std::string_view("\x7F\x80\x05\0\0\0\0\0\0\0", 10));
  const auto parsed = ParseSafetensors(bytes);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_THAT(ReadFloats(parsed->at("a")), ElementsAre(127.0F, -128.0F));
  EXPECT_THAT(ReadFloats(parsed->at("b")), ElementsAre(5.0F));
}

TEST(SafetensorsTest, WhatIsWrongNamesTheTensor) {
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "abcd"),
              HasSubstr("tensor w: F32 [2] in 4 bytes"));
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", "abcd"),
              HasSubstr("tensor w: bytes 0 to 8 of 4"));
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", "abcd"),
              HasSubstr("tensor w: bytes 4 to 0"));
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"F8_E5M2","shape":[4],"data_offsets":[0,4]}})", "abcd"),
              HasSubstr("tensor w: dtype F8_E5M2"));
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "abcd"),
              HasSubstr("tensor w: shape is not made of counts"));
  EXPECT_THAT(
      FailureOf(R"({"w":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}})",
                ""),
      HasSubstr("tensor w"));
  EXPECT_THAT(FailureOf(R"({"w":7})", ""), HasSubstr("tensor w: not an object"));
}

TEST(SafetensorsTest, GapsOverlapsAndRestsAreRefused) {
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}})", "ab"),
              HasSubstr("tensor w: begins at byte 1, the one before ends at 0"));
  EXPECT_THAT(
      FailureOf(
          R"({"v":{"dtype":"I8","shape":[2],"data_offsets":[0,2]},"w":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}})",
          "ab"),
      HasSubstr("tensor w: begins at byte 1, the one before ends at 2"));
  EXPECT_THAT(FailureOf(R"({"w":{"dtype":"I8","shape":[1],"data_offsets":[0,1]}})", "ab"),
              HasSubstr("tensors end at byte 1 of 2"));
}

TEST(SafetensorsTest, TruncationAnywhereIsDataLoss) {
  const std::string bytes = SmallFile();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_TRUE(
        absl::IsDataLoss(ParseSafetensors(std::string_view(bytes).substr(0, size)).status()))
        << size;
  }
}

TEST(SafetensorsTest, AFlippedByteIsRefusedOrChangesWhatItSays) {
  const std::string good = SmallFile();
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    const auto parsed = ParseSafetensors(bad);
    if (!parsed.ok()) continue;
    size_t bytes = 0;
    for (const auto& [name, tensor] : *parsed) bytes += tensor.bytes.size();
    EXPECT_EQ(bytes, 10U) << at;
  }
}

TEST(SafetensorsTest, AHeaderLongerThanTheFileIsNotAllocated) {
  std::string bytes = SmallFile();
  std::memset(bytes.data(), 0xFF, 8);
  EXPECT_THAT(std::string(ParseSafetensors(bytes).status().message()),
              HasSubstr("header of 18446744073709551615 bytes"));
}

TEST(SafetensorsTest, FindChecksNameAndShape) {
  TempFolder folder;
  ASSERT_TRUE(WriteNewFile(folder / "m.safetensors", SmallFile()).ok());
  const auto file = SafetensorsFile::Open(folder / "m.safetensors");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->Find("b", {1, 3}).ok());
  const auto missing = file->Find("c", {4});
  EXPECT_TRUE(absl::IsNotFound(missing.status()));
  EXPECT_THAT(std::string(missing.status().message()),
              HasSubstr("m.safetensors: tensor c missing, [4]"));
  const auto wrong = file->Find("b", {3, 1});
  EXPECT_TRUE(absl::IsDataLoss(wrong.status()));
  EXPECT_THAT(std::string(wrong.status().message()),
              HasSubstr("tensor b: F16 [1, 3], [3, 1] expected"));
}

}  // namespace
}  // namespace policykb
