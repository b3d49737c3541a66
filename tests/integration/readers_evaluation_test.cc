// What real pages and guides become, where POLICYKB_SHARED names the folder that holds them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/files.h"
#include "core/base/strings.h"
#include "indexer/structure/parse_file.h"
#include "indexer/structure/text_dates.h"

namespace policykb {
namespace {

using std::string_view;

// Empty when the set is not there.
std::string DataSet(string_view name) {
  const char* shared = std::getenv("POLICYKB_SHARED");
  if (shared == nullptr) return "";
  std::string folder = JoinPath(JoinPath(shared, "datasets"), name);
  return PathExists(folder) ? folder : "";
}

// Value of `"key": "value"` in a JSON object without nesting.
std::string JsonString(string_view object, string_view key) {
  const std::string start = Cat("\"", key, "\": \"");
  size_t at = object.find(start);
  if (at == string_view::npos) return "";
  std::string value;
  for (at += start.size(); at < object.size() && object[at] != '"'; ++at) {
    if (object[at] == '\\') ++at;
    value += object[at];
  }
  return value;
}

// The tag that `text` holds, empty when it holds none.
std::string TagIn(string_view text) {
  for (size_t at = text.find('<'); at != string_view::npos; at = text.find('<', at + 1)) {
    const char next = at + 1 < text.size() ? text[at + 1] : ' ';
    if (std::isalpha(static_cast<unsigned char>(next)) != 0 || next == '/' || next == '!')
      return std::string(text.substr(at, 40));
  }
  return "";
}

TEST(EvaluationTest, GovernmentPagesHaveTheMetadataOfTheirIndex) {
  const std::string folder = DataSet("gov-policy-html");
  if (folder.empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with evaluation sets";
  const auto index = ReadFile(JoinPath(folder, "docs_meta.json"));
  ASSERT_TRUE(index.ok()) << index.status();
  size_t pages = 0, equal = 0, equal_titles = 0, equal_numbers = 0, equal_issuers = 0;
  size_t equal_dates = 0;
  for (const string_view object : Split(*index, '}')) {
    const std::string path = JsonString(object, "path");
    if (path.empty()) continue;
    ++pages;
    const auto bytes = ReadFile(JoinPath(folder, path));
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto parsed = ParseFile({.relative_path = path, .bytes = *bytes});
    ASSERT_TRUE(parsed.ok()) << path << ": " << parsed.status();
    const Document& document = parsed->front().document;
    const std::string date = JsonString(object, "written_date");
    const auto written = ConsumeDate(date);
    ASSERT_TRUE(written) << date;
    const bool title = document.title == JsonString(object, "title");
    const bool number = document.document_number == JsonString(object, "wenhao");
    const bool issuer = document.issuer == JsonString(object, "office");
    const bool day = document.promulgated_on == written->date;
    equal_titles += title;
    equal_numbers += number;
    equal_issuers += issuer;
    equal_dates += day;
    equal += title && number && issuer && day;
    if (!(title && number && issuer && day)) std::cout << path << " differs\n";
    for (const Passage& passage : parsed->front().passages) {
      EXPECT_EQ(TagIn(passage.text), "") << passage.name;
    }
  }
  std::cout << "gov-policy-html: " << equal << " of " << pages
            << " pages equal their index; titles " << equal_titles << ", numbers " << equal_numbers
            << ", issuers " << equal_issuers << ", dates " << equal_dates << "\n";
  EXPECT_EQ(pages, 60u);
  EXPECT_GE(equal, 58u);
}

TEST(EvaluationTest, GuidesHoldNoTags) {
  const std::string folder = DataSet("va-guides");
  if (folder.empty()) GTEST_SKIP() << "POLICYKB_SHARED names no folder with evaluation sets";
  const auto files = ListFilesBelow(JoinPath(folder, "docs"));
  ASSERT_TRUE(files.ok()) << files.status();
  size_t read = 0, empty = 0, passages = 0, warnings = 0;
  for (const ListedFile& file : *files) {
    const std::string& path = file.relative_path;
    const auto bytes = ReadFile(JoinPath(JoinPath(folder, "docs"), path));
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    const auto parsed = ParseFile({.relative_path = path, .bytes = *bytes});
    if (!parsed.ok()) {
      // Frames that a program fills in a browser.
      EXPECT_EQ(parsed.status().message(), "no text") << path;
      ++empty;
      continue;
    }
    ++read;
    warnings += parsed->front().warnings.size();
    EXPECT_NE(parsed->front().document.title, "") << path;
    for (const Passage& passage : parsed->front().passages) {
      ++passages;
      EXPECT_EQ(TagIn(passage.text), "") << passage.name;
    }
  }
  std::cout << "va-guides: " << read << " guides, " << empty << " without text, " << passages
            << " passages, " << warnings << " warnings\n";
  EXPECT_EQ(read + empty, 383u);
  EXPECT_GE(read, 249u);
}

}  // namespace
}  // namespace policykb
