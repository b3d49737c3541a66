#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/strings.h"
#include "indexer/readers/list_numbers.h"
#include "indexer/readers/reader.h"
#include "tests/testing/zip_writer.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kWord =
    " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

// Blocks as "kind words": h2 heading, p paragraph, l list entry, r row, R header row.
std::vector<std::string> Blocks(const std::string& docx) {
  const auto read = ReadDocx(docx);
  EXPECT_TRUE(read.ok()) << read.status();
  std::vector<std::string> out;
  if (!read.ok()) return out;
  for (const Block& block : read->blocks) {
    std::string kind = "p";
    if (block.kind == BlockKind::kHeading) kind = Cat("h", int{block.level});
    if (block.kind == BlockKind::kListEntry) kind = "l";
    if (block.kind == BlockKind::kTableRow) kind = block.table_header ? "R" : "r";
    out.push_back(Cat(kind, " ", Slice(read->text, block.span)));
  }
  return out;
}

std::string P(std::string_view runs, std::string_view properties = "") {
  return Cat("<w:p><w:pPr>", properties, "</w:pPr>", runs, "</w:p>");
}
std::string R(std::string_view text) { return Cat("<w:r><w:t>", text, "</w:t></w:r>"); }
std::string Styled(std::string_view style, std::string_view text) {
  return P(R(text), Cat("<w:pStyle w:val=\"", style, "\"/>"));
}
std::string Listed(int list, int level, std::string_view text) {
  return P(R(text), Cat("<w:numPr><w:ilvl w:val=\"", level, "\"/><w:numId w:val=\"", list,
                        "\"/></w:numPr>"));
}
ZipFileEntry Styles(std::string_view styles) {
  return {.name = "word/styles.xml",
          .content = Cat("<w:styles", kWord, ">", styles, "</w:styles>")};
}
ZipFileEntry Numbering(std::string_view lists) {
  return {.name = "word/numbering.xml",
          .content = Cat("<w:numbering", kWord, ">", lists, "</w:numbering>")};
}
std::string Level(int level, std::string_view format, std::string_view text,
                  std::string_view more = "") {
  return Cat("<w:lvl w:ilvl=\"", level, "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"", format,
             "\"/>", more, "<w:lvlText w:val=\"", text, "\"/></w:lvl>");
}

TEST(Docx, ParagraphsRunsAndBreaks) {
  EXPECT_THAT(
      Blocks(MakeDocx(P(R("第一条") + "<w:r><w:tab/><w:t>甲</w:t></w:r>" + R("乙。")) + P("") +
                      P(R("上") + "<w:r><w:br/></w:r>" + R("下") +
                        "<w:r><w:br w:type=\"page\"/></w:r>" + R("末")))),
      ElementsAre("p 第一条 甲乙。", "p 上\n下末"));
}

TEST(Docx, HeadingsByNameOutlineAndInheritance) {
  const ZipFileEntry styles = Styles(
      "<w:style w:type=\"paragraph\" w:styleId=\"a3\"><w:name w:val=\"Title\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"1\"><w:name w:val=\"heading 1\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"x\"><w:name w:val=\"章名\"/>"
      "<w:basedOn w:val=\"1\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"y\"><w:name w:val=\"标题 2\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"z\"><w:name w:val=\"z\"/><w:basedOn "
      "w:val=\"z2\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"z2\"><w:name "
      "w:val=\"z2\"/><w:basedOn w:val=\"z\"/></w:style>"
      "<w:style w:type=\"paragraph\" w:styleId=\"t1\"><w:name w:val=\"toc 1\"/></w:style>");
  EXPECT_THAT(
      Blocks(MakeDocx(Styled("a3", "某办法") + Styled("t1", "第一章 总则 1") +
                          Styled("1", "第一章 总则") + Styled("x", "第二章 分则") +
                          Styled("y", "第一节 一般规定") + Styled("y", "第二条 是一句话。") +
                          Styled("z", "循环的样式") + P(R("附则"), "<w:outlineLvl w:val=\"0\"/>") +
                          P(R("正文"), "<w:pStyle w:val=\"1\"/><w:outlineLvl w:val=\"9\"/>"),
                      {styles})),
      ElementsAre("h1 某办法", "h2 第一章 总则", "h2 第二章 分则", "h3 第一节 一般规定",
                  "p 第二条 是一句话。", "p 循环的样式", "h2 附则", "p 正文"));
}

