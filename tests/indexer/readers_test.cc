#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "indexer/readers/reader.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Text(const std::string& markdown) {
  const auto read = ReadMarkdown(markdown);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? read->text : "";
}

std::string PlainText(const std::string& text) {
  const auto read = ReadPlainText(text);
  EXPECT_TRUE(read.ok()) << read.status();
  return read.ok() ? read->text : "";
}

TEST(Markdown, TakesMarkupOutAndKeepsWords) {
  EXPECT_EQ(Text("# 标题 #\n\n**注意：**请带[身份证](https://a.example/b_(c) \"提示\")。\n"),
            "标题\n注意：请带身份证。");
  EXPECT_EQ(Text("图![照片](a.png)后"), "图后");
  EXPECT_EQ(Text("见 <https://a.example> 和 <b@c.example>"), "见 https://a.example 和 b@c.example");
  EXPECT_EQ(Text("a &amp; b &lt;c&gt; &#20013;&#x56FD; &unknown;"), "a & b <c> 中国 &unknown;");
  EXPECT_EQ(Text("\\*不是强调\\* `x_y` ~~删~~"), "*不是强调* x_y 删");
  EXPECT_EQ(Text("[1]: https://a.example\n正文[2023]12号"), "正文[2023]12号");
}

TEST(Markdown, SignsThatAreNoMarkupStay) {
  EXPECT_EQ(Text("《关于修改<中华人民共和国邮政法>的决定》"),
            "《关于修改<中华人民共和国邮政法>的决定》");
  EXPECT_EQ(Text("面积为5*3*2，snake_case，长*宽*高，a < b > c"),
            "面积为5*3*2，snake_case，长*宽*高，a < b > c");
  EXPECT_EQ(Text("#1号楼 100%"), "#1号楼 100%");
  EXPECT_EQ(Text("姓名____ 2019. 年"), "姓名____ 2019. 年");
}

TEST(Markdown, LinesOfLawsKeepTheirNumbersAndEnds) {
  EXPECT_EQ(Text("    第一条　甲。\n　　第二款。　 \n\n3. 第三\n3. 又三\n1) 一\n"),
            "第一条　甲。\n第二款。\n3. 第三\n3. 又三\n1) 一");
  EXPECT_EQ(Text("第一条 甲\n乙\r\n丙\r丁"), "第一条 甲\n乙\n丙\n丁");
  EXPECT_EQ(Text("* 甲\n+ 乙\n  丙\n- [x] 丁"), "- 甲\n- 乙\n丙\n- 丁");
}

TEST(Markdown, WrappedEnglishIsJoined) {
  EXPECT_EQ(Text("You may apply\nonline, or\nin person.\n\nNext."),
            "You may apply online, or in person.\nNext.");
  EXPECT_EQ(Text("Send to:  \nBox 1\\\nTown"), "Send to:\nBox 1\nTown");
  EXPECT_EQ(Text("Text\nArticle 5 Scope\n(a) first\n(b) second"),
            "Text\nArticle 5 Scope\n(a) first\n(b) second");
}

TEST(Markdown, TablesBecomeRows) {
  const auto read = ReadMarkdown(
      "前文\n\n| 材料 | 份数 |\n| --- | :-: |\n| 身份证 \\| 护照 | **1** |\n| | |\n后文");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text, "前文\n材料 | 份数\n身份证 | 护照 | 1\n后文");
  ASSERT_EQ(read->blocks.size(), 4u);
  EXPECT_EQ(read->blocks[1].kind, BlockKind::kTableRow);
  EXPECT_TRUE(read->blocks[1].table_header);
  EXPECT_EQ(read->blocks[1].line, 3u);
  EXPECT_EQ(read->blocks[2].kind, BlockKind::kTableRow);
  EXPECT_FALSE(read->blocks[2].table_header);
  EXPECT_EQ(read->blocks[3].kind, BlockKind::kParagraph);
}

TEST(Markdown, HtmlKeepsWordsAndStructure) {
  EXPECT_EQ(Text("<div class=\"a\">甲<b>乙</b><br/>丙</div><p>丁</p>"), "甲乙\n丙\n丁");
  EXPECT_EQ(Text("a<!-- 注释\n多行 -->b<script>var x = "
                 "'<p>';</script>c<style>p{}</style>d<nav>菜单</nav>e"),
            "abcde");
  EXPECT_EQ(Text("<ul>\n<li>\n  一\n</li><li>二\n</ul>\n<ol><li>三</li><li>四</li></ol>"),
            "- 一\n- 二\n1. 三\n2. 四");
  const auto read = ReadMarkdown(
      "<h2 id=\"x\">\n "
      "收费\n标准</h2>\n<table><tr><th>项</th><th>元</th></tr>\n<tr><td>证\n书</td><td>5</td></"
      "tr></table>尾");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text, "收费 标准\n项 | 元\n证 书 | 5\n尾");
  EXPECT_EQ(read->blocks[0].kind, BlockKind::kHeading);
  EXPECT_EQ(read->blocks[0].level, 2);
  EXPECT_TRUE(read->blocks[1].table_header);
  EXPECT_FALSE(read->blocks[2].table_header);
}

