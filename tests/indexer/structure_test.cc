// Provisions and passages by ParseFile.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "indexer/readers/reader.h"
#include "indexer/structure/article_starts.h"
#include "indexer/structure/labels.h"
#include "indexer/structure/outline.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/passages.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ParsedDocument Parse(const std::string& text, const std::string& path = "a.md") {
  auto parsed = ParseFile({.relative_path = path, .bytes = text});
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? std::move(parsed->front()) : ParsedDocument();
}

std::vector<std::string> Addresses(const ParsedDocument& parsed) {
  std::vector<std::string> out;
  for (const Provision& provision : parsed.document.provisions) out.push_back(provision.address);
  return out;
}

std::vector<std::string> PassageAddresses(const ParsedDocument& parsed) {
  std::vector<std::string> out;
  for (const Passage& passage : parsed.passages)
    out.push_back(passage.name.substr(passage.name.rfind('/') + 1));
  return out;
}

const Passage& PassageAt(const ParsedDocument& parsed, const std::string& address) {
  static const Passage none;
  const auto found =
      std::find_if(parsed.passages.begin(), parsed.passages.end(),
                   [&](const Passage& passage) { return passage.address == address; });
  EXPECT_NE(found, parsed.passages.end()) << address;
  return found == parsed.passages.end() ? none : *found;
}

TEST(Structure, DividesALaw) {
  const ParsedDocument parsed = Parse(
      "# 中华人民共和国某法\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n<!-- INFO "
      "END -->\n\n"
      "## 第一编 总　则\n\n### 第一章  基 本 规 定\n\n第一条 为了甲，制定本法。\n\n第二条 "
      "有下列情形的：\n\n（一）甲；\n\n"
      "1.甲一；\n\n2.甲二；\n\n（二）乙。\n\n前款规定不适用于丙。\n\n## 第二编 分则\n\n### 第一章 "
      "丁\n\n#### 第一节 戊\n\n"
      "第三条　己。\n\n第三条之一　庚。\n\n附件：\n\n名单");
  EXPECT_THAT(Addresses(parsed),
              ElementsAre("part1", "part1.ch1", "art1", "art1.para1", "art2", "art2.para1",
                          "art2.para1.item1", "art2.para1.item1.sub1", "art2.para1.item1.sub2",
                          "art2.para1.item2", "art2.para2", "part2", "part2.ch1", "part2.ch1.sec1",
                          "art3", "art3.para1", "art3-1", "art3-1.para1", "annex1"));
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("art1", "art2", "art3", "art3-1", "annex1"));
  const Passage& second = PassageAt(parsed, "art2");
  EXPECT_EQ(second.label, "《中华人民共和国某法》第二条");
  EXPECT_EQ(second.provision_label, "第二条");
  EXPECT_THAT(second.heading_path, ElementsAre("第一编 总则", "第一章 基本规定"));
  EXPECT_EQ(
      second.text,
      "第二条 有下列情形的：\n（一）甲；\n1.甲一；\n2.甲二；\n（二）乙。\n前款规定不适用于丙。");
  EXPECT_EQ(second.name, "documents/a/provisions/art2");
  EXPECT_THAT(PassageAt(parsed, "art3-1").heading_path,
              ElementsAre("第二编 分则", "第一章 丁", "第一节 戊"));
  EXPECT_EQ(PassageAt(parsed, "annex1").text, "名单");
  EXPECT_THAT(parsed.warnings, IsEmpty());
}

TEST(Structure, ReferencesAtLineStartsAreNoArticles) {
  const ParsedDocument parsed = Parse(
      "# 某条例\n\n第一条 "
      "甲。\n\n第二条规定的期限为十日。\n\n第二条、第三条所列情形除外。\n\n第十条 "
      "第一款另有规定的，从其规定。\n\n"
      "依照第二条处理。\n\n第二条 乙。\n\n“第三条 引用的条文。\n\n第三十条 "
      "旧法的条文引在这里。\n\n第三条丙，没有空格。\n\n第四条\n\n丁。");
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("art1", "art2", "art3", "art4"));
  EXPECT_THAT(PassageAt(parsed, "art1").text, HasSubstr("第二条、第三条所列"));
  EXPECT_THAT(PassageAt(parsed, "art2").text, HasSubstr("第三十条 旧法"));
  EXPECT_EQ(PassageAt(parsed, "art4").text, "第四条\n丁。");
}

