#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "core/base/strings.h"
#include "indexer/readers/reader.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text(const std::string& page) {
  const auto read = ReadHtml(page);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? read->text : "";
}

std::string Refusal(const std::string& page) {
  const auto read = ReadHtml(page);
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(read.status().message());
}

// The block's words with a sign for what it is: "#1 " heading, "| " row, "|! " header row.
std::vector<std::string> Blocks(const std::string& page) {
  const auto read = ReadHtml(page);
  EXPECT_TRUE(read.ok()) << read.status();
  std::vector<std::string> out;
  if (!read.ok()) return out;
  for (const Block& block : read->blocks) {
    const std::string_view words = Slice(read->text, block.span);
    switch (block.kind) {
      case BlockKind::kHeading:
        out.push_back(Cat("#", block.level, " ", words));
        break;
      case BlockKind::kTableRow:
        out.push_back(Cat(block.table_header ? "|! " : "| ", words));
        break;
      default:
        out.emplace_back(words);
    }
  }
  return out;
}

TEST(HtmlReader, BlocksAndWordsAreThoseABrowserShows) {
  EXPECT_THAT(Blocks("<h1>养犬\n<b>办法</b></h1><p>甲<a href=x>乙</a><br>丙</p>丁<div>戊 &amp; "
                     "&lt;己&gt;&nbsp;庚</div><p>　　第一条　辛。"),
              ElementsAre("#1 养犬办法", "甲乙\n丙", "丁", "戊 & <己>\xC2\xA0庚", "第一条　辛。"));
  EXPECT_EQ(Text("<p>one\n  two<p>三\n四<img src=a.png alt='印章'></p>"), "one two\n三四印章");
  EXPECT_EQ(Text("<p>甲<br><br>乙"), "甲\n乙");
  EXPECT_EQ(
      Text("<p>10<sup>4</sup>立方米，CO<sub>2</sub>，条<sup>注</sup><sup><a href=#f>1</a></sup>"),
      "10⁴立方米，CO₂，条注¹");
  EXPECT_EQ(Text("<pre>甲\n乙</pre>"), "甲\n乙");
}

TEST(HtmlReader, WhatIsNoTextOfThePageIsLeftOut) {
  EXPECT_EQ(Text("<header>站名</header><nav>首页</nav><script>if(a<b)'<p>'</script><style>p{}"
                 "</style><p>正文</p><p hidden>a</p><p style='Display : none'>b</p><i "
                 "aria-hidden=true>c</i><form>搜索<input value=x></form><aside>相关</aside>"
                 "<!-- d --><p>扫一扫在手机打开当前页</p><footer>版权</footer>"),
            "正文");
  EXPECT_EQ(Text("<form id=aspnetForm><p>整页都在表单里</p></form>"), "整页都在表单里");
  EXPECT_EQ(Text("<article><header><h1>题</h1></header><p>文</p></article>"), "题\n文");
}

TEST(HtmlReader, ListsKeepTheirMarks) {
  EXPECT_EQ(Text("<ul><li>甲<li><p>乙</p></ul><ol start=3><li>丙<li value=7>丁<li>戊</ol>"
                 "<ol type=a><li>己</ol><ol type=I><li>一<li>二<li>三<li>庚</ol>"
                 "<ul style='list-style:none'><li>辛</ul>"),
            "- 甲\n- 乙\n3. 丙\n7. 丁\n8. 戊\na. 己\nI. 一\nII. 二\nIII. 三\nIV. 庚\n辛");
  EXPECT_EQ(Text("<ol><li>甲<ul><li>乙</ul><li>丙</ol>"), "1. 甲\n- 乙\n2. 丙");
}

TEST(HtmlReader, EveryRowOfATableStandsAlone) {
  EXPECT_THAT(
      Blocks("<table><caption>收费表</caption><tr><th rowspan=2>事项<th colspan=2>收费<tr><th>首次"
             "<th>补办<tr><td rowspan=2>登记<td>10元<td>5元<tr><td colspan=2>免</table>"),
      ElementsAre("收费表", "|! 事项 | 收费 | 收费", "|! 事项 | 首次 | 补办", "| 登记 | 10元 | 5元",
                  "| 登记 | 免 | 免"));
  EXPECT_THAT(Blocks("<table><thead><tr><td>材料<td>份数</thead><tr><td>身份证<br>户口簿<td>1"
                     "</table>"),
              ElementsAre("|! 材料 | 份数", "| 身份证 户口簿 | 1"));
}

