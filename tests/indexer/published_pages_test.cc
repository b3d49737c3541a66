// Pages as governments publish them: head tables, signatures, issued texts, annexes, encodings.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/strings.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/signature.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;

ParsedDocument Parse(const std::string& text, const std::string& path = "a.html") {
  auto parsed = ParseFile({.relative_path = path, .bytes = text});
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? std::move(parsed->front()) : ParsedDocument();
}

std::string Written(const ParsedDocument& parsed) {
  return parsed.document.promulgated_on ? parsed.document.promulgated_on->ToString() : "";
}

std::vector<std::string> Addresses(const ParsedDocument& parsed) {
  std::vector<std::string> out;
  for (const Passage& passage : parsed.passages) out.push_back(passage.address);
  return out;
}

std::string TextAt(const ParsedDocument& parsed, const std::string& address) {
  for (const Passage& passage : parsed.passages) {
    if (passage.address == address) return passage.text;
  }
  return "none";
}

constexpr char kHead[] =
    "<table><tr><td><table><tr><td>索 引 号：<td>0123/2021-7<td>主题分类：<td>治安\\养犬"
    "<tr><td>发文机关：<td>沧宁市公安局　沧宁市农业局<td>发布日期：<td>2021年4月9日"
    "<tr><td>标　　题：<td colspan=3>关于养犬登记的通知<tr><td>发文字号：<td>沧公发[2021]12号"
    "<td>成文日期：<td>2021年3月5日</table><table><tr><td>主 题 词：<td><td><td></table></table>";

TEST(PublishedPages, TheHeadTableFillsTheFieldsAndIsNoText) {
  const ParsedDocument parsed =
      Parse(std::string(kHead) + "<p>各分局：<p>现就登记通知如下。<p>另行文<br>2020年1月1日");
  EXPECT_EQ(parsed.document.title, "关于养犬登记的通知");
  EXPECT_EQ(parsed.document.document_number, "沧公发[2021]12号");
  EXPECT_EQ(parsed.document.issuer, "沧宁市公安局 沧宁市农业局");
  EXPECT_EQ(Written(parsed), "2021-03-05") << "written, not published";
  for (const char* field : {"title", "document_number", "issuer", "promulgated_on"}) {
    EXPECT_THAT(parsed.document.origins, Contains(Pair(field, "text")));
  }
  EXPECT_EQ(parsed.document.text.find("索"), std::string::npos);
  EXPECT_EQ(parsed.document.text.find("主 题 词"), std::string::npos);
  EXPECT_THAT(Addresses(parsed), ElementsAre("preamble"));
}

TEST(PublishedPages, ATableOfMarkdownIsAHeadTableToo) {
  const ParsedDocument parsed = Parse(
      "# 关于养犬登记的通知\n\n| 发文机关 | 沧宁市公安局 |\n| --- | --- |\n| 成文日期 | "
      "2021年3月5日 |\n\n各分局：现就登记通知如下。\n",
      "a.md");
  EXPECT_EQ(parsed.document.issuer, "沧宁市公安局");
  EXPECT_EQ(Written(parsed), "2021-03-05");
  EXPECT_EQ(parsed.document.text, "关于养犬登记的通知\n各分局：现就登记通知如下。");
}

TEST(PublishedPages, ATableOfAGuideIsNoHeadTable) {
  const ParsedDocument parsed =
      Parse("<h1>养犬登记</h1><table><tr><td>办理地点：<td>一楼<tr><td>发布机关：<td>市局</table>");
  EXPECT_EQ(parsed.document.text, "养犬登记\n办理地点： | 一楼\n发布机关： | 市局");
}

TEST(PublishedPages, WithoutAHeadTableTheTextSaysTheSame) {
  const ParsedDocument parsed = Parse(
      "<p align=center><b>关于养犬<br>登记的通知</b><p align=center>沧公发〔2021〕12号<p>各分局："
      "<p>现就登记通知如下。<p>附件：1.登记表<p>2.须知<p>沧宁市公安局<p>二〇二一年三月五日<p>"
      "（此件公开发布）<p>附件1<p>养犬登记表<p>填写姓名。");
  EXPECT_EQ(parsed.document.title, "关于养犬登记的通知");
  EXPECT_EQ(parsed.document.document_number, "沧公发〔2021〕12号");
  EXPECT_EQ(parsed.document.issuer, "沧宁市公安局");
  EXPECT_EQ(Written(parsed), "2021-03-05");
  // The list of annexes and the signature belong to the notice.
  EXPECT_EQ(TextAt(parsed, "preamble"),
            "各分局：\n现就登记通知如下。\n附件：1.登记表\n2."
            "须知\n沧宁市公安局\n二〇二一年三月五日\n（此件公开发布）");
  EXPECT_EQ(TextAt(parsed, "annex1"), "填写姓名。");
  EXPECT_EQ(parsed.passages.back().provision_label, "附件1 养犬登记表");
}

