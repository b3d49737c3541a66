#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/strings.h"
#include "indexer/readers/sheet.h"
#include "indexer/readers/xlsx_formats.h"
#include "tests/testing/zip_writer.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kSheet =
    " xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

struct Parts {
  std::string rows = {};     // inside x:sheetData
  std::string behind = {};   // behind it
  std::string strings = {};  // inside x:sst
  std::string styles = {};   // inside x:styleSheet
  std::string properties = "<workbookPr/>";
  std::string sheets = "<sheet name=\"事项\" sheetId=\"1\" r:id=\"s1\"/>";
};

std::string MakeXlsx(const Parts& parts) {
  const auto relationships = [](std::string_view inside) {
    return Cat(
        "<Relationships "
        "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
        inside, "</Relationships>");
  };
  const auto related = [](std::string_view id, std::string_view type, std::string_view target) {
    return Cat("<Relationship Id=\"", id, "\" Type=\"http://x/", type, "\" Target=\"", target,
               "\"/>");
  };
  return MakeZip(
      {{.name = "_rels/.rels",
        .content = relationships(related("a", "officeDocument", "xl/w.xml"))},
       {.name = "xl/_rels/w.xml.rels",
        .content = relationships(related("s1", "worksheet", "sheets/1.xml") +
                                 related("s2", "worksheet", "../xl/sheets/2.xml") +
                                 related("b", "sharedStrings", "strings.xml") +
                                 related("c", "styles", "/xl/styles.xml"))},
       {.name = "xl/w.xml",
        .content = Cat("<workbook", kSheet, ">", parts.properties, "<sheets>", parts.sheets,
                       "</sheets></workbook>")},
       {.name = "xl/strings.xml", .content = Cat("<sst", kSheet, ">", parts.strings, "</sst>")},
       {.name = "xl/styles.xml",
        .content = Cat("<styleSheet", kSheet, ">", parts.styles, "</styleSheet>")},
       {.name = "xl/sheets/1.xml",
        .content = Cat("<worksheet", kSheet, "><sheetData>", parts.rows, "</sheetData>",
                       parts.behind, "</worksheet>")},
       {.name = "xl/sheets/2.xml",
        .content = Cat("<worksheet", kSheet,
                       "><sheetData><row><c t=\"str\"><v>第二张</v></c></row></sheetData>"
                       "</worksheet>")}});
}

// "sheet row: cell|cell".
std::vector<std::string> Rows(const Parts& parts) {
  const auto sheets = ReadXlsx(MakeXlsx(parts));
  EXPECT_TRUE(sheets.ok()) << sheets.status();
  std::vector<std::string> out;
  if (!sheets.ok()) return out;
  for (const Sheet& sheet : *sheets) {
    for (const SheetRow& row : sheet.rows) {
      out.push_back(Cat(sheet.name, " ", row.line, ": ", Join(row.cells, "|")));
    }
  }
  return out;
}

TEST(Xlsx, CellsOfEveryType) {
  EXPECT_THAT(
      Rows({.rows = "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"C2\" t=\"inlineStr\"><is>"
                    "<t>内联</t></is></c><c t=\"b\"><v>1</v></c></row>"
                    "<row><c><f>SUM(A1)</f><v>0.30000000000000004</v></c><c t=\"str\"><f>A2</f>"
                    "<v> 公式 </v></c><c t=\"e\"><v>#N/A</v></c><c><v>20</v></c></row>"
                    "<row r=\"9\"><c r=\"A9\"/><c r=\"B9\" t=\"s\"><v>99</v></c></row>",
            .strings = "<si><t>零</t></si><si><r><t>富</t></r><r><rPr><b/></rPr><t>文本</t></r>"
                       "<rPh><t>fu</t></rPh></si>"}),
      ElementsAre("事项 2: 富文本||内联|TRUE", "事项 3: 0.3|公式|#N/A|20"));
}

TEST(Xlsx, ACellOutsideOfEveryRowIsInTheFirstOne) {
  EXPECT_THAT(Rows({.rows = "<c r=\"A1\"><v>7</v></c><row r=\"4\"><c><v>8</v></c></row>"}),
              ElementsAre("事项 1: 7", "事项 4: 8"));
}

TEST(Xlsx, DatesAndPercentagesByTheirFormats) {
  // 45292 days after 1899-12-30 is 2024-01-01; half a day is noon.
  const std::string styles =
      "<numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
      "</numFmts><cellStyleXfs><xf numFmtId=\"22\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>"
      "<xf numFmtId=\"14\"/><xf numFmtId=\"176\"/><xf numFmtId=\"22\"/><xf "
      "numFmtId=\"9\"/></cellXfs>";
  const std::string rows =
      "<row r=\"1\"><c s=\"0\"><v>45292</v></c><c s=\"1\"><v>45292</v></c><c s=\"2\"><v>45292</v>"
      "</c><c s=\"3\"><v>45292.5</v></c><c s=\"4\"><v>0.07</v></c></row>";
  EXPECT_THAT(Rows({.rows = rows, .styles = styles}),
              ElementsAre("事项 1: 45292|2024-01-01|2024-01-01|2024-01-01 12:00|7%"));
  // The same day is 1,462 days less where counting begins in 1904.
  EXPECT_THAT(Rows({.rows = "<row r=\"1\"><c s=\"1\"><v>43830</v></c></row>",
                    .styles = styles,
                    .properties = "<workbookPr date1904=\"1\"/>"}),
              ElementsAre("事项 1: 2024-01-01"));
}

