#include "generator/grounding/titles.h"

#include <gtest/gtest.h>

namespace policykb {
namespace {

TEST(TitlesTest, FindsTheOuterOfNestedTitles) {
  const auto titles =
      FindTitles("根据《关于适用《中华人民共和国民法典》担保制度的解释》和《保险法》");
  ASSERT_EQ(titles.size(), 2u);
  EXPECT_EQ(titles[0].title, "关于适用民法典担保制度的解释");
  EXPECT_EQ(titles[1].title, "保险法");
  EXPECT_TRUE(FindTitles("《没有结束").empty());
}

TEST(TitlesTest, ComparesTitlesWithoutStateMarksAndRemarks) {
  EXPECT_EQ(PlainTitle("中华人民共和国保险法(2015修正)"), "保险法");
  EXPECT_EQ(PlainTitle("关于适用〈中华人民共和国 民法典〉的解释(一)"), "关于适用民法典的解释(一)");
}

TEST(TitlesTest, MeansTheSameTheShorterAndTheContractedTitle) {
  EXPECT_TRUE(MeansTitle("养犬管理条例", "沧宁市养犬管理条例"));
  EXPECT_TRUE(MeansTitle("民法典担保制度解释", "民法典担保制度司法解释"));
  // The tail of a longer word is another law.
  EXPECT_FALSE(MeansTitle("保险法", "社会保险法"));
  EXPECT_FALSE(MeansTitle("合同法", "劳动合同法"));
  EXPECT_FALSE(MeansTitle("动物防疫法", "沧宁市养犬管理条例"));
  EXPECT_FALSE(MeansTitle("", "保险法"));
}

TEST(TitlesTest, KnowsWhatATextNames) {
  EXPECT_TRUE(NamesTitle("依照《中华人民共和国保险法》的规定", "保险法"));
  EXPECT_TRUE(NamesTitle("依照保险法的规定", "保险法"));
  EXPECT_FALSE(NamesTitle("依照社会保险法的规定", "保险法"));
}

}  // namespace
}  // namespace policykb