TEST(Docx, OneHeadingOfTheFirstLevelIsTheTitleAndSeveralAreNone) {
  const auto heading = [](std::string_view text, int level) {
    return P(R(text), Cat("<w:outlineLvl w:val=\"", level, "\"/>"));
  };
  EXPECT_THAT(Blocks(MakeDocx(heading("指南", 0) + heading("条件", 1))),
              ElementsAre("h1 指南", "h2 条件"));
  EXPECT_THAT(Blocks(MakeDocx(heading("条件", 0) + heading("材料", 0))),
              ElementsAre("h2 条件", "h2 材料"));
}

TEST(Docx, ArticleNumbersOfListsAreWrittenOut) {
  const std::string levels =
      Cat("<w:abstractNum w:abstractNumId=\"0\">",
          Level(0, "chineseCountingThousand", "第%1章", "<w:suff w:val=\"space\"/>"),
          Level(1, "chineseCounting", "第%2条", "<w:lvlRestart w:val=\"0\"/>"),
          Level(2, "chineseCounting", "（%3）", "<w:suff w:val=\"nothing\"/>"),
          Level(3, "decimal", "%4."), "</w:abstractNum>");
  const std::string lists =
      "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>"
      "<w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"1\">"
      "<w:startOverride w:val=\"20\"/></w:lvlOverride></w:num>";
  EXPECT_THAT(
      Blocks(MakeDocx(Listed(1, 0, "总则") + Listed(1, 1, "甲。") + Listed(1, 2, "子；") +
                          Listed(1, 2, "丑。") + Listed(1, 3, "寅。") + Listed(1, 0, "分则") +
                          Listed(1, 1, "乙。") + Listed(1, 2, "卯。") + Listed(2, 1, "丙。") +
                          Listed(2, 1, "丁。") + Listed(0, 0, "无号。") + Listed(9, 0, "无表。"),
                      {Numbering(levels + lists)})),
      ElementsAre("p 第一章 总则", "p 第一条 甲。", "p （一）子；", "p （二）丑。", "l 1. 寅。",
                  "p 第二章 分则", "p 第二条 乙。", "p （一）卯。", "p 第二十条 丙。",
                  "p 第二十一条 丁。", "p 无号。", "p 无表。"));
}

TEST(Docx, NumbersComeThroughStylesAndListStyles) {
  const std::string lists =
      Cat("<w:abstractNum w:abstractNumId=\"0\"><w:styleLink w:val=\"law\"/>",
          Level(0, "decimal", "第%1章"), Level(1, "decimal", "%1.%2", "<w:pStyle w:val=\"art\"/>"),
          "</w:abstractNum>",
          "<w:abstractNum w:abstractNumId=\"1\"><w:numStyleLink w:val=\"law\"/></w:abstractNum>"
          "<w:num w:numId=\"7\"><w:abstractNumId w:val=\"1\"/></w:num>",
          "<w:abstractNum w:abstractNumId=\"2\">", Level(0, "bullet", "&#xF0B7;"),
          "</w:abstractNum><w:num w:numId=\"8\"><w:abstractNumId w:val=\"2\"/></w:num>");
  const ZipFileEntry styles = Styles(
      "<w:style w:type=\"paragraph\" w:styleId=\"art\"><w:name w:val=\"art\"/><w:pPr><w:numPr>"
      "<w:numId w:val=\"7\"/></w:numPr></w:pPr></w:style>");
  EXPECT_THAT(Blocks(MakeDocx(Styled("art", "甲") + Styled("art", "乙") + Listed(8, 0, "丙"),
                              {styles, Numbering(lists)})),
              ElementsAre("p 1.1 甲", "p 1.2 乙", "l - 丙"));
}

