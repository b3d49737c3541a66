#include "core/text/analyzer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/text/english_stem.h"
#include "core/text/utf8.h"

namespace policykb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Terms(std::string_view text) {
  std::vector<std::string> terms;
  for (const Term& term : Analyze(text)) terms.push_back(term.text);
  return terms;
}

// The bytes of the original that each term stands on.
std::vector<std::string> Sources(std::string_view text) {
  std::vector<std::string> sources;
  for (const Term& term : Analyze(text)) sources.emplace_back(Slice(text, term.span));
  return sources;
}

TEST(Analyzer, HanGivesUnigramsAndBigramsInOrder) {
  const std::vector<Term> terms = Analyze("劳动法");
  ASSERT_EQ(terms.size(), 5u);
  const TermKind u = TermKind::kUnigram, b = TermKind::kBigram;
  const std::vector<std::pair<std::string, TermKind>> expected = {
      {"劳", u}, {"劳动", b}, {"动", u}, {"动法", b}, {"法", u}};
  for (size_t i = 0; i < terms.size(); ++i) {
    EXPECT_EQ(terms[i].text, expected[i].first);
    EXPECT_EQ(terms[i].kind, expected[i].second);
    EXPECT_EQ(Slice("劳动法", terms[i].span), expected[i].first);
  }
}

TEST(Analyzer, VisitedTermsAreThoseOfTheList) {
  const std::string text =
      "劳动法第3条 U.S.C. § 2.5万元，女士's ئۇيغۇر tests \u200b甲" + std::string(80, 'x');
  std::vector<Term> visited;
  ForEachTerm(text, [&visited](const TermView& term) {
    visited.push_back({std::string(term.text), term.kind, term.span});
  });
  const std::vector<Term> terms = Analyze(text);
  ASSERT_EQ(visited.size(), terms.size());
  for (size_t i = 0; i < terms.size(); ++i) {
    EXPECT_EQ(visited[i].text, terms[i].text);
    EXPECT_EQ(visited[i].kind, terms[i].kind);
    EXPECT_EQ(visited[i].span, terms[i].span);
  }
}

TEST(Analyzer, PunctuationSeparatesBigrams) {
  EXPECT_THAT(Terms("甲，乙。"), ElementsAre("甲", "乙"));
  EXPECT_THAT(Terms("甲\n乙"), ElementsAre("甲", "乙"));
  EXPECT_THAT(Terms("甲A乙"), ElementsAre("甲", "a", "乙"));
  EXPECT_THAT(Terms("《甲乙》（丙）"), ElementsAre("甲", "甲乙", "乙", "丙"));
}

TEST(Analyzer, KanaAndHangulAreCutAsHan) {
  EXPECT_THAT(Terms("カー"), ElementsAre("カ", "カー", "ー"));
  EXPECT_THAT(Terms("법률"), ElementsAre("법", "법률", "률"));
  EXPECT_THAT(Terms("人々"), ElementsAre("人", "人々", "々"));
  EXPECT_THAT(Terms("か\u3099"), ElementsAre("が"));
}

TEST(Analyzer, NumbersAreOneTerm) {
  EXPECT_THAT(Terms("2023 1,000.50 2024-05-01 3/4"),
              ElementsAre("2023", "1000.50", "2024-05-01", "3/4"));
  EXPECT_THAT(Terms("12,345,678"), ElementsAre("12345678"));
  EXPECT_THAT(Terms("２０２３年"), ElementsAre("2023", "年"));
  EXPECT_THAT(Terms("１，０００．５"), ElementsAre("1000.5"));
  EXPECT_THAT(Terms("١٢٣"), ElementsAre("123"));
}