TEST(Markdown, UnclosedHtmlHarmsNothing) {
  EXPECT_EQ(Text("<!-- 未闭合\n第一条 甲"), "<!-- 未闭合\n第一条 甲");
  EXPECT_EQ(Text("<script>\n第一条 甲"), "第一条 甲");
  EXPECT_EQ(Text("<table><tr><td>甲\n\n第一条 乙\n\n第二条 丙"), "甲\n第一条 乙\n第二条 丙");
  EXPECT_EQ(Text("<p>甲。</P.\n</div>乙</修改>丙"), "甲。\n乙</修改>丙");
  EXPECT_EQ(Text("<h2>标题\n\n第一条 乙\n\n第二条 丙"), "标题\n第一条 乙\n第二条 丙");
  EXPECT_EQ(Text("a <b"), "a <b");
}

TEST(Markdown, HeadingsOfAllForms) {
  const auto read =
      ReadMarkdown("标题\n===\n\n小节\n---\n## 三 ##\n##第四章\n####### 七\n\n段一\n段二\n---\n尾");
  ASSERT_TRUE(read.ok());
  std::vector<int> levels;
  for (const Block& block : read->blocks) levels.push_back(block.level);
  EXPECT_EQ(read->text, "标题\n小节\n三\n第四章\n####### 七\n段一\n段二\n尾");
  EXPECT_THAT(levels, ElementsAre(1, 2, 2, 2, 0, 0, 0));
}

TEST(Markdown, ControlsAndMarksOfOrderAreDropped) {
  EXPECT_EQ(Text("\xEF\xBB\xBF甲\x01乙\x7F丙\xE2\x80\x8B丁\xC2\x85戊\xE2\x80\xAE己"),
            "甲乙丙丁戊己");
  EXPECT_EQ(Text("甲&#1;&#x202E;乙"), "甲乙");
}

TEST(Markdown, NotUtf8NamesTheByte) {
  const auto read = ReadMarkdown("第一条\xFF");
  ASSERT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(read.status().message()), HasSubstr("byte 9"));
}

TEST(Markdown, InfoEndClosesTheHeader) {
  const auto read = ReadMarkdown("# 法\n\n2021年1月1日 施行\n\n<!-- INFO END -->\n\n第一条 甲");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->header_blocks, 2u);
  EXPECT_EQ(read->text, "法\n2021年1月1日 施行\n第一条 甲");
}

TEST(FrontMatter, KeysHaveTheirLines) {
  const auto read = ReadMarkdown("---\ntitle: 甲\nlist:\n  - a\n  - b\nmap: {x: 1}\n---\n正文");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->text, "正文");
  ASSERT_EQ(read->front_matter.size(), 3u);
  EXPECT_EQ(read->front_matter[0].key, "title");
  EXPECT_EQ(read->front_matter[0].line, 2u);
  EXPECT_THAT(read->front_matter[1].values, ElementsAre("a", "b"));
  EXPECT_EQ(read->front_matter[1].line, 3u);
  EXPECT_EQ(read->front_matter[2].kind, FrontMatterEntry::Kind::kOther);
  EXPECT_EQ(read->blocks[0].line, 8u);
}

TEST(FrontMatter, WhatIsNoYamlNamesTheLine) {
  const auto wrong = ReadMarkdown("---\ntitle: 甲\nx: [1, 2\n---\n正文");
  ASSERT_EQ(wrong.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(wrong.status().message()), HasSubstr("line "));
  const auto twice = ReadMarkdown("---\na: 1\na: 2\n---\n正文");
  EXPECT_EQ(twice.status().message(), "line 3: key 'a' stands twice, first on line 2");
  const auto deep = ReadMarkdown("---\na: " + std::string(10000, '[') + "\n---\n正文");
  EXPECT_THAT(std::string(deep.status().message()), HasSubstr("nested too deeply"));
}

