#include "core/text/utf8.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace policykb {
namespace {

TEST(Utf8, WellFormedTextHasNoInvalidByte) {
  EXPECT_EQ(FirstInvalidUtf8(""), std::string_view::npos);
  EXPECT_EQ(FirstInvalidUtf8("plain ASCII of more than eight bytes"), std::string_view::npos);
  EXPECT_EQ(FirstInvalidUtf8("第四十二条 é \U0001F600"), std::string_view::npos);
  EXPECT_EQ(FirstInvalidUtf8(std::string_view("\0a", 2)), std::string_view::npos);
}

TEST(Utf8, TheFirstMalformedByteIsNamed) {
  EXPECT_EQ(FirstInvalidUtf8("ab\x80"), 2u);            // continuation byte alone
  EXPECT_EQ(FirstInvalidUtf8("ab\xC0\xAF"), 2u);        // overlong '/'
  EXPECT_EQ(FirstInvalidUtf8("\xE0\x80\xAF"), 0u);      // overlong, three bytes
  EXPECT_EQ(FirstInvalidUtf8("\xF0\x80\x80\xAF"), 0u);  // overlong, four bytes
  EXPECT_EQ(FirstInvalidUtf8("x\xED\xA0\x80"), 1u);     // surrogate U+D800
  EXPECT_EQ(FirstInvalidUtf8("\xF4\x90\x80\x80"), 0u);  // U+110000
  EXPECT_EQ(FirstInvalidUtf8("\xF5\x80\x80\x80"), 0u);
  EXPECT_EQ(FirstInvalidUtf8("12345678\xFF"), 8u);  // behind one word of eight
  EXPECT_EQ(FirstInvalidUtf8("条\xE6\x9D"), 3u);    // cut at the end
}

TEST(Utf8, EveryCharacterSurvivesEncodingAndDecoding) {
  for (char32_t code = 0; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 61) {
    if (code >= 0xD800 && code <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(text, code);
    ASSERT_EQ(FirstInvalidUtf8(text), std::string_view::npos) << static_cast<uint32_t>(code);
    const DecodedChar decoded = DecodeChar(text, 0);
    ASSERT_EQ(decoded.code, code);
    ASSERT_EQ(decoded.size, text.size());
  }
}

TEST(Utf8, WhatIsNoCharacterIsAppendedAsReplacement) {
  std::string text;
  AppendUtf8(text, 0xD800);
  AppendUtf8(text, 0x110000);
  EXPECT_EQ(text, "\uFFFD\uFFFD");
}

TEST(Utf8, MalformedBytesDecodeOneByOne) {
  // E6 9D begins a character that is cut: two bytes, two replacement characters.
  const std::string text = "\xE6\x9D";
  for (size_t at = 0; at < text.size(); ++at) {
    EXPECT_EQ(DecodeChar(text, at).code, 0xFFFDu);
    EXPECT_EQ(DecodeChar(text, at).size, 1u);
  }
  EXPECT_EQ(CountChars("条\xE6\x9D"), 3u);
}

TEST(Utf8, CharactersAreCounted) {
  EXPECT_EQ(CountChars(""), 0u);
  EXPECT_EQ(CountChars("第1条é\U0001F600"), 5u);
}

TEST(Utf8, FloorNeverCutsACharacter) {
  const std::string text = "a第\U0001F600";  // bytes 0, 1..3, 4..7
  EXPECT_EQ(FloorToChar(text, 0), 0u);
  EXPECT_EQ(FloorToChar(text, 1), 1u);
  EXPECT_EQ(FloorToChar(text, 2), 1u);
  EXPECT_EQ(FloorToChar(text, 3), 1u);
  EXPECT_EQ(FloorToChar(text, 4), 4u);
  EXPECT_EQ(FloorToChar(text, 7), 4u);
  EXPECT_EQ(FloorToChar(text, 8), 8u);
  EXPECT_EQ(FloorToChar(text, 100), 8u);
}

TEST(Utf8, HanIsHanAndNothingElse) {
  for (const char32_t han : {U'一', U'龥', U'㐀', U'〇', char32_t{0x20000}, char32_t{0xF900},
                             char32_t{0x2F800}, char32_t{0x31350}}) {
    EXPECT_TRUE(IsHan(han)) << static_cast<uint32_t>(han);
  }
  for (const char32_t other : {U'a', U'。', U'、', U'あ', U'ア', U'한', U'Ａ', U'々',
                               char32_t{0x4DC0}, char32_t{0x1F600}}) {
    EXPECT_FALSE(IsHan(other)) << static_cast<uint32_t>(other);
  }
}

// FirstInvalidUtf8 (which skips ASCII in words) against decoding character by character.
TEST(Utf8, ValidationAgreesWithDecodingOnRandomBytes) {
  std::mt19937 random(7);
  const std::string alphabet = "ab\x80\xBF\xC2\xE0\xED\xE6\x9D\xA1\xF0\x90\xF4\xFF";
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t n = random() % 14; n > 0; --n)
      text += alphabet[random() % (random() % 2 ? 2 : alphabet.size())];
    size_t expected = std::string_view::npos;
    for (size_t at = 0; at < text.size();) {
      const DecodedChar decoded = DecodeChar(text, at);
      if (decoded.code == 0xFFFD) {
        expected = at;
        break;
      }
      at += decoded.size;
    }
    ASSERT_EQ(FirstInvalidUtf8(text), expected) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace policykb