TEST(Structure, NumbersThatAreLeftOutAreReported) {
  const ParsedDocument parsed = Parse("# 某条例\n\n第一条 甲。\n\n第三条 乙。\n\n第四条 丙。");
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("art1", "art3", "art4"));
  EXPECT_THAT(parsed.warnings, ElementsAre("line 5: art3 after art1, numbers are left out"));
}

TEST(Structure, RepeatedNumbersGetAddressesOfTheirOwn) {
  const ParsedDocument parsed =
      Parse("# 某决定\n\n第一条 甲。\n\n第二条 乙。\n\n附件1 某办法\n\n第一条 丙。\n\n第二条 丁。");
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("art1", "art2", "art1_2", "art2_2"));
  EXPECT_THAT(PassageAt(parsed, "art2_2").heading_path, ElementsAre("附件1 某办法"));
}

TEST(Structure, PlainTextHasTheSameStructure) {
  const ParsedDocument parsed = Parse(
      "某市养犬管理条例\n\n（2023年3月1日某市第十届人民代表大会常务委员会第二次会议通过）\n\n目　录"
      "\n第一章　总　则\n第二章　附　则\n\n"
      "第 一 "
      "章　总　则\n　　第一条　甲。\n　　第二条　乙。\n第二章规定的事项除外。\n第二章　附　则\n　　"
      "第三条　丙。\n",
      "x/b.txt");
  EXPECT_EQ(parsed.document.title, "某市养犬管理条例");
  EXPECT_THAT(Addresses(parsed), ElementsAre("ch1", "art1", "art1.para1", "art2", "art2.para1",
                                             "art2.para2", "ch2", "art3", "art3.para1"));
  EXPECT_EQ(parsed.document.provisions[0].label, "第一章");
  EXPECT_EQ(parsed.document.provisions[0].heading, "总则");
  EXPECT_EQ(PassageAt(parsed, "art2").text, "第二条　乙。\n第二章规定的事项除外。");
}

TEST(Structure, TheSecondTitleOfACodeIsAPart) {
  const ParsedDocument parsed = Parse(
      "# 中华人民共和国民法典\n\n# 总则\n\n2021年1月1日 施行\n\n<!-- INFO END -->\n\n## 第一章 "
      "基本规定\n\n第一条 甲。");
  EXPECT_EQ(parsed.document.title, "中华人民共和国民法典");
  EXPECT_THAT(PassageAt(parsed, "art1").heading_path, ElementsAre("总则", "第一章 基本规定"));
}

TEST(Structure, APreambleIsAPassage) {
  const ParsedDocument parsed = Parse(
      "# 最高人民法院关于甲的解释\n\n<!-- INFO END -->\n\n为正确审理甲，制定本解释。\n\n## 一、 "
      "一般规定\n\n第一条 乙。");
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("preamble", "art1"));
  EXPECT_EQ(PassageAt(parsed, "preamble").label, "《最高人民法院关于甲的解释》");
  EXPECT_THAT(PassageAt(parsed, "art1").heading_path, ElementsAre("一、一般规定"));
}

TEST(Structure, GuidesAreDividedByHeadings) {
  const ParsedDocument parsed = Parse(
      "# 居住证办事指南\n\n说明。\n\n## 办理条件\n\n满半年。\n\n### 例外\n\n投靠。\n\n## "
      "所需材料\n\n| 材料 | 份数 |\n|---|---|\n| 身份证 | 1 |\n\n## 空的\n");
  EXPECT_THAT(Addresses(parsed), ElementsAre("preamble", "s1", "s1.1", "s2", "s3"));
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("preamble", "s1", "s1.1", "s2"));
  const Passage& below = PassageAt(parsed, "s1.1");
  EXPECT_EQ(below.label, "《居住证办事指南》例外");
  EXPECT_EQ(below.text, "投靠。");
  EXPECT_THAT(below.heading_path, ElementsAre("办理条件", "例外"));
  EXPECT_EQ(PassageAt(parsed, "s2").text, "材料 | 份数\n身份证 | 1");
  EXPECT_EQ(parsed.document.kind, "guide");
}

