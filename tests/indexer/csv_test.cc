#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/strings.h"
#include "indexer/readers/sheet.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Rows as "line: cell|cell".
std::vector<std::string> Rows(const std::string& csv) {
  const auto sheets = ReadCsv(csv);
  EXPECT_TRUE(sheets.ok()) << sheets.status();
  std::vector<std::string> out;
  if (!sheets.ok()) return out;
  EXPECT_EQ(sheets->size(), 1U);
  for (const SheetRow& row : sheets->front().rows) {
    out.push_back(Cat(row.line, ": ", Join(row.cells, "|")));
  }
  return out;
}

TEST(Csv, QuotesOverLinesKeepLineNumbersOfRows) {
  EXPECT_THAT(
      Rows("事项,材料\n登记,\"申请书\n身份证, \"\"原件\"\"\"\n\n变更,无\r\n注销,\"a\"b"),
      ElementsAre("1: 事项|材料", "2: 登记|申请书\n身份证, \"原件\"", "5: 变更|无", "6: 注销|ab"));
}

TEST(Csv, FindsTheDelimiter) {
  EXPECT_THAT(Rows("\xEF\xBB\xBF名称;说明\n登记;先申请,后受理\n"),
              ElementsAre("1: 名称|说明", "2: 登记|先申请,后受理"));
  EXPECT_THAT(Rows("名称\t说明\n登记\t甲,乙;丙\n"),
              ElementsAre("1: 名称|说明", "2: 登记|甲,乙;丙"));
  EXPECT_THAT(Rows("\"甲;乙\",丙\n\"丁;戊\",己\n"), ElementsAre("1: 甲;乙|丙", "2: 丁;戊|己"));
  EXPECT_THAT(Rows("只有一列\n第二行"), ElementsAre("1: 只有一列", "2: 第二行"));
}

TEST(Csv, EmptyCellsStayInsideAndGoAtTheEnd) {
  EXPECT_THAT(Rows("a,,c,,\n,,\n  ,\" b \"\n"), ElementsAre("1: a||c", "3: |b"));
  EXPECT_THAT(Rows(""), IsEmpty());
  EXPECT_THAT(Rows("\n\n,,\n"), IsEmpty());
}

TEST(Csv, ErrorsNameTheLine) {
  EXPECT_EQ(ReadCsv("a,b\nc,\"d\ne").status().message(), "line 2: a quote that never ends");
  EXPECT_THAT(std::string(ReadCsv("a\xFF").status().message()), HasSubstr("not UTF-8 at byte 1"));
  std::string wide = "a,b\n";
  for (int i = 0; i < 10'000; ++i) wide += "x,";
  EXPECT_EQ(ReadCsv(wide).status().message(),
            "line 2: more columns than the limit max_columns of 1000");
}

}  // namespace
}  // namespace policykb
