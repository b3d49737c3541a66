#include "indexer/readers/pdf_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/strings.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Blocks as "kind words": p paragraph, l list entry, r row, R header row.
std::vector<std::string> Blocks(const std::string& pages) {
  const auto read = BlocksOfPages(pages);
  EXPECT_TRUE(read.ok()) << read.status();
  std::vector<std::string> out;
  if (!read.ok()) return out;
  for (const Block& block : read->blocks) {
    std::string kind = "p";
    if (block.kind == BlockKind::kListEntry) kind = "l";
    if (block.kind == BlockKind::kTableRow) kind = block.table_header ? "R" : "r";
    out.push_back(Cat(kind, " ", Slice(read->text, block.span)));
  }
  return out;
}

TEST(PdfText, JoinsWhatThePageBrokeAndKeepsWhatTheAuthorDid) {
  EXPECT_THAT(
      Blocks("             某某条例\n\n"
             "    第一条 为了规范养犬行为，保障公民人身安全，维护市容\n"
             "环境卫生，制定本条例。\n"
             "    第二条 违反本条例规定的，依照有关法律的规定处理，按照\n"
             "第一条执行，但是另有规定的除外。\n"
             "    （一）犬只；\n"
             "    （二）猫。\n"
             "    前款规定自公布之日起施行。\n"),
      ElementsAre("p 某某条例",
                  "p 第一条 为了规范养犬行为，保障公民人身安全，维护市容环境卫生，制定本条例。",
                  "p 第二条 违反本条例规定的，依照有关法律的规定处理，按照第一条执行，但是另"
                  "有规定的除外。",
                  "p （一）犬只；", "p （二）猫。", "p 前款规定自公布之日起施行。"));
}

TEST(PdfText, EnglishLinesAreJoinedWithSpacesAndWithoutHyphens) {
  EXPECT_THAT(
      Blocks("You may apply online, by post or in person at any of\n"
             "the offices named below. Processing takes two work-\n"
             "ing days.\n\n"
             "1. Bring an identity card.\n"
             "2. Bring the form that you have filled in and signed\n"
             "   on the day before.\n"),
      ElementsAre("p You may apply online, by post or in person at any of the offices named "
                  "below. Processing takes two working days.",
                  "l 1. Bring an identity card.",
                  "l 2. Bring the form that you have filled in and signed on the day "
                  "before."));
}

std::string Page(int number, const std::string& body, const std::string& foot) {
  return Cat("            某某汇编 第 ", number, " 卷\n\n", body, "\n", foot, "\n\f");
}

TEST(PdfText, HeadsAndPageNumbersGoWhereverTheyStand) {
  EXPECT_THAT(Blocks(Page(1, "    甲。", "        - 1 -") + Page(2, "    乙。", "   - 2 -") +
                     Page(3, "    丙。", "   - 3 -")),
              ElementsAre("p 甲。", "p 乙。", "p 丙。"));
  for (const std::string foot : {"第 1 页 共 8 页", "1/8", "—1—", "Page 1 of 8", "－１－"}) {
    EXPECT_THAT(Blocks(Cat("甲。\n\n", foot, "\n\f")), ElementsAre("p 甲。")) << foot;
  }
  // A number alone is one only where every page has it.
  EXPECT_THAT(Blocks("甲。\n\n12\n\f"), ElementsAre("p 甲。", "p 12"));
  EXPECT_THAT(Blocks("甲。\n\n12\n\f乙。\n\n13\n\f"), ElementsAre("p 甲。", "p 乙。"));
}

TEST(PdfText, ATitleThatIsTheOtherPagesHeadStays) {
  const std::string rest = "    第二条 乙。\n\f";
  EXPECT_THAT(Blocks("     某某条例\n\n    第一条 甲。\n\f     某某条例\n\n" + rest),
              ElementsAre("p 某某条例", "p 第一条 甲。", "p 第二条 乙。"));
  EXPECT_THAT(
      Blocks("     某某条例\n\n    某某条例\n\n    第一条 甲。\n\f     某某条例\n\n" + rest),
      ElementsAre("p 某某条例", "p 第一条 甲。", "p 第二条 乙。"));
}

TEST(PdfText, ParagraphsGoOnOverPages) {
  EXPECT_THAT(
      Blocks(Page(1,
                  "    第一条 市人民政府应当加强管理。\n    第二条 公民可以向主管部门的\n"
                  "办事窗口提出意见，主管部门应当在",
                  "1") +
             Page(2, "五日内答复。\n    第三条 丙。", "2")),
      ElementsAre("p 第一条 市人民政府应当加强管理。",
                  "p 第二条 公民可以向主管部门的办事窗口提出意见，主管部门应当在五日内答复。",
                  "p 第三条 丙。"));
}

TEST(PdfText, FootnotesFollowTheirParagraph) {
  EXPECT_THAT(Blocks("    按照定价①计算，下同，其他的费用\n不收。\n    再按汇率②折算。\n"
                     "    ③不是脚注的项。\n\n① 定价以版权页\n为准。\n② 汇率以当日为准。\n\f"),
              ElementsAre("p 按照定价计算，下同，其他的费用不收。", "p 注1：定价以版权页为准。",
                          "p 再按汇率折算。", "p 注2：汇率以当日为准。", "p ③不是脚注的项。"));
}

TEST(PdfText, AlignedLinesAreRows) {
  EXPECT_THAT(
      Blocks("    标准如下：\n   类别       册数      押金\n   成年       五册      100 元\n"
             "   未成年     三册      50 元\n    局长：某某        2023 年\n"),
      ElementsAre("p 标准如下：", "R 类别 | 册数 | 押金", "r 成年 | 五册 | 100元",
                  "r 未成年 | 三册 | 50元", "p 局长：某某 2023年"));
}

TEST(PdfText, TitlesOverTwoLinesAreOne) {
  EXPECT_THAT(
      Blocks("          某某市人民政府\n   关于做好夏季开放工作的\n          通知\n\n各区：\n"),
      ElementsAre("p 某某市人民政府关于做好夏季开放工作的通知", "p 各区："));
}

TEST(PdfText, SpacesBetweenChineseAndDigitsAreTypography) {
  EXPECT_THAT(Blocks("自 2023 年 7 月 1 日起用 Windows 10 系统\n第三条 2024 年\n"),
              ElementsAre("p 自2023年7月1日起用 Windows 10系统", "p 第三条 2024年"));
}

TEST(PdfText, NothingGivesNothing) {
  EXPECT_THAT(Blocks(""), IsEmpty());
  EXPECT_THAT(Blocks("\f\f \n\f"), IsEmpty());
  EXPECT_FALSE(BlocksOfPages("\xC3").ok());
}

TEST(PdfText, LongInputTakesLinearTime) {
  std::string digits(2'000'000, '1');
  EXPECT_TRUE(BlocksOfPages(digits).ok());
  std::string marks;
  for (int i = 0; i < 300'000; ++i) marks += "①甲①\n";
  EXPECT_TRUE(BlocksOfPages(marks).ok());
  EXPECT_TRUE(BlocksOfPages(std::string(1'000'000, '\f')).ok());
}

}  // namespace
}  // namespace policykb
