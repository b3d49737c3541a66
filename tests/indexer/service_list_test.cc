#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "indexer/structure/metadata_keys.h"
#include "indexer/structure/parse_file.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kColumns[] =
    "region = '沧宁市'\n[items]\ntitle = '事项名称'\nid = '编码'\nissuer = '实施主体'\n"
    "valid_from = '生效日期'\nvisibility = '可见范围'\n";

Sheet Items() {
  return {
      "事项",
      {{1, {"沧宁市事项清单"}},
       {2, {"编码", "事项 名称", "实施主体", "生效日期", "可见范围", "办理条件", "所需材料"}},
       {3, {"A/1", "养犬登记", "甲局", "2024/5/1", "", "年满十八周岁。", "身份证；\n住所证明。"}},
       {4, {}},
       {5, {"A-2", "养犬注销", "乙局", "2024年6月1日", "staff，audit", "", "登记证。"}}}};
}

absl::StatusOr<std::vector<ParsedDocument>> Parse(const std::vector<Sheet>& sheets,
                                                  const std::string& collection = kColumns,
                                                  const std::string& sidecar = "") {
  const Collections collections = Collections::Parse({{"collection.toml", collection}});
  EXPECT_THAT(collections.problems(), IsEmpty());
  return ParseServiceList({.relative_path = "n/清单.xlsx",
                           .bytes = "",
                           .sidecar = sidecar,
                           .collection = &collections.For("n/清单.xlsx")},
                          sheets);
}

std::vector<std::string> Texts(const ParsedDocument& parsed) {
  std::vector<std::string> texts;
  for (const Passage& passage : parsed.passages) texts.push_back(passage.text);
  return texts;
}

TEST(ServiceListTest, EachRowIsAGuide) {
  const auto parsed = Parse({Items()});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  ASSERT_EQ(parsed->size(), 2u);
  const Document& first = (*parsed)[0].document;
  EXPECT_EQ(first.id, "n.清单.A.1");
  EXPECT_EQ(first.title, "养犬登记");
  EXPECT_EQ(first.kind, "guide");
  EXPECT_EQ(first.issuer, "甲局");
  EXPECT_EQ(first.region, "沧宁市");
  EXPECT_EQ(first.validity.from->ToString(), "2024-05-01");
  EXPECT_THAT(first.visibility, ElementsAre("public"));
  EXPECT_EQ(OriginOf(first, "issuer"), kFromRow);
  EXPECT_EQ(OriginOf(first, "region"), kFromCollection);
  EXPECT_EQ(first.text, "养犬登记\n办理条件\n年满十八周岁。\n所需材料\n身份证；\n住所证明。");
  EXPECT_THAT(Texts((*parsed)[0]), ElementsAre("年满十八周岁。", "身份证；\n住所证明。"));
  EXPECT_EQ((*parsed)[0].passages[0].label, "《养犬登记》办理条件");
  EXPECT_THAT((*parsed)[0].warnings, IsEmpty());
  const Document& second = (*parsed)[1].document;
  EXPECT_EQ(second.id, "n.清单.A-2");
  EXPECT_EQ(second.validity.from->ToString(), "2024-06-01");
  EXPECT_THAT(second.visibility, ElementsAre("staff", "audit"));
  EXPECT_THAT(Texts((*parsed)[1]), ElementsAre("登记证。"));
}

TEST(ServiceListTest, OnlyTheSectionsNamed) {
  const auto parsed =
      Parse({Items()}, "[items]\ntitle = '事项名称'\nsections = ['所需材料', '办理条件']\n",
            "id = 'list'\nissuer = '丙局'\n");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ((*parsed)[0].document.id, "list.养犬登记");
  EXPECT_EQ((*parsed)[0].document.issuer, "丙局");
  EXPECT_THAT(Texts((*parsed)[0]), ElementsAre("身份证；\n住所证明。", "年满十八周岁。"));
}

TEST(ServiceListTest, RowsThatGiveNoGuideAreNamedWithTheirLine) {
  Sheet sheet = Items();
  sheet.rows.push_back({6, {"A-3", "", "甲局"}});
  sheet.rows.push_back({7, {"A-2", "另一个", "甲局", "", "", "甲。"}});
  sheet.rows.push_back({8, {"A-4", "养犬年检", "甲局", "2024-02-30", "", "甲。"}});
  const auto parsed = Parse({sheet, Sheet{"说明", {{1, {"甲"}}}}});
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->size(), 2u);
  EXPECT_THAT((*parsed)[0].left_out,
              ElementsAre("line 6: row without 事项名称",
                          "line 7: id n.清单.A-2 is already taken by line 5",
                          HasSubstr("line 8: valid_from '2024-02-30' is no date")));
  EXPECT_THAT((*parsed)[0].warnings, ElementsAre("sheet 说明 has no column 事项名称"));
}

TEST(ServiceListTest, WrongListsAreRefused) {
  const auto message = [](const absl::StatusOr<std::vector<ParsedDocument>>& parsed) {
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    return std::string(parsed.status().message());
  };
  EXPECT_THAT(message(Parse({Items()}, "kind = 'guide'")), HasSubstr("needs a collection.toml"));
  EXPECT_THAT(message(Parse({Sheet{"a", {{1, {"甲"}}}}})), HasSubstr("no column 事项名称"));
  EXPECT_THAT(message(Parse({Items()}, "[items]\ntitle = '事项名称'\nid = '代码'")),
              HasSubstr("line 2: no column 代码"));
  EXPECT_THAT(message(Parse({Items()}, kColumns, "title = 'x'")),
              HasSubstr("清单.xlsx.meta.toml: line 1: title is of one document"));
  EXPECT_THAT(message(Parse({})), HasSubstr("no column 事项名称"));
}

}  // namespace
}  // namespace policykb