TEST(Structure, NoticesAreDividedByTheirNumbers) {
  const ParsedDocument parsed = Parse(
      "关于水价的通知\n\n沅发改〔2024〕18号\n\n各单位：\n\n一、居民水价\n\n每立方米2."
      "35元。\n\n二、本通知所称居民是指常住人口，不含单位。\n\n三、施行时间\n\n"
      "本通知自2024年5月1日起施行。",
      "a.txt");
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("preamble", "s1", "s2", "s3"));
  EXPECT_EQ(PassageAt(parsed, "s1").label, "《关于水价的通知》居民水价");
  EXPECT_EQ(PassageAt(parsed, "s1").text, "每立方米2.35元。");
  EXPECT_EQ(PassageAt(parsed, "s2").text, "二、本通知所称居民是指常住人口，不含单位。");
  EXPECT_EQ(PassageAt(parsed, "s2").label, "《关于水价的通知》二");
  EXPECT_THAT(PassageAt(parsed, "s1").heading_path, ElementsAre("一、居民水价"));
  EXPECT_THAT(PassageAt(parsed, "s2").heading_path, IsEmpty());
}

TEST(Structure, EnglishLaws) {
  const ParsedDocument parsed = Parse(
      "# Noise Rules\n\n## Chapter 1 General Provisions\n\n### Article 1 Purpose\n\nThese Rules "
      "protect sleep.\n\n"
      "Article 2. Quiet hours are:\n\n(1) from 22:00 to 6:00; and\n\n(2) noon:\n\n(a) on "
      "Sundays.\n\nArticle 3 of another law applies.");
  EXPECT_THAT(Addresses(parsed),
              ElementsAre("ch1", "art1", "art1.para1", "art2", "art2.para1", "art2.para1_2",
                          "art2.para2", "art2.para2.item1", "art2.para3"));
  const Passage& first = PassageAt(parsed, "art1");
  EXPECT_EQ(first.label, "Noise Rules, Article 1");
  EXPECT_EQ(first.text, "Article 1 Purpose\nThese Rules protect sleep.");
  EXPECT_THAT(first.heading_path, ElementsAre("Chapter 1 General Provisions"));
  EXPECT_EQ(parsed.document.language, "en");
}

TEST(Structure, LongArticlesAreCutBetweenItems) {
  std::string text = "# 某条例\n\n第一条 有下列情形之一的：\n";
  // 40 items of 30 characters (90 bytes) and their label (15 bytes at most): about 4,100 bytes,
  // three pieces.
  for (int i = 1; i <= 40; ++i) {
    text += "\n（" + std::to_string(i) + "）";
    for (int c = 0; c < 29; ++c) text += "字";
    text += "；\n";
  }
  const ParsedDocument parsed = Parse(text);
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("art1~1", "art1~2", "art1~3"));
  std::string joined;
  for (const Passage& passage : parsed.passages) {
    EXPECT_LE(passage.text.size(), kMaxPassageBytes);
    EXPECT_GT(passage.text.size(), kMaxPassageBytes / 2);
    EXPECT_EQ(passage.address, "art1");
    EXPECT_EQ(passage.label, "《某条例》第一条");
    joined += (joined.empty() ? "" : "\n") + passage.text;
  }
  EXPECT_THAT(parsed.document.text, HasSubstr(joined));
  for (size_t i = 1; i < parsed.passages.size(); ++i)
    EXPECT_TRUE(parsed.passages[i].text.starts_with("（"));
}

TEST(Structure, LongParagraphsAreCutBetweenSentences) {
  std::string text = "# 某条例\n\n第一条 ";
  for (int i = 0; i < 100; ++i) text += "这是一个有十二个字的句子。";
  const ParsedDocument parsed = Parse(text);
  ASSERT_GE(parsed.passages.size(), 3u);
  for (const Passage& passage : parsed.passages) EXPECT_TRUE(passage.text.ends_with("。"));
}

TEST(Structure, HeadingsSetInTwoLinesAreOne) {
  const ParsedDocument parsed =
      Parse("# 某法\n\n## 第一章 没有划入军事禁区的\n\n军事设施的保护\n\n第一条 甲。");
  EXPECT_THAT(PassageAddresses(parsed), ElementsAre("art1"));
  EXPECT_THAT(parsed.passages[0].heading_path,
              ElementsAre("第一章 没有划入军事禁区的军事设施的保护"));
}

