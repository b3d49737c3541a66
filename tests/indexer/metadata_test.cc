#include "indexer/structure/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "indexer/structure/clauses.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/promulgation.h"
#include "indexer/structure/text_dates.h"
#include "indexer/structure/title_words.h"

namespace policykb {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

Document Parse(const std::string& text, const std::string& path = "a.md") {
  auto parsed = ParseFile({.relative_path = path, .bytes = text});
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? parsed->front().document : Document();
}

std::string Error(const std::string& text) {
  const auto parsed = ParseFile({.relative_path = "a.md", .bytes = text});
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(parsed.status().message());
}

std::string From(const Document& document) {
  return document.validity.from ? document.validity.from->ToString() : "";
}
std::string To(const Document& document) {
  return document.validity.to ? document.validity.to->ToString() : "";
}

TEST(Metadata, FrontMatterComesFirst) {
  const Document document = Parse(
      "---\nid: cangning-dogs\ntitle: 养犬办法\nkind: rule\ndocument_number: "
      "沧政发〔2017〕3号\nissuer: 沧宁市人民政府\n"
      "region: 沧宁市\nlanguage: zh\npromulgated_on: 2017-03-20\nvalid_from: 2017-05-01\nvalid_to: "
      "2023-07-01\n"
      "supersedes: [old-1, old-2]\nvisibility: [staff, public]\nsource: https://a.example/x\n---\n"
      "# 另一个题目\n\n第一条 本办法自2010年1月1日起施行。");
  EXPECT_EQ(document.id, "cangning-dogs");
  EXPECT_EQ(document.title, "养犬办法");
  EXPECT_EQ(document.kind, "rule");
  EXPECT_EQ(document.document_number, "沧政发〔2017〕3号");
  EXPECT_EQ(document.issuer, "沧宁市人民政府");
  EXPECT_EQ(document.promulgated_on->ToString(), "2017-03-20");
  EXPECT_EQ(From(document), "2017-05-01");
  EXPECT_EQ(To(document), "2023-07-01");
  EXPECT_THAT(document.supersedes, ElementsAre("old-1", "old-2"));
  EXPECT_THAT(document.visibility, ElementsAre("staff", "public"));
  EXPECT_EQ(document.source_uri, "https://a.example/x");
  EXPECT_THAT(document.origins, Contains(Pair("valid_from", "front_matter")));
}

TEST(Metadata, WrongFrontMatterNamesTheLine) {
  EXPECT_THAT(Error("---\nid: a\nvalid_form: 2020-01-01\n---\n甲"),
              HasSubstr("line 3: valid_form is no key"));
  EXPECT_THAT(Error("---\nid: a b\n---\n甲"), HasSubstr("line 2: id 'a b'"));
  EXPECT_THAT(Error("---\nid:\n---\n甲"), HasSubstr("line 2: id ''"));
  EXPECT_THAT(Error("---\nkind: lore\n---\n甲"), HasSubstr("line 2: kind 'lore' is none of"));
  EXPECT_THAT(Error("---\npromulgated_on: 2023-02-29\n---\n甲"),
              HasSubstr("line 2: promulgated_on '2023-02-29'"));
  EXPECT_THAT(Error("---\nvalid_from: 2023-05-01\nvalid_to: 2023-05-01\n---\n甲"),
              HasSubstr("line 3: valid_to 2023-05-01 is not after valid_from 2023-05-01"));
  EXPECT_THAT(Error("---\nvisibility: []\n---\n甲"), HasSubstr("names no label"));
  EXPECT_THAT(Error("---\nvisibility: ['a b']\n---\n甲"),
              HasSubstr("'a b' is no visibility label"));
  // One line, whatever the value.
  EXPECT_THAT(Error("---\nvisibility: [\"a\\nb\\x1B\"]\n---\n甲"),
              HasSubstr("line 2: visibility 'a\\nb\\x1B' is no visibility label"));
  EXPECT_LT(Error("---\n" + std::string(10000, 'x') + ": 1\nid: a\n---\n甲").size(), 1100u);
  EXPECT_THAT(Error("---\nregion: {a: b}\n---\n甲"), HasSubstr("region is no single value"));
  EXPECT_THAT(Error("---\nid: a\nsupersedes: [{a: b}]\n---\n甲"),
              HasSubstr("supersedes is no list"));
}

TEST(Metadata, FrontMatterOfOtherSystemsIsAccepted) {
  const auto parsed =
      ParseFile({.relative_path = "guide/x.md",
                 .bytes = "---\nlayout: page\ntitle: Burial Benefits\ndescription: Learn "
                          "about\n  benefits.\nsource: x\n"
                          "aliases:\n  - /a/\n---\nText.\n\n## Fees\n\nFree."});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->front().document.title, "Burial Benefits");
  EXPECT_EQ(parsed->front().document.id, "guide.x");
  EXPECT_EQ(parsed->front().document.language, "en");
  EXPECT_EQ(parsed->front().document.kind, "guide");
  EXPECT_EQ(parsed->front().document.source_uri, "");
  EXPECT_EQ(parsed->front().document.text, "Learn about benefits.\nText.\nFees\nFree.");
  EXPECT_THAT(parsed->front().warnings, ElementsAre());
  const auto slip = ParseFile({.relative_path = "x.md",
                               .bytes = "---\ntitle: A\nlayout: page\nvalid-from: 2020-01-01\n"
                                        "isuer: B\n---\nText."});
  ASSERT_TRUE(slip.ok()) << slip.status();
  EXPECT_THAT(slip->front().warnings,
              ElementsAre("line 4: key 'valid-from' ignored, ours is 'valid_from'",
                          "line 5: key 'isuer' ignored, ours is 'issuer'"));
}