TEST(Docx, ListNumbersInEveryForm) {
  EXPECT_EQ(FormatListNumber("chineseCountingThousand", 1042), "一千零四十二");
  EXPECT_EQ(FormatListNumber("chineseCounting", 12), "十二");
  EXPECT_EQ(FormatListNumber("ideographDigital", 105), "一〇五");
  EXPECT_EQ(FormatListNumber("chineseLegalSimplified", 12), "壹拾贰");
  EXPECT_EQ(FormatListNumber("ideographTraditional", 3), "丙");
  EXPECT_EQ(FormatListNumber("decimalEnclosedCircle", 20), "⑳");
  EXPECT_EQ(FormatListNumber("decimalEnclosedCircle", 21), "21");
  EXPECT_EQ(FormatListNumber("decimalFullWidth", 42), "４２");
  EXPECT_EQ(FormatListNumber("decimalZero", 7), "07");
  EXPECT_EQ(FormatListNumber("lowerLetter", 28), "bb");
  EXPECT_EQ(FormatListNumber("upperRoman", 1994), "MCMXCIV");
  EXPECT_EQ(FormatListNumber("lowerRoman", 0), "0");
  EXPECT_EQ(FormatListNumber("unheardOf", 5), "5");
}

std::string Cell(std::string_view text, std::string_view properties = "") {
  return Cat("<w:tc><w:tcPr>", properties, "</w:tcPr>", P(R(text)), "</w:tc>");
}

TEST(Docx, TableRowsStandAlone) {
  const std::string table =
      Cat("<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>", Cell("事项"),
          Cell("时限", "<w:gridSpan w:val=\"2\"/>"), "</w:tr><w:tr>",
          Cell("登记", "<w:vMerge w:val=\"restart\"/>"), Cell("受理"), Cell("1日"), "</w:tr><w:tr>",
          Cell("", "<w:vMerge/>"), Cell("办结"), Cell("5日"), "</w:tr><w:tr>",
          Cell("合计六日", "<w:gridSpan w:val=\"3\"/>"), "</w:tr></w:tbl>");
  EXPECT_THAT(Blocks(MakeDocx(table + P(R("后文")))),
              ElementsAre("R 事项 | 时限 | 时限", "r 登记 | 受理 | 1日", "r 登记 | 办结 | 5日",
                          "r 合计六日", "p 后文"));
}

TEST(Docx, AFirstRowThatPlainlyNamesColumnsIsAHeader) {
  const auto row = [](std::vector<std::string> cells) {
    std::string out = "<w:tr>";
    for (const std::string& cell : cells) out += Cell(cell);
    return out + "</w:tr>";
  };
  EXPECT_THAT(Blocks(MakeDocx(Cat("<w:tbl>", row({"序号", "材料", "份数"}),
                                  row({"1", "申请书", "2"}), "</w:tbl><w:tbl>",
                                  row({"名称", "登记"}), row({"时限", "5日"}), "</w:tbl><w:tbl>",
                                  row({"框中的一段。"}), row({"又一段。"}), "</w:tbl>"))),
              ElementsAre("R 序号 | 材料 | 份数", "r 1 | 申请书 | 2", "r 名称 | 登记",
                          "r 时限 | 5日", "p 框中的一段。", "p 又一段。"));
}

TEST(Docx, TrackedChangesHiddenTextAndFields) {
  EXPECT_THAT(
      Blocks(MakeDocx(
          P(R("应当在") + "<w:del><w:r><w:delText>十</w:delText></w:r></w:del><w:ins>" + R("五") +
            "</w:ins>" + R("日内") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>" +
            "<w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>办结。</w:t></w:r>") +
          P(R("前段"), "<w:rPr><w:del/></w:rPr>") + P(R("后段")) +
          P(R("第") +
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE "
            "</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" +
            R("3") + "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>" + R("页")) +
          P("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>HYPERLINK "
            "x</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" +
            R("网址") + "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>") +
          P("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>") + P(R("还在")))),
      ElementsAre("p 应当在五日内办结。", "p 前段后段", "p 第页", "p 网址", "p 还在"));
}