TEST(PublishedPages, WhatANoticeIssuesStandsUnderItsOwnTitle) {
  const std::string notice =
      "<h1>沧宁市人民政府关于印发养犬方案的通知</h1><p>现将方案印发给你们。<p>沧宁市人民政府"
      "<p>2021年3月5日";
  const ParsedDocument plan = Parse(
      notice + "<p>养犬方案<p>为了规范养犬，制定本方案。<p>一、目标<p>甲。<p>二、措施<p>乙。");
  EXPECT_THAT(Addresses(plan), ElementsAre("preamble", "attached1", "attached1.1", "attached1.2"));
  EXPECT_THAT(plan.passages[2].heading_path, ElementsAre("养犬方案", "一、目标"));
  EXPECT_EQ(plan.document.issuer, "沧宁市人民政府");
  // Rules are what the document is about: their articles stand at the top.
  const ParsedDocument rules =
      Parse(notice + "<p>养犬办法<p>第一条　甲。<p>第二条　本办法自2021年5月1日起施行。");
  EXPECT_THAT(Addresses(rules), ElementsAre("preamble", "art1", "art2"));
  EXPECT_EQ(rules.document.validity.from->ToString(), "2021-05-01");
}

TEST(PublishedPages, ContentsOfAnIssuedTextAreNoPassage) {
  const ParsedDocument parsed = Parse(
      "<h1>关于印发预案的通知</h1><p>印发给你们。<p>市应急局<p>2021年3月5日<p>防汛预案<p>目　录"
      "<p>1　总则<p>2　职责<p>1　总则<p>甲。<p>2　职责<p>乙。");
  EXPECT_EQ(TextAt(parsed, "attached1"), "1　总则\n甲。\n2　职责\n乙。");
}

TEST(PublishedPages, AnOrderIsNamedByTheRulesItIssues) {
  const ParsedDocument parsed = Parse(
      "<p align=center><b>沧宁市人民政府令</b><p "
      "align=center>第7号<p>《沧宁市养犬办法》已经通过，现予公"
      "布。<p>市长　某某<p>2021年3月5日<p>沧宁市养犬办法<p>第一条　甲。<p>第二条　乙。");
  EXPECT_EQ(parsed.document.title, "沧宁市养犬办法");
  EXPECT_EQ(parsed.document.document_number, "沧宁市人民政府令第7号");
  EXPECT_EQ(parsed.document.issuer, "沧宁市人民政府");
  EXPECT_EQ(Written(parsed), "2021-03-05");
  EXPECT_THAT(Addresses(parsed), ElementsAre("preamble", "art1", "art2"));
}

TEST(PublishedPages, WhoPassesOnIsTheIssuer) {
  const ParsedDocument parsed = Parse(
      "<h1>沧宁市人民政府办公室转发市公安局关于养犬意见的通知</h1><p>现转发给你们。<p>市公安局"
      "<p>2020年1月1日");
  EXPECT_EQ(parsed.document.issuer, "沧宁市人民政府办公室");
  EXPECT_EQ(Written(parsed), "") << "the signature is somebody else's";
}

// UTF-16 of characters below U+10000.
std::string Utf16Le(const std::u16string& text) {
  std::string out;
  for (const char16_t unit : text) {
    out += static_cast<char>(unit & 0xFF);
    out += static_cast<char>(unit >> 8);
  }
  return out;
}

TEST(PublishedPages, OneLawInThreeEncodingsIsOneDocument) {
  // "yang quan ban fa / di yi tiao quan / di er tiao zheng", a full stop at the end of each
  // article.
  const std::string utf8 = "养犬办法\r\n\r\n第一条 犬。\r\n第二条 证。\r\n";
  const std::string gb18030 =
      "\xD1\xF8\xC8\xAE\xB0\xEC\xB7\xA8\r\n\r\n\xB5\xDA\xD2\xBB\xCC\xF5 "
      "\xC8\xAE\xA1\xA3\r\n\xB5\xDA\xB6\xFE\xCC\xF5 \xD6\xA4\xA1\xA3\r\n";
  const std::string utf16 = Utf16Le(u"养犬办法\r\n\r\n第一条 犬。\r\n第二条 证。\r\n");
  for (const char* path : {"a.txt", "a.md"}) {
    const ParsedDocument parsed = Parse(utf8, path);
    EXPECT_THAT(Addresses(parsed), ElementsAre("art1", "art2"));
    for (const std::string& twin :
         {gb18030, utf16, Cat("\xFF\xFE", utf16), Cat("\xEF\xBB\xBF", utf8)}) {
      const ParsedDocument other = Parse(twin, path);
      EXPECT_EQ(other.document, parsed.document);
      EXPECT_EQ(other.passages, parsed.passages);
    }
  }
  const auto image = ParseFile({.relative_path = "a.txt", .bytes = "\x89PNG\r\n\x1A\n"});
  EXPECT_EQ(image.status().message(), "no text: begins like a PNG image");
}

TEST(PublishedPages, OneLawInHtmlAndMarkdownHasOneTree) {
  const ParsedDocument markdown = Parse(
      "# 养犬办法\n\n## 第一章 总则\n\n第一条 甲。\n\n（一）乙；\n\n（二）丙。\n\n第二条 丁。\n",
      "a.md");
  const ParsedDocument html = Parse(
      "<html><body><h1>养犬办法</h1><h2>第一章 总则</h2><p>第一条 甲。</p><p>（一）乙；</p>"
      "<p>（二）丙。<div>第二条 丁。</div>");
  EXPECT_EQ(html.document.provisions, markdown.document.provisions);
  EXPECT_EQ(html.document.text, markdown.document.text);
}

}  // namespace
}  // namespace policykb
