// ReadPdf with programs of the test's own in the place of poppler's and tesseract.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "indexer/readers/reader.h"
#include "tests/base/temp_folder.h"

namespace policykb {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kPdf = "%PDF-1.7\nsome bytes";

class Pdf : public testing::Test {
 protected:
  // Path of a shell program.
  std::string Program(const std::string& name, const std::string& script) {
    std::string path = folder_ / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  PdfOptions With(const std::string& script) {
    PdfOptions options;
    options.pdftotext = Program("pdftotext", script);
    return options;
  }
  static std::string Error(const PdfOptions& options) {
    return std::string(ReadPdf(kPdf, options).status().message());
  }

  TempFolder folder_;
};

TEST_F(Pdf, GivesTheFileToTheProgramAndReadsItsPages) {
  const auto read = ReadPdf(kPdf, With("test \"$(cat | head -c 8)\" = %PDF-1.7 && printf '"
                                       "    第一条 甲乙丙丁。\\f    第二条 戊己庚辛。\\f'"));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->text, "第一条 甲乙丙丁。\n第二条 戊己庚辛。");
  ASSERT_EQ(read->blocks.size(), 2U);
  EXPECT_EQ(read->blocks[1].line, 2U);  // the page
}

TEST_F(Pdf, AProgramThatHangsIsEnded) {
  PdfOptions options = With("sleep 100");
  options.timeout = absl::Milliseconds(200);
  EXPECT_THAT(Error(options), HasSubstr("pdftotext: ran longer than 200ms"));
}

TEST_F(Pdf, AProgramThatWritesTooMuchIsEnded) {
  PdfOptions options = With("yes 第一条");
  options.output_bytes = 100'000;
  EXPECT_THAT(Error(options), HasSubstr("wrote more than 100000 bytes of output"));
}

TEST_F(Pdf, AProgramThatTakesMuchMemoryGetsNone) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer's own memory is above any limit";
#endif
  // 200 MB in a shell variable, 64 MB allowed.
  PdfOptions options =
      With("x=$(head -c 200000000 /dev/zero | tr '\\0' x) && echo \"第一条${#x}\"");
  options.memory_bytes = uint64_t{64} << 20;
  EXPECT_FALSE(ReadPdf(kPdf, options).ok());
}

TEST_F(Pdf, FailuresAreNamed) {
  EXPECT_EQ(ReadPdf("no pdf").status().message(), "no PDF file: it does not begin with %PDF-");
  EXPECT_EQ(Error(With("echo 'Command Line Error: Incorrect password' >&2; exit 1")),
            "PDF file needs a password; save it without one");
  EXPECT_THAT(Error(With("echo 'Syntax Error: no pages' >&2; exit 1")),
              HasSubstr("pdftotext: exit code 1: Syntax Error: no pages"));
  PdfOptions missing;
  missing.pdftotext = "/nowhere/pdftotext";
  EXPECT_EQ(Error(missing),
            "/nowhere/pdftotext: not installed, needed is the Debian package poppler-utils");
}

TEST_F(Pdf, AFileWithoutTextIsNamedScanned) {
  EXPECT_EQ(
      Error(With("printf '3\\f\\f\\f'")),
      "scanned PDF file: 1 characters of text on 3 pages; its text has to be recognised (OCR) "
      "first, or here: scanned = \"recognise\" in collection.toml");
  EXPECT_THAT(Error(With("printf '\\356\\200\\201\\356\\200\\201\\356\\200\\201\\356\\200\\201"
                         "\\356\\200\\201\\356\\200\\201\\356\\200\\201\\356\\200\\201\\f'")),
              HasSubstr("8 of 8 characters are unknown"));
}

TEST_F(Pdf, ScannedPagesAreRecognisedOneByOneWhenAskedFor) {
  PdfOptions options = With("printf '\\f\\f'");
  options.scanned = PdfOptions::Scanned::kRecognise;
  options.pdftoppm = Program("pdftoppm", "echo \"乙 $2。\"");
  options.tesseract = Program("tesseract", "printf '第 一 条 甲 '; cat; printf '\\f'");
  const auto read = ReadPdf(kPdf, options);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->text, "第一条甲乙1。\n第一条甲乙2。");

  options.recognised_pages = 1;
  EXPECT_EQ(Error(options), "scanned PDF file of 2 pages: above the limit recognised_pages of 1");

  options.recognised_pages = 2;
  options.tesseract = "/nowhere/tesseract";
  EXPECT_EQ(Error(options),
            "page 1: /nowhere/tesseract: not installed, needed is the Debian package tesseract-ocr "
            "with tesseract-ocr-chi-sim");
  options.tesseract =
      Program("tesseract", "echo \"Tesseract couldn't load any languages!\" >&2; exit 1");
  EXPECT_THAT(Error(options), HasSubstr("needed is the Debian package tesseract-ocr-chi-sim"));
}

}  // namespace
}  // namespace policykb
