#include "core/text/encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using std::string_literals::operator""s;  // NOLINT(misc-unused-using-decls): not counted

std::string Decoded(const std::string& bytes,
                    std::optional<std::string_view> declared = std::nullopt) {
  const auto text = DecodeToUtf8(bytes, declared);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

std::string Refusal(const std::string& bytes) {
  const auto text = DecodeToUtf8(bytes);
  EXPECT_EQ(text.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(text.status().message());
}

// "di yi tiao", a line end, "20 ri" and a full stop in each encoding.
constexpr char kUtf8[] = "第一条\n20日。";
const std::string kGb18030 = "\xB5\xDA\xD2\xBB\xCC\xF5\n20\xC8\xD5\xA1\xA3";
const std::string kLittle = "\x2C\x7B\x00\x4E\x61\x67\x0A\x00\x32\x00\x30\x00\xE5\x65\x02\x30"s;
const std::string kBig = "\x7B\x2C\x4E\x00\x67\x61\x00\x0A\x00\x32\x00\x30\x65\xE5\x30\x02"s;

TEST(Encoding, OneTextInEveryEncodingIsOneText) {
  EXPECT_EQ(Decoded(kUtf8), kUtf8);
  EXPECT_EQ(Decoded("\xEF\xBB\xBF"s + kUtf8), kUtf8);
  EXPECT_EQ(Decoded(kGb18030), kUtf8);
  EXPECT_EQ(Decoded("\x84\x31\x95\x33"s + kGb18030), kUtf8);
  EXPECT_EQ(Decoded(kLittle), kUtf8);
  EXPECT_EQ(Decoded(kBig), kUtf8);
  EXPECT_EQ(Decoded("\xFF\xFE"s + kLittle), kUtf8);
  EXPECT_EQ(Decoded("\xFE\xFF"s + kBig), kUtf8);
}

TEST(Encoding, FourByteCharactersAndSurrogatesAreCharacters) {
  // U+20000, a Han character outside of GBK.
  EXPECT_EQ(Decoded("\x95\x32\x82\x36" + kGb18030), "\xF0\xA0\x80\x80"s + kUtf8);
  EXPECT_EQ(Decoded("\xFF\xFE\x40\xD8\x00\xDC"s), "\xF0\xA0\x80\x80");
}

TEST(Encoding, WhatIsDeclaredCountsWhereTheBytesAllowIt) {
  EXPECT_EQ(Decoded(kGb18030, "GB2312"), kUtf8);
  EXPECT_EQ(Decoded(kGb18030, "utf-8"), kUtf8) << "declared wrongly";
  EXPECT_EQ(Decoded(kUtf8, "gb2312"), kUtf8) << "declared wrongly";
  EXPECT_EQ(Decoded("caf\xE9 at", "iso-8859-1"), "café at");
  EXPECT_EQ(Decoded("\xA4\xA4\xA4\xE5", "big5"), "中文");
  EXPECT_EQ(Decoded(kGb18030, "no-such-encoding"), kUtf8);
}

TEST(Encoding, DamagedTextIsRefusedWithItsPlace) {
  EXPECT_EQ(Refusal("第一条\xFF"), "not UTF-8 at byte 9");
  // An odd character cut out of UTF-8 must not come back as other Chinese words.
  EXPECT_EQ(Refusal("第一条 甲\x80乙丙丁"), "not UTF-8 at byte 13");
  EXPECT_THAT(Refusal(kGb18030 + "\xB5"), HasSubstr("not UTF-8 at byte 0, not GB18030 at byte 13"));
  EXPECT_THAT(Refusal("na\xEFve caf\xE9t\xE9ria"), HasSubstr("not UTF-8 at byte 2"));
  EXPECT_EQ(Refusal("\xFF\xFE\x2C\x7B\x61"s), "not UTF-16LE at byte 4");
  EXPECT_EQ(Refusal("\xFE\xFF\xD8\x40\x00\x41"s), "not UTF-16BE at byte 2");
}

TEST(Encoding, Big5IsNotTakenForGb18030) {
  // "di yi tiao ben fa gui ding zhi" in Big5, well-formed GB18030 of other characters.
  const std::string big5 = "\xB2\xC4\xA4\x40\xB1\xF8\xA5\xBB\xAA\x6B\xB3\x57\xA9\x77\xA4\xA7";
  EXPECT_THAT(Refusal(big5), HasSubstr("no Chinese text as GB18030"));
  EXPECT_EQ(Decoded(big5, "Big5"), "第一條本法規定之");
}

TEST(Encoding, ABinaryFileIsNamed) {
  EXPECT_EQ(Refusal("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"s), "no text: begins like a PNG image");
  EXPECT_EQ(Refusal("\xFF\xD8\xFF\xE0\0\x10JFIF"s), "no text: begins like a JPEG image");
  EXPECT_EQ(Refusal("PK\x03\x04\x14\0"s), "no text: begins like a ZIP or Office file");
  EXPECT_EQ(Refusal("text\0more"s), "a binary file, no text: NUL at byte 4");
}

TEST(Encoding, EveryTruncationIsTextOrRefused) {
  for (const std::string& whole : {kGb18030, kLittle, "\xFF\xFE"s + kLittle, std::string(kUtf8)}) {
    for (size_t size = 0; size <= whole.size(); ++size) {
      const auto text = DecodeToUtf8(whole.substr(0, size));
      EXPECT_TRUE(text.ok() || text.status().code() == absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(Encoding, PagesDeclareTheirs) {
  EXPECT_EQ(DeclaredEncoding("<html><META charset='gbk'>"), "gbk");
  EXPECT_EQ(DeclaredEncoding("<meta name=a content=b><meta http-equiv=\"Content-Type\" "
                             "content=\"text/html; charset=GB2312\">"),
            "GB2312");
  EXPECT_EQ(DeclaredEncoding("<?xml version=\"1.0\" encoding=\"big5\"?><html>"), "big5");
  EXPECT_EQ(DeclaredEncoding("<p>charset=gbk</p>"), std::nullopt);
  EXPECT_EQ(DeclaredEncoding("<meta charset="), std::nullopt);
}

}  // namespace
}  // namespace policykb