TEST(Xlsx, FormatCodes) {
  EXPECT_EQ(ReadFormatCode("General"), NumberFormat::kGeneral);
  EXPECT_EQ(ReadFormatCode("#,##0.00\"d\""), NumberFormat::kGeneral);
  EXPECT_EQ(ReadFormatCode("[Red]0.0%"), NumberFormat::kPercent);
  EXPECT_EQ(ReadFormatCode("[$-804]m\"月\"d\"日\";@"), NumberFormat::kDate);
  EXPECT_EQ(ReadFormatCode("[h]:mm"), NumberFormat::kTime);
  EXPECT_EQ(ReadFormatCode("yyyy/m/d h:mm AM/PM"), NumberFormat::kDateTime);
}

TEST(Xlsx, NumbersAsTheyAreShown) {
  const auto show = [](std::string_view value, NumberFormat format) {
    return ShowNumber(value, format, DateSystem::k1900);
  };
  EXPECT_EQ(show("1", NumberFormat::kDate), "1900-01-01");
  EXPECT_EQ(show("59", NumberFormat::kDate), "1900-02-28");
  EXPECT_EQ(show("60", NumberFormat::kDate), "60");  // 29 February 1900, which was none
  EXPECT_EQ(show("61", NumberFormat::kDate), "1900-03-01");
  EXPECT_EQ(show("2958465", NumberFormat::kDate), "9999-12-31");
  EXPECT_EQ(show("2958466", NumberFormat::kDate), "2958466");
  EXPECT_EQ(show("-1", NumberFormat::kDate), "-1");
  EXPECT_EQ(show("0.75", NumberFormat::kTime), "18:00");
  EXPECT_EQ(show("123456789012", NumberFormat::kGeneral), "123456789012");
  EXPECT_EQ(show("2.9999999999999998E-2", NumberFormat::kPercent), "3%");
  EXPECT_EQ(show("NaN", NumberFormat::kGeneral), "NaN");
  EXPECT_EQ(show("12 kg", NumberFormat::kDate), "12 kg");
}

TEST(Xlsx, MergedCellsAreFilledWhereTheSheetIsUsed) {
  const auto cell = [](std::string_view place, std::string_view text) {
    return Cat("<c r=\"", place, "\" t=\"str\"><v>", text, "</v></c>");
  };
  EXPECT_THAT(Rows({.rows = Cat("<row r=\"1\">", cell("A1", "清单"), "</row><row r=\"2\">",
                                cell("A2", "登记"), cell("B2", "设立"), "</row><row r=\"3\">",
                                cell("B3", "变更"), "</row>"),
                    .behind = "<mergeCells><mergeCell ref=\"A1:XFD1\"/><mergeCell ref=\"A2:A9\"/>"
                              "<mergeCell ref=\"nonsense\"/></mergeCells>"}),
              ElementsAre("事项 1: 清单|清单", "事项 2: 登记|设立", "事项 3: 登记|变更"));
}

TEST(Xlsx, HiddenSheetsAreLeftOut) {
  EXPECT_THAT(
      Rows({.rows = "<row><c t=\"str\"><v>第一张</v></c></row>",
            .sheets = "<sheet name=\"底稿\" r:id=\"s1\" state=\"hidden\"/>"
                      "<sheet name=\"公开\" r:id=\"s2\"/><sheet name=\"图\" r:id=\"none\"/>"}),
      ElementsAre("公开 1: 第二张"));
}

TEST(Xlsx, TenThousandColumnsAreRefusedWithTheLimit) {
  std::string row = "<row r=\"3\">";
  for (int i = 0; i < 10'000; ++i) row += "<c><v>1</v></c>";
  EXPECT_EQ(ReadXlsx(MakeXlsx({.rows = row + "</row>"})).status().message(),
            "sheet 事项 row 3: more columns than the limit max_columns of 1000");
}

TEST(Xlsx, RepeatedTextIsLimitedBeforeItIsCopied) {
  // 1 MiB shared by 200 cells is above 128 MiB.
  const std::string strings = Cat("<si><t>", std::string(1 << 20, 'x'), "</t></si>");
  std::string rows;
  for (int i = 0; i < 200; ++i) rows += "<row><c t=\"s\"><v>0</v></c></row>";
  EXPECT_THAT(
      std::string(ReadXlsx(MakeXlsx({.rows = rows, .strings = strings})).status().message()),
      HasSubstr("more text than the limit max_text_bytes of 134217728"));
}

TEST(Xlsx, SparseRowsAreLimitedBeforeTheyAreMade) {
  std::string rows;
  for (int i = 1; i <= 4'100; ++i) {
    rows += Cat("<row r=\"", i, "\"><c r=\"ALL", i, "\"><v>1</v></c></row>");  // column 1,000
  }
  EXPECT_EQ(ReadXlsx(MakeXlsx({.rows = rows})).status().message(),
            "sheet 事项 row 4001: more cells than the limit max_cells of 4000000");
}

}  // namespace
}  // namespace policykb