TEST(Metadata, AnAmendedRegulation) {
  const Document document = Parse(
      "# 个体工商户条例\n\n2011年4月16日 中华人民共和国国务院令第596号公布\n\n"
      "2014年2月19日 《国务院关于废止和修改部分行政法规的决定》第一次修订　\n\n<!-- INFO END "
      "-->\n\n第一条 甲。\n\n"
      "第二条 "
      "本条例自2011年11月1日起施行。1987年8月5日国务院发布的《城乡个体工商户管理暂行条例》同时废止"
      "。",
      "行政法规/个体工商户条例(2016-02-06).md");
  EXPECT_EQ(document.id, "行政法规.个体工商户条例(2016-02-06)");
  EXPECT_EQ(document.document_number, "国务院令第596号");
  EXPECT_EQ(document.issuer, "国务院");
  EXPECT_EQ(document.kind, "regulation");
  EXPECT_EQ(document.language, "zh");
  EXPECT_EQ(document.promulgated_on->ToString(), "2011-04-16");
  // The version the file is named for is later than the day the first version took effect.
  EXPECT_EQ(From(document), "2016-02-06");
  EXPECT_EQ(To(document), "");
  EXPECT_THAT(document.origins, Contains(Pair("valid_from", "path")));
  EXPECT_THAT(document.origins, Contains(Pair("kind", "path")));
}

TEST(Metadata, WhenATextTakesEffect) {
  const std::string law =
      "# 某法\n\n2020年12月26日 第十三届全国人民代表大会常务委员会第二十四次会议通过\n\n";
  EXPECT_EQ(From(Parse(law + "2021年3月1日 施行\n\n<!-- INFO END -->\n\n第一条 甲。")),
            "2021-03-01");
  EXPECT_EQ(From(Parse(law + "第一条 甲。\n\n第二条 本法自2021年4月1日起施行。")), "2021-04-01");
  EXPECT_EQ(From(Parse(law + "第一条 本法自公布之日起施行。")), "2020-12-26");
  EXPECT_EQ(From(Parse(law + "第一条 本法自二〇二一年五月一日起施行。")), "2021-05-01");
  // Another text's day is not this one's.
  EXPECT_EQ(From(Parse(law + "第一条 《某条例》自1999年1月1日起施行的规定不再适用。")),
            "2020-12-26");
  // Revised before it says it takes effect.
  EXPECT_EQ(From(Parse("# "
                       "某法\n\n（1990年1月1日甲市人民代表大会常务委员会通过　根据2018年5月2日甲市"
                       "人民代表大会常务委员会《关于修改某法的决定》修正）\n\n"
                       "第一条 本法自1990年3月1日起施行。")),
            "2018-05-02");
}

TEST(Metadata, EndsOfValidityAreOnlyWhatTheTextSays) {
  const std::string start =
      "# 某办法\n\n甲府发〔2024〕2号\n\n第一条 "
      "许可证有效期五年，有效期至2030年1月1日的除外。\n\n第二条 ";
  EXPECT_EQ(To(Parse(start + "本办法自2024年5月1日起施行。")), "");
  EXPECT_EQ(To(Parse(start + "本办法自2024年5月1日起施行，有效期5年。")), "2029-05-01");
  EXPECT_EQ(To(Parse(start + "本办法自2024年5月1日起施行，有效期至2026年4月30日。")), "2026-05-01");
  EXPECT_EQ(To(Parse(start + "本办法自2024年5月1日起施行。本办法有效期为二年。")), "2026-05-01");
}

TEST(Metadata, TitlePagesOfPlainTexts) {
  const Document document = Parse(
      "高龄津贴发放办法\n\n沅民发〔2024〕11号\n\n沅澜县民政局　沅澜县财政局\n\n2024年4月10日\n\n第"
      "一条　甲。\n\n第二条　本办法自2024年5月1日起施行。",
      "n/津贴 1.txt");
  EXPECT_EQ(document.id, "n.津贴-1");
  EXPECT_EQ(document.title, "高龄津贴发放办法");
  EXPECT_EQ(document.document_number, "沅民发〔2024〕11号");
  EXPECT_EQ(document.issuer, "沅澜县民政局、沅澜县财政局");
  EXPECT_EQ(document.promulgated_on->ToString(), "2024-04-10");
  EXPECT_EQ(document.provisions[0].address, "art1");
  const Document fields = Parse(
      "关于甲的通知\n\n甲发〔2024〕1号\n\n发文机关：乙局\n发布日期：2024年3月26日\n\n各单位：\n\n一"
      "、甲\n\n乙。\n\n二、丙\n\n丁。",
      "a.txt");
  EXPECT_EQ(fields.issuer, "乙局");
  EXPECT_EQ(fields.promulgated_on->ToString(), "2024-03-26");
  EXPECT_EQ(fields.kind, "normative");
}

