// One law, and one list of service items, in every format in which data teams have them. The Word
// and PDF files were made by LibreOffice: automatic numbers, a footnote, heads and feet of pages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "indexer/readers/sheet.h"
#include "indexer/structure/parse_file.h"

namespace policykb {
namespace {

using ::testing::ElementsAre;

std::string TestFile(std::string_view name) {
  auto bytes = ReadFile(Cat(POLICYKB_SOURCE_DIR, "/tests/indexer/testdata/", name));
  EXPECT_TRUE(bytes.ok()) << bytes.status();
  return bytes.ok() ? *std::move(bytes) : "";
}

ParsedDocument ParseLaw(std::string_view extension) {
  const std::string name = Cat("reading_room_rules.", extension);
  const std::string bytes = TestFile(name);
  auto parsed = ParseFile({.relative_path = name, .bytes = bytes});
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? std::move(parsed->front()) : ParsedDocument();
}

std::string WithoutSpaces(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n') out += c;
  }
  return out;
}

std::vector<std::string> Tree(const ParsedDocument& parsed) {
  std::vector<std::string> out;
  for (const Provision& provision : parsed.document.provisions) {
    out.push_back(Cat(provision.address, " ", provision.label, " ", provision.heading));
  }
  return out;
}

std::vector<std::string> PassageTexts(const ParsedDocument& parsed) {
  std::vector<std::string> out;
  for (const Passage& passage : parsed.passages) {
    out.push_back(Cat(passage.name, " ", WithoutSpaces(passage.text)));
  }
  return out;
}

// Everything that a reader of an answer would see must not depend on the format.
void ExpectSameLaw(std::string_view extension) {
  const ParsedDocument markdown = ParseLaw("md");
  const ParsedDocument other = ParseLaw(extension);
  EXPECT_EQ(other.document.title, markdown.document.title);
  EXPECT_EQ(other.document.promulgated_on, markdown.document.promulgated_on);
  EXPECT_EQ(other.document.validity, markdown.document.validity);
  EXPECT_EQ(Tree(other), Tree(markdown));
  EXPECT_EQ(PassageTexts(other), PassageTexts(markdown));
}

TEST(FourFormats, TheLawIsWhatTheOthersAreComparedTo) {
  const ParsedDocument markdown = ParseLaw("md");
  EXPECT_EQ(markdown.document.title, "青沙市公共阅览室管理条例");
  EXPECT_EQ(markdown.document.validity.from, CivilDate::FromYmd(2023, 7, 1));
  size_t articles = 0;
  for (const Provision& provision : markdown.document.provisions) {
    if (provision.level == ProvisionLevel::kArticle) ++articles;
  }
  EXPECT_EQ(articles, 29U);  // 28 and one "zhi yi"
}

TEST(FourFormats, WordGivesTheSameLawAsMarkdown) { ExpectSameLaw("docx"); }

TEST(FourFormats, PdfGivesTheSameLawAsMarkdown) { ExpectSameLaw("pdf"); }

TEST(FourFormats, HtmlGivesTheSameLawAsMarkdown) { ExpectSameLaw("html"); }

TEST(FourFormats, CsvAndExcelGiveTheSameRows) {
  const auto csv = ReadCsv(TestFile("service_items.csv"));
  const auto xlsx = ReadXlsx(TestFile("service_items.xlsx"));
  ASSERT_TRUE(csv.ok()) << csv.status();
  ASSERT_TRUE(xlsx.ok()) << xlsx.status();
  ASSERT_EQ(csv->front().rows.size(), 4U);
  ASSERT_EQ(xlsx->front().rows.size(), 4U);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(csv->front().rows[i].cells, xlsx->front().rows[i].cells) << i;
  }
  EXPECT_EQ(xlsx->front().name, "service_items");
  // The first item takes two lines of the CSV file and one row of the sheet.
  EXPECT_EQ(csv->front().rows[2].line, 4U);
  EXPECT_EQ(xlsx->front().rows[2].line, 3U);
  EXPECT_THAT(xlsx->front().rows[3].cells,
              ElementsAre("QS-003", "借阅证补办", "本人有效身份证件", "1", "5.5", "2024-01-15"));
}

TEST(FourFormats, OldWordFilesAreRefusedWithWhatToDo) {
  const auto parsed = ParseFile({.relative_path = "a/b.doc", .bytes = "x"});
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(parsed.status().message(),
            "format 'doc' is not read; open it in Word or LibreOffice and save it as .docx");
}

}  // namespace
}  // namespace policykb