TEST(Analyzer, CommasThatGroupNoThousandsSeparate) {
  EXPECT_THAT(Terms("1,2,3"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(Terms("2023,500"), ElementsAre("2023", "500"));
  EXPECT_THAT(Terms("1,0000"), ElementsAre("1", "0000"));
  EXPECT_THAT(Terms("3.1,500"), ElementsAre("3.1", "500"));
  EXPECT_THAT(Terms("第3，100元"),
              ElementsAre("第", "3", "100", "元"));  // the sentence's own comma
}

TEST(Analyzer, ConnectorsAtTheEndOfANumberSeparate) {
  EXPECT_THAT(Terms("in 2023. Then 5- and 6/"), ElementsAre("in", "2023", "then", "5", "and", "6"));
  EXPECT_THAT(Terms("..5"), ElementsAre("5"));
}

TEST(Analyzer, FramedNumbersAreTermsOfTheirOwn) {
  EXPECT_THAT(Terms("2018①②"), ElementsAre("2018", "1", "2"));
  EXPECT_THAT(Sources("①②"), ElementsAre("①", "②"));
}

TEST(Analyzer, SpansReferToTheOriginalBytes) {
  EXPECT_THAT(Sources("ﬁnance Ⅳ ＡＢ"), ElementsAre("ﬁnance", "Ⅳ", "ＡＢ"));
  EXPECT_THAT(Terms("ﬁnance Ⅳ ＡＢ"), ElementsAre("finance", "iv", "ab"));
  EXPECT_THAT(Sources("re\u0301sume\u0301s"), ElementsAre("re\u0301sume\u0301s"));
  EXPECT_THAT(Sources("ﾊﾞｽ"), ElementsAre("ﾊﾞ", "ﾊﾞｽ", "ｽ"));
}

TEST(Analyzer, EnglishWordsAreFoldedAndStemmed) {
  EXPECT_THAT(Terms("The Veteran's benefits and policies"),
              ElementsAre("the", "veteran", "benefit", "and", "policy"));
  EXPECT_THAT(Terms("don’t O'Neil's parents'"), ElementsAre("don't", "o'neil", "parent"));
  EXPECT_THAT(Terms("Résumé naïve"), ElementsAre("resume", "naive"));
  EXPECT_THAT(Terms("COVID-19 2nd va.gov snake_case"),
              ElementsAre("covid", "19", "2nd", "va", "gov", "snake", "case"));
}

TEST(Analyzer, AcronymsLoseTheirDots) {
  EXPECT_THAT(Terms("38 U.S.C. 1310"), ElementsAre("38", "usc", "1310"));
  EXPECT_THAT(Terms("e.g. i.e."), ElementsAre("eg", "ie"));
  EXPECT_THAT(Terms("J.Smith a.b1"), ElementsAre("j", "smith", "a", "b1"));
  EXPECT_THAT(Sources("the U.S.C."), ElementsAre("the", "U.S.C"));
}

TEST(Analyzer, OtherScriptsAreCutAtWordBoundaries) {
  EXPECT_THAT(Terms("ЗАКОН о труде"), ElementsAre("закон", "о", "труде"));
  EXPECT_THAT(Terms("ئۇيغۇر تىلى"), ElementsAre("ئۇيغۇر", "تىلى"));
  EXPECT_THAT(Terms("สวัสดีชาวโลก"), ElementsAre("สวัสดี", "ชาว", "โลก"));
  EXPECT_THAT(Sources("สวัสดีชาวโลก"), ElementsAre("สวัสดี", "ชาว", "โลก"));
}

TEST(Analyzer, WhatIsNeitherWordNorNumberGivesNothing) {
  EXPECT_THAT(Terms(""), IsEmpty());
  EXPECT_THAT(Terms(" \n\t。，！…—·\U0001F600\u0301'"), IsEmpty());
}

TEST(Analyzer, MalformedBytesSeparate) {
  EXPECT_THAT(Terms("a\xFF"
                    "b 中\xE5\xAD国"),
              ElementsAre("a", "b", "中", "国"));
}

TEST(Analyzer, LongWordsKeepTheirBeginning) {
  const std::string word(1000, 'x');
  EXPECT_THAT(Terms(word), ElementsAre(std::string(64, 'x')));
  EXPECT_EQ(Analyze(word)[0].span, (Span{0, 1000}));
  std::string cyrillic = "x";
  for (int i = 0; i < 100; ++i) cyrillic += "я";
  EXPECT_EQ(Terms(cyrillic)[0].size(), 63u);  // 1 + 31 * 2; the next would cut a character
}

TEST(Analyzer, NormalizedTextGivesTheSameTerms) {
  EXPECT_EQ(Terms("ＬＡＷ　２０２３"), Terms("law 2023"));
  EXPECT_EQ(Terms("（试行）"), Terms("(试行)"));
}

TEST(Analyzer, EveryTermIsWellFormedAndItsSpanLiesInTheText) {
  std::mt19937 random(11);
  const std::vector<std::string> pieces = {
      "法", "第", "a", "B",  "1",  "2", ",", ".", "-",    "，",   "ﬁ",      "é", "\u0301",
      "①",  "я",  "ส", "가", "ア", "ﾞ", "'", " ", "\xFF", "\xE6", "\u00AD", "㍍"};
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (size_t n = random() % 12; n > 0; --n) text += pieces[random() % pieces.size()];
    uint32_t start = 0;
    for (const Term& term : Analyze(text)) {
      ASSERT_FALSE(term.text.empty());
      ASSERT_EQ(FirstInvalidUtf8(term.text), std::string_view::npos);
      ASSERT_GE(term.span.start, start) << testing::PrintToString(text);
      ASSERT_LT(term.span.start, term.span.end);
      ASSERT_LE(term.span.end, text.size());
      start = term.span.start;
    }
  }
}

TEST(EnglishStem, FollowsTheSStemmer) {
  const std::vector<std::pair<std::string_view, std::string>> cases = {
      {"policies", "policy"},   {"series", "sery"},     {"houses", "house"},
      {"shoes", "shoe"},        {"taxes", "tax"},       {"classes", "class"},
      {"branches", "branch"},   {"status", "status"},   {"class", "class"},
      {"laws", "law"},          {"gas", "gas"},         {"is", "is"},
      {"veteran's", "veteran"}, {"parents'", "parent"}, {"law", "law"}};
  for (const auto& [word, stem] : cases) {
    const EnglishStem found = StemEnglish(word);
    EXPECT_EQ(std::string(found.prefix) += found.ending, stem);
  }
}

TEST(Analyzer, FingerprintNamesTheRulesAndUnicode) {
  EXPECT_THAT(std::string(AnalyzerFingerprint()),
              testing::MatchesRegex("terms-[0-9]+/icu-[0-9.]+/unicode-[0-9.]+"));
}

}  // namespace
}  // namespace policykb
