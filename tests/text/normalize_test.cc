#include "core/text/normalize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/text/utf8.h"

namespace policykb {
namespace {

// The characters, each as text, with the bytes they come from.
std::string Describe(std::string_view text) {
  std::string out;
  for (const NormalizedChar& c : NormalizeChars(text)) {
    AppendUtf8(out, c.code);
    out += '<';
    out += Slice(text, c.source);
    out += '>';
  }
  return out;
}

TEST(NormalizeForMatch, FoldsCaseAndWidth) {
  EXPECT_EQ(NormalizeForMatch("Labour LAW"), "labour law");
  EXPECT_EQ(NormalizeForMatch("ＡＢＣ１２３（试行）"), "abc123(试行)");
  EXPECT_EQ(NormalizeForMatch("ﬁne Straße ① ㎡ ﾊﾞ"), "fine strasse 1 m2 バ");
  EXPECT_EQ(NormalizeForMatch(""), "");
}

TEST(NormalizeForMatch, IsUnchangedByASecondPass) {
  for (const std::string text : {"第四十二条", "É̂ ﬃ Ω", "ㅎㅏㄴ 한국어", "İI"}) {
    const std::string once = NormalizeForMatch(text);
    EXPECT_EQ(NormalizeForMatch(once), once);
  }
}

TEST(NormalizeForMatch, EveryMalformedByteBecomesReplacement) {
  EXPECT_EQ(NormalizeForMatch("A\xFF条\xE6\x9D"), "a\uFFFD条\uFFFD\uFFFD");
}

TEST(NormalizeChars, KeepsThePlaceInTheOriginal) {
  EXPECT_EQ(Describe("第１条"), "第<第>1<１>条<条>");
  EXPECT_EQ(Describe("ﬁn"), "f<ﬁ>i<ﬁ>n<n>");
  EXPECT_EQ(Describe("ﾊﾞ"), "バ<ﾊﾞ>");
}

TEST(NormalizeChars, DropsMarksOfLatinLettersOnly) {
  EXPECT_EQ(Describe("é"), "e<é>");
  EXPECT_EQ(Describe("e\u0301t"), "e<e\u0301>t<t>");
  EXPECT_EQ(Describe("Ễ"), "e<Ễ>");
  EXPECT_EQ(Describe("й"), "й<й>");
}

TEST(NormalizeChars, IgnorableCharactersBelongToTheOneBefore) {
  EXPECT_EQ(Describe("a\u00ADb"), "a<a\u00AD>b<b>");
  EXPECT_EQ(Describe("法\uFE00律"), "法<法\uFE00>律<律>");
  EXPECT_EQ(Describe("\uFEFFa"), "a<a>");
}

TEST(NormalizeChars, FramedNumbersStandAlone) {
  EXPECT_EQ(Describe("8①"), "8<8> <>1<①> <>");
  EXPECT_EQ(Describe("m²"), "m<m> <>2<²> <>");
}

TEST(NormalizeChars, ZeroWidthSpaceSeparates) {
  EXPECT_EQ(Describe("a\u200Bb"), "a<a> <\u200B>b<b>");
}

// Character by character against ICU's own pass over the string; only Latin letters with marks,
// marks and U+200B differ.
TEST(NormalizeChars, AgreesWithNormalizeForMatchOutsideLatin) {
  for (char32_t code = 1; code < 0x30000; ++code) {
    const bool latin_with_mark =
        (code >= 0xC0 && code < 0x250) || (code >= 0x1E00 && code < 0x1F00);
    if ((code >= 0xD800 && code <= 0xDFFF) || code == 0x200B || latin_with_mark) continue;
    std::string text = "x";  // a base, so that nothing ignorable stands first
    AppendUtf8(text, code);
    std::string joined;
    for (const NormalizedChar& c : NormalizeChars(text)) {
      if (!c.source.empty()) AppendUtf8(joined, c.code);
    }
    const std::string expected = NormalizeForMatch(text);
    // A mark on the Latin base is dropped.
    EXPECT_TRUE(joined == expected || joined == "x" || joined.size() < expected.size())
        << static_cast<uint32_t>(code) << " " << joined;
  }
}

TEST(NormalizeChars, SourcesAscendInsideTheText) {
  const std::string text = "ＡB\u0301①㍍\xFF\xE6\x9D法ﬁ\u00AD①";
  uint32_t end = 0;
  for (const NormalizedChar& c : NormalizeChars(text)) {
    EXPECT_LE(c.source.start, c.source.end);
    EXPECT_LE(c.source.end, text.size());
    EXPECT_GE(c.source.end, end);
    end = c.source.end;
  }
  EXPECT_EQ(end, text.size());
}

TEST(NormalizeChars, ManyMarksCostLinearTime) {
  std::string text = "a";
  for (int i = 0; i < 200000; ++i) text += i % 2 ? "\u0301" : "\u0323";
  EXPECT_EQ(NormalizeChars(text).size(), 1u);
  // U+1EA1 (three bytes) takes the first mark below; the others keep their two bytes each.
  EXPECT_EQ(NormalizeForMatch(text).size(), 3u + 2 * 199999);
}

}  // namespace
}  // namespace policykb