TEST(Structure, FilesThatCannotBeRead) {
  EXPECT_EQ(ParseFile({.relative_path = "a.odt", .bytes = "x"}).status().code(),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(ParseFile({.relative_path = "a.b/c", .bytes = "x"}).status().code(),
            absl::StatusCode::kUnimplemented);
  for (const std::string text : {"", "\n \n", "<!-- a -->", "---\ntitle: 甲\n---\n"}) {
    const auto parsed = ParseFile({.relative_path = "a.md", .bytes = text});
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(parsed.status().message(), "no text");
  }
  EXPECT_THAT(
      std::string(ParseFile({.relative_path = "a.txt", .bytes = "甲\xC3"}).status().message()),
      HasSubstr("byte 3"));
  EXPECT_TRUE(IsReadableFormat("x/A.MD"));
  EXPECT_FALSE(IsReadableFormat("x.md/a"));
}

TEST(Structure, TextsWithoutABody) {
  const ParsedDocument one = Parse("服务热线 0799-555-0100", "电话.txt");
  EXPECT_THAT(PassageAddresses(one), ElementsAre("preamble"));
  EXPECT_EQ(one.document.title, "电话");
  const ParsedDocument none =
      Parse("# 某条例\n\n2020年1月1日 甲市人民代表大会通过\n\n<!-- INFO END -->\n");
  EXPECT_THAT(none.passages, IsEmpty());
  EXPECT_THAT(none.warnings, ElementsAre("line 3: no passage, the text is headings only"));
}

TEST(Structure, OneVeryLongLineIsCut) {
  std::string text = "第一条 ";
  for (int i = 0; i < 1'000'000; ++i) text += "字";
  const ParsedDocument parsed = Parse(text, "a.txt");
  for (const Passage& passage : parsed.passages) EXPECT_LE(passage.text.size(), kMaxSentenceBytes);
}

TEST(Structure, TooManyProvisionsAreRefused) {
  std::string text;
  for (size_t i = 1; i <= kMaxProvisions; ++i) text += "第" + std::to_string(i % 90000) + "条 甲\n";
  const auto parsed = ParseFile({.relative_path = "a.txt", .bytes = text});
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
}

// What holds for every document.
void ExpectSound(const ParsedDocument& parsed) {
  const Document& document = parsed.document;
  std::set<std::string> addresses;
  for (size_t i = 0; i < document.provisions.size(); ++i) {
    const Provision& provision = document.provisions[i];
    ASSERT_TRUE(addresses.insert(provision.address).second) << provision.address;
    ASSERT_LT(provision.parent, static_cast<int32_t>(i));
    ASSERT_LE(provision.span.end, document.text.size());
    ASSERT_LT(provision.span.start, provision.span.end);
    if (provision.parent < 0) continue;
    const Provision& parent = document.provisions[static_cast<size_t>(provision.parent)];
    ASSERT_LE(parent.span.start, provision.span.start) << provision.address;
    ASSERT_GE(parent.span.end, provision.span.end) << provision.address;
  }
  std::set<std::string> names;
  uint32_t last = 0;
  for (const Passage& passage : parsed.passages) {
    ASSERT_TRUE(names.insert(passage.name).second) << passage.name;
    ASSERT_TRUE(addresses.contains(passage.address));
    ASSERT_GE(passage.span.start, last);
    ASSERT_LT(passage.span.start, passage.span.end);
    ASSERT_EQ(passage.text, Slice(document.text, passage.span));
    ASSERT_NE(passage.text.front(), ' ');
    ASSERT_NE(passage.text.back(), '\n');
    last = passage.span.end;
  }
}

TEST(Structure, EveryLineIsInOnePassageOrNone) {
  const std::vector<std::string> lines = {"第一条 甲。",
                                          "第二条　乙。",
                                          "第三条丙。",
                                          "第一条",
                                          "第十条规定的",
                                          "第三条之一 丁",
                                          "## 第一章 总则",
                                          "第二章　附则",
                                          "### 第一节 戊",
                                          "第一编 己",
                                          "# 题",
                                          "## 条件",
                                          "### 例外",
                                          "（一）庚；",
                                          "1. 辛",
                                          "(2) 壬",
                                          "一、癸",
                                          "二、子：丑。",
                                          "附件：",
                                          "附件2 寅",
                                          "| a | b |",
                                          "|---|---|",
                                          "| 1 | 2 |",
                                          "- 卯",
                                          "目录",
                                          "附则",
                                          "Article 1 Scope",
                                          "Section 2",
                                          "Chapter 1 X",
                                          "plain words, wrapped",
                                          "自公布之日起施行。",
                                          "2020年1月1日 通过",
                                          "<!-- INFO END -->",
                                          "“第五条 引文。"};
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 25; ++i) {
      text += lines[random() % lines.size()];
      text += random() % 2 == 0 ? "\n" : "\n\n";
    }
    SCOPED_TRACE(text);
    const std::string path = round % 2 == 0 ? "a.md" : "a.txt";
    const auto parsed = ParseFile({.relative_path = path, .bytes = text});
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    ExpectSound(parsed->front());
    // The same steps by hand: lines with an owner are covered, lines without are not.
    const auto source = round % 2 == 0 ? ReadMarkdown(text) : ReadPlainText(text);
    ASSERT_TRUE(source.ok());
    const std::vector<TextLine> split = SplitLines(*source);
    const auto outline = BuildOutline(source->text, split, CountHeaderLines(*source, split));
    ASSERT_TRUE(outline.ok());
    std::vector<int> covered(source->text.size(), 0);
    for (const Passage& passage : parsed->front().passages) {
      for (uint32_t at = passage.span.start; at < passage.span.end; ++at) ++covered[at];
    }
    for (size_t i = 0; i < split.size(); ++i) {
      for (uint32_t at = split[i].span.start; at < split[i].span.end; ++at) {
        if (source->text[at] == ' ') continue;
        ASSERT_EQ(covered[at], outline->owner[i] == kNoOwner ? 0 : 1)
            << Slice(source->text, split[i].span);
      }
    }
  }
}