TEST(Metadata, IssuersByTheirLines) {
  const auto issuer = [](const std::string& line) { return ReadPromulgation({line}).issuer; };
  EXPECT_EQ(issuer("2020年5月28日 第十三届全国人民代表大会第三次会议通过"), "全国人民代表大会");
  EXPECT_EQ(issuer("2003年9月5日 北京市第十二届人民代表大会常务委员会第六次会议通过"),
            "北京市人民代表大会常务委员会");
  EXPECT_EQ(issuer("2020年7月23日 最高人民法院审判委员会第1808次会议通过"), "最高人民法院");
  EXPECT_EQ(issuer("2022年3月10日 国家市场监督管理总局令第53号公布"), "国家市场监督管理总局");
  EXPECT_EQ(issuer("（2017年3月6日沧宁市人民政府第5次常务会议通过）"), "沧宁市人民政府");
  EXPECT_EQ(CompleteIssuer("市人民代表大会", "宁波市人民调解条例"), "宁波市人民代表大会");
  EXPECT_EQ(CompleteIssuer("市人民代表大会", "人民调解条例"), "");
  EXPECT_EQ(IssuerFromTitle("最高人民法院、最高人民检察院关于甲的解释"),
            "最高人民法院、最高人民检察院");
  EXPECT_EQ(IssuerFromTitle("关于甲的解释"), "");
  EXPECT_EQ(RegionOfIssuer("沧宁市人民政府"), "沧宁市");
  EXPECT_EQ(RegionOfIssuer("全国人民代表大会"), "");
}

TEST(Metadata, DatesInEveryNumeralForm) {
  EXPECT_EQ(ConsumeDate("2021年1月1日起")->date.ToString(), "2021-01-01");
  EXPECT_EQ(ConsumeDate("二〇二四年五月三十一日")->date.ToString(), "2024-05-31");
  EXPECT_EQ(ConsumeDate("２０１２年１２月３日")->date.ToString(), "2012-12-03");
  EXPECT_EQ(ConsumeDate("一九九八年 十 月 一 日")->date.ToString(), "1998-10-01");
  EXPECT_FALSE(ConsumeDate("2023年2月29日"));
  EXPECT_FALSE(ConsumeDate("2023年2月"));
  const auto dates = FindDates("根据2018年5月2日的决定和二〇二〇年六月七日的决定，年月日");
  ASSERT_EQ(dates.size(), 2u);
  EXPECT_EQ(dates[0].date.ToString(), "2018-05-02");
  EXPECT_EQ(dates[1].date.ToString(), "2020-06-07");
}

TEST(Metadata, Clauses) {
  EXPECT_TRUE(FindEffectClause("本法自公布之日起施行。")->on_promulgation);
  EXPECT_FALSE(FindEffectClause("自2020年1月1日起算。"));
  EXPECT_FALSE(FindEffectClause("《乙办法》自2020年1月1日起施行。"));
  EXPECT_EQ(AddYears(*CivilDate::FromYmd(2024, 2, 29), 1)->ToString(), "2025-02-28");
  EXPECT_EQ(AddYears(*CivilDate::FromYmd(9999, 1, 1), 1), std::nullopt);
}

TEST(Metadata, KindAndLanguageByWords) {
  EXPECT_EQ(KindFromTitle("中华人民共和国刑法", ""), "law");
  EXPECT_EQ(KindFromTitle("居民养老保险实施细则（2018年）", ""), "rule");
  EXPECT_EQ(KindFromTitle("关于修改甲的决定", "全国人民代表大会常务委员会"), "law");
  EXPECT_EQ(KindFromTitle("Regulations on Dogs", ""), "regulation");
  EXPECT_EQ(KindFromTitle("甲", ""), "");
  EXPECT_EQ(KindFromPath("a/司法解释/x.md"), "rule");
  EXPECT_EQ(KindFromPath("司法解释.md"), "");
  EXPECT_EQ(LanguageOf("第一条 甲 Article"), "zh");
  EXPECT_EQ(LanguageOf("Article 1 甲"), "en");
  EXPECT_EQ(LanguageOf("ئۇيغۇر تىلى"), "ug");
  EXPECT_EQ(LanguageOf("қазақ тілі"), "kk");
  EXPECT_EQ(LanguageOf("123"), "und");
}

TEST(Metadata, IdsFromPaths) {
  EXPECT_EQ(DocumentIdFromPath("a/b c.md"), "a.b-c");
  EXPECT_EQ(DocumentIdFromPath("x.y/z"), "x.y.z");
  EXPECT_EQ(DocumentIdFromPath("a?b#c%d:e　f.txt"), "a-b-c-d-e-f");
}

}  // namespace
}  // namespace policykb
