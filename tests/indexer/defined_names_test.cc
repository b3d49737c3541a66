#include "indexer/structure/defined_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Names(const std::string& title, const std::string& text) {
  Document document;
  document.title = title;
  document.text = text;
  return DefinedNames(document);
}

TEST(DefinedNamesTest, ATextMayNameItself) {
  EXPECT_THAT(Names("甲市社会保险条例", "《甲市社会保险条例》（以下简称“社保条例”）已经通过。"),
              ElementsAre("社保条例"));
  EXPECT_THAT(Names("甲市社会保险条例", "前言\n甲市社会保险条例（以下简称《社保条例》）\n"),
              ElementsAre("社保条例"));
  EXPECT_THAT(Names("Noise Control Act", "This Act may be cited as the Noise Act 2019."),
              ElementsAre("Noise Act 2019"));
  EXPECT_THAT(Names("Personal Information Protection Law",
                    "The Personal Information Protection Law (PIPL) protects people."),
              ElementsAre("PIPL"));
  EXPECT_THAT(Names("Personal Information Protection Law (PIPL)", "Text."), ElementsAre("PIPL"));
  EXPECT_THAT(Names("Noise Control Act", "the Noise Control Act (the \"Quiet Law\") says"),
              ElementsAre("Quiet Law"));
}

TEST(DefinedNamesTest, NamesOfOtherTextsAreNotIts) {
  EXPECT_THAT(Names("劳动合同法实施条例",
                    "根据《中华人民共和国劳动合同法》（以下简称劳动合同法），制定本条例。"),
              IsEmpty());
  EXPECT_THAT(Names("某办法", "市场监督管理部门（以下简称监管部门办法）负责。"), IsEmpty());
  EXPECT_THAT(Names("Noise Control Act", "The Water Act may be cited as the Wet Act."), IsEmpty());
}

TEST(DefinedNamesTest, NamesThatHoldInsideTheTextOnlyAreNone) {
  for (const std::string name :
       {"《条例》", "本条例", "“办法”", "管理条例", "实施条例", "暂行条例"})
    EXPECT_THAT(Names("甲市社会保险条例", "《甲市社会保险条例》（以下简称" + name + "）"),
                IsEmpty())
        << name;
  EXPECT_THAT(Names("Noise Control Act", "the Noise Control Act (the \"Act\") says"), IsEmpty());
  EXPECT_THAT(Names("甲条例", "《甲条例》（以下简称甲条例）"), IsEmpty());
}

TEST(DefinedNamesTest, ABracketWithoutEndIsNone) {
  EXPECT_THAT(Names("甲市社会保险条例", "《甲市社会保险条例》（以下简称"), IsEmpty());
  EXPECT_THAT(
      Names("甲市社会保险条例", "《甲市社会保险条例》（以下简称" + std::string(500, 'x') + "条例"),
      IsEmpty());
  EXPECT_THAT(Names("", "（以下简称社保条例）"), IsEmpty());
}

}  // namespace
}  // namespace policykb