TEST(Labels, HeadingLabels) {
  EXPECT_EQ(ReadHeadingLabel("第三分编 准合同")->rank, HeadingRank::kSubpart);
  EXPECT_EQ(ReadHeadingLabel("第 十 二 章")->number, 12);
  EXPECT_EQ(ReadHeadingLabel("第四章之一 监察")->suffix, 1);
  EXPECT_EQ(ReadHeadingLabel("Part IV Final")->number, 4);
  EXPECT_FALSE(ReadHeadingLabel("Parties 4"));
  EXPECT_FALSE(ReadHeadingLabel("第一条"));
  EXPECT_TRUE(CanBeHeading("　法律责任"));
  EXPECT_FALSE(CanBeHeading("规定的情形"));
  EXPECT_FALSE(CanBeHeading("有下列情形的："));
}

TEST(Labels, ItemsTopicsAndAnnexes) {
  EXPECT_EQ(ReadItemLabel("（十二）甲")->number, 12);
  EXPECT_EQ(ReadItemLabel("㈢甲")->number, 3);
  EXPECT_EQ(ReadItemLabel("②甲")->style, ItemStyle::kCircled);
  EXPECT_EQ(ReadItemLabel("３．甲")->number, 3);
  EXPECT_FALSE(ReadItemLabel("3.5元"));
  EXPECT_FALSE(ReadItemLabel("（以下简称甲）"));
  EXPECT_EQ(ReadTopicLabel("十一、甲")->number, 11);
  EXPECT_FALSE(ReadTopicLabel("一、二、三等奖"));
  EXPECT_FALSE(ReadTopicLabel("1、甲"));
  EXPECT_TRUE(ReadAnnexLabel("附件一：某办法"));
  EXPECT_TRUE(ReadAnnexLabel("附：名单"));
  EXPECT_TRUE(ReadAnnexLabel("Annex 2 Fees"));
  EXPECT_FALSE(ReadAnnexLabel("附件由申请人提供。"));
  EXPECT_FALSE(ReadAnnexLabel("附加刑的种类"));
  EXPECT_FALSE(ReadAnnexLabel("附则"));
  EXPECT_EQ(ReadAnnexLabel("附件五 某规程")->number, 5);
}

}  // namespace
}  // namespace policykb