TEST(Docx, TextBoxesComeOnceBehindTheirParagraph) {
  const std::string box = Cat("<w:txbxContent>", P(R("框内")), "</w:txbxContent>");
  EXPECT_THAT(Blocks(MakeDocx(P(R("前") + "<w:r><mc:AlternateContent><mc:Choice>" + box +
                                "</mc:Choice><mc:Fallback>" + box +
                                "</mc:Fallback></mc:AlternateContent></w:r>" + R("后")))),
              ElementsAre("p 前后", "p 框内"));
}

TEST(Docx, FootnotesFollowTheirParagraph) {
  const ZipFileEntry notes = {.name = "word/footnotes.xml",
                              .content = Cat("<w:footnotes", kWord, "><w:footnote w:id=\"2\">",
                                             P(R("见附件。")), "</w:footnote></w:footnotes>")};
  EXPECT_THAT(
      Blocks(MakeDocx(
          P(R("甲") + "<w:r><w:footnoteReference w:id=\"2\"/></w:r>" + R("乙。")) + P(R("丙。")),
          {notes})),
      ElementsAre("p 甲乙。", "p 注1：见附件。", "p 丙。"));
}

TEST(Docx, NestedTablesGoIntoTheirCell) {
  std::string body = P(R("底"));
  for (int i = 0; i < 70; ++i) {
    body = Cat("<w:tbl><w:tr>", Cell("甲"), "<w:tc>", body, "</w:tc></w:tr></w:tbl>");
  }
  const std::vector<std::string> blocks = Blocks(MakeDocx(body));
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_TRUE(blocks[0].starts_with("r 甲 | 甲 | 甲")) << blocks[0];
  EXPECT_TRUE(blocks[0].ends_with("甲 | 底")) << blocks[0];
}

std::string Error(const std::string& bytes) {
  return std::string(ReadDocx(bytes).status().message());
}

TEST(Docx, WhatIsNoDocxIsRefusedWithWhatToDo) {
  EXPECT_THAT(Error("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 more"), HasSubstr("save it as .docx"));
  EXPECT_THAT(Error("plain text"), HasSubstr("zip archive: "));
  EXPECT_THAT(Error(MakeZip({{.name = "a", .content = "x"}})),
              HasSubstr("zip entry _rels/.rels: not in the archive"));
  EXPECT_THAT(Error(MakeDocx("<w:p>")), HasSubstr("word/document.xml line 1: "));
}

TEST(Docx, ColumnsAreLimited) {
  const std::string span = "<w:gridSpan w:val=\"200\"/>";
  EXPECT_THAT(
      Error(MakeDocx(Cat("<w:tbl><w:tr>", Cell("甲", span), Cell("乙", span), "</w:tr></w:tbl>"))),
      HasSubstr("a table row of more than 256 columns"));
}

TEST(Docx, EntityBombsAndZipBombsAreErrorsOfOneLine) {
  std::vector<ZipFileEntry> entries = {
      {.name = "_rels/.rels",
       .content = "<!DOCTYPE r [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><r>&b;</r>"}};
  EXPECT_THAT(Error(MakeZip(entries)), HasSubstr("a document type declaration"));
  const std::string bomb = Error(MakeDocx(
      "", {{.name = "word/styles.xml", .content = "", .zeros = 70'000'000, .stated_size = 10}}));
  EXPECT_EQ(bomb,
            "zip entry word/styles.xml: above the limit entry_bytes of 67108864 bytes unpacked");
}

TEST(Docx, CutAnywhereItIsAnError) {
  const std::string docx = MakeDocx(P(R("甲")), {Styles(""), Numbering("")});
  for (size_t size = 0; size < docx.size(); ++size) {
    EXPECT_FALSE(ReadDocx(std::string_view(docx).substr(0, size)).ok()) << size;
  }
}

}  // namespace
}  // namespace policykb
