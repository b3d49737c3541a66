// How sections become passages: short ones joined, tables cut.

#include "indexer/structure/passages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/strings.h"
#include "indexer/structure/parse_file.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ParsedDocument Parse(const SourceFile& file) {
  auto parsed = ParseFile(file);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? std::move(parsed->front()) : ParsedDocument();
}

std::vector<std::string> Addresses(const ParsedDocument& parsed) {
  std::vector<std::string> out;
  for (const Passage& passage : parsed.passages)
    out.push_back(passage.name.substr(passage.name.rfind('/') + 1));
  return out;
}

// A guide of a long section, three of one line, two short ones that every guide has, a long one.
std::string Guide(const std::string& kind) {
  return Cat("---\nkind: ", kind, "\n---\n# 甲市居住证办理指南\n\n## 办理条件\n\n",
             "在本市居住半年以上，有合法稳定就业、合法稳定住所、连续就读条件之一的，可以申领。\n\n",
             "## 城东窗口\n\n每天开放。\n\n## 城西窗口\n\n周末休息。\n\n## 自助设备\n\n",
             "在一楼大厅。\n\n## 收费标准\n\n不收费。\n\n## 咨询电话\n\n0799-555-0114。\n\n## "
             "所需材料\n\n",
             "居民身份证、本人相片、居住地住址证明或者就业、就读证明。\n");
}

TEST(ShortSections, ShareAPassageThatIsNamedByAllOfThem) {
  const ParsedDocument parsed = Parse({.relative_path = "a.md", .bytes = Guide("guide")});
  EXPECT_THAT(Addresses(parsed), ElementsAre("s1", "s2+s3+s4", "s5", "s6", "s7"));
  const Passage& joined = parsed.passages[1];
  EXPECT_EQ(joined.address, "s2+s3+s4");
  EXPECT_EQ(joined.label, "《甲市居住证办理指南》城东窗口、城西窗口、自助设备");
  EXPECT_THAT(joined.heading_path, ElementsAre("城东窗口 / 城西窗口 / 自助设备"));
  EXPECT_EQ(joined.text, "每天开放。\n城西窗口\n周末休息。\n自助设备\n在一楼大厅。");
  EXPECT_EQ(parsed.document.text.substr(joined.span.start, joined.span.size()), joined.text);
}

TEST(ShortSections, StayApartInOtherTextsAndWhereTheyHaveSettings) {
  EXPECT_THAT(Addresses(Parse({.relative_path = "a.md", .bytes = Guide("normative")})),
              ElementsAre("s1", "s2", "s3", "s4", "s5", "s6", "s7"));
  const ParsedDocument staff =
      Parse({.relative_path = "a.md",
             .bytes = Guide("guide"),
             .sidecar = "[[provision]]\naddress = 's4'\nvisibility = ['staff']\n"});
  EXPECT_THAT(Addresses(staff), ElementsAre("s1", "s2", "s3", "s4", "s5", "s6", "s7"));
  EXPECT_THAT(staff.passages[2].visibility, IsEmpty());
  EXPECT_THAT(staff.passages[3].visibility, ElementsAre("staff"));
}

TEST(ShortSections, AreJoinedUpToTheLimit) {
  std::string guide = "---\nkind: guide\n---\n# 甲指南\n";
  for (int i = 0; i < 40; ++i) guide += Cat("\n## 第", i, "号窗口\n\n周一至周五。\n");
  const ParsedDocument parsed = Parse({.relative_path = "a.md", .bytes = guide});
  size_t sections = 0;
  for (const Passage& passage : parsed.passages) {
    EXPECT_LE(passage.span.size(), kMaxJoinedBytes);
    sections += Split(passage.address, kAddressJoin).size();
  }
  EXPECT_EQ(sections, 40u);
  EXPECT_LT(parsed.passages.size(), 10u);
}

TEST(Tables, EveryPieceKnowsItsColumns) {
  std::string guide = "# 甲办法\n\n## 收费标准\n\n下列项目收费。\n\n| 项目 | 金额 |\n|---|---|\n";
  for (int i = 0; i < 200; ++i) guide += Cat("| 第", i, "类事项的办理 | ", 10 * i, "元 |\n");
  const ParsedDocument parsed = Parse({.relative_path = "a.md", .bytes = guide});
  ASSERT_GT(parsed.passages.size(), 2u);
  EXPECT_THAT(parsed.passages[0].heading_path, ElementsAre("收费标准"));
  EXPECT_THAT(parsed.passages[0].text, HasSubstr("项目 | 金额"));
  for (size_t i = 1; i < parsed.passages.size(); ++i)
    EXPECT_THAT(parsed.passages[i].heading_path, ElementsAre("收费标准", "项目 | 金额"));
}

TEST(Tables, AreNotHeardOfBehindTheirEnd) {
  std::string guide = "# 甲办法\n\n## 收费标准\n\n| 项目 | 金额 |\n|---|---|\n| 甲 | 1元 |\n";
  for (int i = 0; i < 100; ++i) guide += Cat("\n第", i, "项说明，办理时应当出示证件原件。\n");
  const ParsedDocument parsed = Parse({.relative_path = "a.md", .bytes = guide});
  ASSERT_GT(parsed.passages.size(), 1u);
  for (const Passage& passage : parsed.passages)
    EXPECT_THAT(passage.heading_path, ElementsAre("收费标准"));
}

}  // namespace
}  // namespace policykb