TEST(HtmlReader, AFirstRowIsAHeaderWhereItPlainlyIs) {
  EXPECT_THAT(Blocks("<table><tr><td>序号<td>材料<tr><td>1<td>申请表</table>"),
              ElementsAre("|! 序号 | 材料", "| 1 | 申请表"));
  EXPECT_THAT(Blocks("<table><tr><td><b>地区</b><td><b>窗口</b><tr><td>甲区<td>一楼</table>"),
              ElementsAre("|! 地区 | 窗口", "| 甲区 | 一楼"));
  EXPECT_THAT(Blocks("<table><tr><td>办理地点：<td>一楼<tr><td>电话：<td colspan=3>110</table>"),
              ElementsAre("| 办理地点： | 一楼", "| 电话： | 110"));
}

TEST(HtmlReader, TablesForTheLayoutVanish) {
  EXPECT_THAT(Blocks("<table><tr><td><table><tr><td>名称<td>甲<tr><td>电话<td>乙</table><p>段一</p>"
                     "<td><p>段二</table><table><tr><td><p>三<p>四</table>"),
              ElementsAre("| 名称 | 甲", "| 电话 | 乙", "段一", "段二", "三", "四"));
  EXPECT_THAT(Blocks("<table role=presentation><tr><td>甲<td>乙</table>"), ElementsAre("甲", "乙"));
}

TEST(HtmlReader, CentredBoldLinesAtTheTopAreTheTitle) {
  EXPECT_THAT(
      Blocks("<title>网页标题</title><p style='text-align:center'><b>某市人民政府关于<br>养犬</b>"
             "</p><p align=center><span style='font-size:22pt'>管理的通知</span></p><p "
             "align=center>某政发〔2021〕3号</p><p>各县：</p><p align=center><b>居中</b></p>"),
      ElementsAre("#1 某市人民政府关于养犬管理的通知", "某政发〔2021〕3号", "各县：", "居中"));
  EXPECT_THAT(Blocks("<center><b>关于养犬的通知<br>某政发〔2021〕3号</b></center><p>文"),
              ElementsAre("#1 关于养犬的通知", "某政发〔2021〕3号", "文"));
}

TEST(HtmlReader, TheTitleElementCountsWhereTheTextHasNone) {
  EXPECT_THAT(Blocks("<title>关于养犬的通知_某市人民政府</title><p>各县："),
              ElementsAre("#1 关于养犬的通知", "各县："));
  EXPECT_THAT(Blocks("<title>关于养犬的通知</title><p>关于养犬的通知<p>各县："),
              ElementsAre("#1 关于养犬的通知", "各县："));
  EXPECT_THAT(Blocks("<title>网站</title><h1>指南</h1><p>文"), ElementsAre("#1 指南", "文"));
}

TEST(HtmlReader, BlocksNameTheirLines) {
  const auto read =
      ReadHtml("<p>甲</p>\n\n<p>乙\n丙</p>\n<table>\n<tr><td>a<td>1\n<tr><td>b<td>2</table>");
  ASSERT_TRUE(read.ok()) << read.status();
  std::vector<uint32_t> lines;
  for (const Block& block : read->blocks) lines.push_back(block.line);
  EXPECT_THAT(lines, ElementsAre(1u, 3u, 6u, 7u));
  // Also words that stand in no element of their own, behind a space that does not break.
  const auto loose = ReadHtml("<p>甲</p>\n&nbsp;<!-- c -->乙");
  ASSERT_TRUE(loose.ok()) << loose.status();
  ASSERT_EQ(loose->blocks.size(), 2u);
  EXPECT_EQ(loose->blocks[1].line, 2u);
}

TEST(HtmlReader, PagesInOtherEncodingsAreRead) {
  // "zhong wen" in GBK.
  EXPECT_EQ(Text("<meta charset=gbk><p>\xD6\xD0\xCE\xC4"), "中文");
  EXPECT_EQ(Text("<meta charset=utf-8><p>\xD6\xD0\xCE\xC4"), "中文");
  EXPECT_THAT(Refusal("<p>甲\xFF"), HasSubstr("not UTF-8 at byte 6"));
}

TEST(HtmlReader, EntitiesOfADocumentTypeAreNotExpanded) {
  const std::string text = Text(
      "<!DOCTYPE html [<!ENTITY a \"bbbbbbbb\"><!ENTITY f SYSTEM \"file:///etc/hostname\">]>"
      "<p>甲&a;&f;乙");
  EXPECT_THAT(text, HasSubstr("甲&a;&f;乙"));
}