TEST(FrontMatter, WithoutItsEndItIsNoText) {
  const auto open = ReadMarkdown("---\nvisibility: [staff]\n\n# 甲\n\n第一条 乙。\n");
  ASSERT_EQ(open.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(open.status().message(),
            "line 1: front matter begins with --- and does not end with a line of --- within 65536 "
            "bytes");
  const auto plain = ReadPlainText("---\nkind:\n甲");
  EXPECT_FALSE(plain.ok());
  // An end behind the limit is none.
  EXPECT_FALSE(ReadMarkdown("---\na: 1\n" + std::string(70000, '#') + "\n---\n甲").ok());
  // A rule over a text.
  EXPECT_EQ(Text("---\n没有结束"), "没有结束");
  EXPECT_EQ(Text("---\n\nNote: 甲"), "Note: 甲");
}

TEST(FrontMatter, AliasesDoNotMultiplyText) {
  std::string yaml = "---\na: &x " + std::string(30000, 'a') + "\nb: [*x";
  for (int i = 0; i < 10000; ++i) yaml += ",*x";
  const auto read = ReadMarkdown(yaml + "]\n---\n甲");
  ASSERT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(read.status().message(),
            "line 3: front matter repeats aliases to more than 65536 bytes");
}

TEST(PlainText, KeepsLinesAndJoinsWrappedEnglish) {
  EXPECT_EQ(PlainText("标题\n\n　　第一条　甲 *乙* <b>。\n第二行\n"),
            "标题\n第一条　甲 *乙* <b>。\n第二行");
  const std::string wrapped =
      "The owner of a dog shall register it with the office of the\ncounty within thirty "
      "days.\nShort\nline";
  EXPECT_EQ(PlainText(wrapped),
            "The owner of a dog shall register it with the office of the county within thirty "
            "days.\nShort\nline");
}

// Blocks tile the text: one line end between two neighbours and nothing else, no blanks at their
// ends.
void ExpectTiled(const CanonicalText& read) {
  size_t at = 0;
  for (const Block& block : read.blocks) {
    if (at > 0) {
      ASSERT_EQ(read.text[at], '\n');
      ++at;
    }
    ASSERT_EQ(block.span.start, at);
    ASSERT_LT(block.span.start, block.span.end);
    at = block.span.end;
  }
  ASSERT_EQ(at, read.text.size());
  ASSERT_EQ(read.text.find("\n\n"), std::string::npos);
}

TEST(Readers, AnyMixtureOfMarksGivesTiledBlocks) {
  const std::vector<std::string> pieces = {
      "第一条",   "　",        " ",     "\n",     "\n\n",
      "# ",       "## ",       "- ",    "1. ",    "| ",
      "|---|",    "---",       "***",   "`",      "```",
      "[",        "]",         "](u)",  "![",     "**",
      "*",        "_",         "<div>", "</p>",   "<br>",
      "<li>",     "<table>",   "<tr>",  "<td>",   "</table>",
      "<h2>",     "</h2>",     "<!--",  "-->",    "&amp;",
      "&#7;",     "\\",        "> ",    "甲乙。", "word ",
      "<script>", "</script>", "===",   "\t",     "<!-- INFO END -->"};
  std::mt19937 random(7);
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += pieces[random() % pieces.size()];
    SCOPED_TRACE(text);
    const auto markdown = ReadMarkdown(text);
    ASSERT_TRUE(markdown.ok());
    ExpectTiled(*markdown);
    for (const char c : markdown->text)
      ASSERT_TRUE(c == '\n' || c == '\t' || static_cast<unsigned char>(c) >= 0x20);
    const auto plain = ReadPlainText(text);
    ASSERT_TRUE(plain.ok());
    ExpectTiled(*plain);
  }
}

TEST(Readers, HostileShapesTakeLinearTime) {
  // Four megabytes each; anything quadratic would run into the test's time limit.
  constexpr size_t kRepeats = 1 << 20;
  for (const std::string piece : {"<a ", "[", "](", "![", "> ", "- ", "<!--", "**a ", "`a",
                                  "<script>", "&#", "<table><tr>", "\\", "a|"}) {
    std::string text;
    text.reserve(kRepeats * piece.size());
    for (size_t i = 0; i < kRepeats; ++i) text += piece;
    EXPECT_TRUE(ReadMarkdown(text).ok()) << piece;
  }
  std::string nested;
  for (int i = 0; i < 10000; ++i) nested += "<div><ul><li>";
  EXPECT_TRUE(ReadMarkdown(nested).ok());
  EXPECT_TRUE(ReadMarkdown(std::string(10000, '>') + "甲").ok());
}

}  // namespace
}  // namespace policykb
