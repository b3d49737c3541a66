#include "generator/grounding/claim_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::IsEmpty;

std::string Show(const std::vector<Claim>& claims) {
  std::string shown;
  for (const Claim& claim : claims) {
    shown += claim.text;
    for (const int mark : claim.marks) shown += Cat("{", mark, "}");
    shown += "|";
  }
  return shown;
}

std::string Split(const std::vector<std::string_view>& deltas) {
  ClaimSplitter splitter;
  std::vector<Claim> all;
  for (const std::string_view delta : deltas) {
    for (Claim& claim : splitter.Add(delta)) all.push_back(std::move(claim));
  }
  for (Claim& claim : splitter.Finish()) all.push_back(std::move(claim));
  return Show(all);
}

TEST(ClaimSplitterTest, ReadsEveryFormOfMark) {
  const std::pair<const char*, std::vector<int>> table[] = {
      {"[1]", {1}},       {"【2】", {2}},       {"［3］", {3}}, {"[1,2]", {1, 2}},
      {"[1，2]", {1, 2}}, {"【1、3】", {1, 3}}, {"[^4]", {4}},  {"[2-4]", {2, 3, 4}},
      {"[ 5 ]", {5}},     {"[1, 1]", {1}}};
  for (const auto& [text, numbers] : table) {
    const CitationMark mark = ReadCitationMark(text);
    EXPECT_EQ(mark.numbers, numbers) << text;
    EXPECT_EQ(mark.size, std::string_view(text).size()) << text;
  }
  for (const char* text : {"(1)", "（1）", "[2023]", "〔2023〕", "[]", "[a]", "【注】", "[1", "1]",
                           "[-1]", "[99999999999]"}) {
    EXPECT_EQ(ReadCitationMark(text).size, 0u) << text;
  }
}

TEST(ClaimSplitterTest, GivesMarksToTheSentenceTheyFollow) {
  EXPECT_EQ(Split({"甲。[1][2]乙【3】。丙。"}), "甲。{1}{2}|乙。{3}|丙。|");
  EXPECT_EQ(Split({"Ten days.[1] A fee is due [2]. Done."}),
            "Ten days.{1}|A fee is due .{2}|Done.|");
  EXPECT_EQ(Split({"甲。\n[2] 乙。\n丙。[3]\n"}), "甲。|乙。{2}|丙。{3}|");
  EXPECT_EQ(Split({"国发[2023]12号规定甲。[1]"}), "国发[2023]12号规定甲。{1}|");
}

TEST(ClaimSplitterTest, TakesMarkdownOff) {
  EXPECT_EQ(Split({"## 条件\n- **甲**；[1]\n* 乙。[2]\n> 丙。"}), "条件|甲；{1}|乙。{2}|丙。|");
  EXPECT_EQ(Split({"甲。[1]\n\n---\n| a | b |\n|:---|---:|\n| 1 | 2 |[1]\n***\n乙。[2]"}),
            "甲。{1}|| a | b ||| 1 | 2 |{1}|乙。{2}|");
}

TEST(ClaimSplitterTest, GivesOutASentenceOnceItsMarksAreWhole) {
  ClaimSplitter splitter;
  EXPECT_THAT(splitter.Add("甲。"), IsEmpty());
  EXPECT_THAT(splitter.Add("["), IsEmpty());
  EXPECT_THAT(splitter.Add("1"), IsEmpty());
  EXPECT_THAT(splitter.Add("]"), IsEmpty());
  EXPECT_EQ(Show(splitter.Add("乙")), "甲。{1}|");
  EXPECT_EQ(Show(splitter.Finish()), "乙|");
}

TEST(ClaimSplitterTest, SplitsTheSameWhereverTheTextIsCut) {
  const std::string_view text =
      "甲方应当在三十日内申报。[1]【2】乙方可以\n\n- **丙**：见国发〔2023〕2号。［3］[4-5]\nTen "
      "days.[1] Next one [2]!";
  const std::string whole = Split({text});
  std::vector<std::string_view> bytes;
  for (size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
  EXPECT_EQ(Split(bytes), whole);
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(Split({text.substr(0, cut), text.substr(cut)}), whole) << cut;
  }
}

TEST(ClaimSplitterTest, PassesOverWhatIsTooLongToBeASentence) {
  ClaimSplitter splitter;
  for (int i = 0; i < 2000; ++i) EXPECT_THAT(splitter.Add("没完没了"), IsEmpty());
  EXPECT_THAT(splitter.Add("。"), IsEmpty());
  EXPECT_THAT(Show(splitter.Add("乙。丙")), "乙。|");
}

}  // namespace
}  // namespace policykb