TEST(HtmlReader, DepthAndSizesAreLimited) {
  std::string nested;
  for (int i = 0; i < 1000; ++i) nested += "<table><tr><td>";
  EXPECT_THAT(Refusal("\n" + nested + "甲"), HasSubstr("line 2: elements nested deeper than 512"));
  nested.clear();
  for (int i = 0; i < 150; ++i) nested += "<table><tr><td>";
  EXPECT_EQ(Text(nested + "甲"), "甲");
  std::string unclosed;
  for (int i = 0; i < 100'000; ++i) unclosed += "<b>";
  EXPECT_THAT(Refusal(unclosed), HasSubstr("nested deeper"));
  unclosed.clear();
  for (int i = 0; i < 100'000; ++i) unclosed += "<p>甲";
  EXPECT_EQ(Text(unclosed).size(), 100'000u * 4 - 1);
  std::string attributes = "<p";
  for (int i = 0; i < 200'000; ++i) attributes += Cat(" a", i);
  EXPECT_THAT(Refusal(attributes + ">甲"), HasSubstr("more than 128 attributes"));
  EXPECT_THAT(Refusal(std::string(size_t{33} << 20, ' ')), HasSubstr("at most 33554432"));
}

TEST(HtmlReader, SpansOfCellsDoNotMultiply) {
  std::string page = "<table><tr><th>a<th>b";
  for (int row = 0; row < 200; ++row) {
    page += "<tr>";
    for (int cell = 0; cell < 50; ++cell) page += "<td colspan=1000 rowspan=1000>甲乙丙丁";
  }
  const std::string text = Text(page + "</table>");
  // What is written twice is bounded, and the words that stand there are.
  EXPECT_LT(text.size(), size_t{4} << 20);
}

TEST(HtmlReader, AnyMixtureOfTagsGivesTiledBlocks) {
  const std::vector<std::string> pieces = {"甲",
                                           " ",
                                           "\n",
                                           "<p>",
                                           "</p>",
                                           "<br>",
                                           "<div align=center>",
                                           "</div>",
                                           "<b>",
                                           "</b>",
                                           "<table>",
                                           "</table>",
                                           "<tr>",
                                           "<td colspan=3>",
                                           "<th rowspan=2>",
                                           "</td>",
                                           "<thead>",
                                           "<li>",
                                           "<ol start=5>",
                                           "</ol>",
                                           "<ul>",
                                           "</ul>",
                                           "<h2>",
                                           "</h2>",
                                           "<script>",
                                           "</script>",
                                           "<!--",
                                           "-->",
                                           "&amp;",
                                           "&#1;",
                                           "&#x202E;",
                                           "<form>",
                                           "</form>",
                                           "<title>",
                                           "</title>",
                                           "<body>",
                                           "<pre>",
                                           "</pre>",
                                           "<a b='",
                                           "'>",
                                           "　",
                                           "<sup>",
                                           "2",
                                           "</sup>",
                                           "<caption>",
                                           "</html>"};
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string page;
    for (int i = 0; i < 40; ++i) page += pieces[random() % pieces.size()];
    SCOPED_TRACE(page);
    const auto read = ReadHtml(page);
    ASSERT_TRUE(read.ok()) << read.status();
    size_t at = 0;
    for (const Block& block : read->blocks) {
      if (at > 0) {
        ASSERT_EQ(read->text[at++], '\n');
      }
      ASSERT_EQ(block.span.start, at);
      ASSERT_LT(block.span.start, block.span.end);
      at = block.span.end;
    }
    ASSERT_EQ(at, read->text.size());
    ASSERT_EQ(read->text.find("\n\n"), std::string::npos);
    for (const char c : read->text)
      ASSERT_TRUE(c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST(HtmlReader, HostileShapesTakeLinearTime) {
  // A megabyte or more each; anything quadratic would run into the test's time limit.
  constexpr size_t kRepeats = 1 << 18;
  for (const std::string piece : {"<p>", "</p>", "</b>", "<a ", "<!--", "<script>", "&amp", "&#",
                                  "<td>", "<tr>", "<li>", "<table></table>", "<p a=\"", "<br>",
                                  "<![CDATA[", "<?", "<h1>a</h1>", "甲<br>", "<form>a</form>"}) {
    std::string page;
    page.reserve(kRepeats * piece.size());
    for (size_t i = 0; i < kRepeats; ++i) page += piece;
    const auto read = ReadHtml(page);
    EXPECT_TRUE(read.ok() || absl::StrContains(read.status().message(), "line 1: "));
  }
}

}  // namespace
}  // namespace policykb
