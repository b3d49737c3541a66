#include "core/toml/toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TomlTable Parse(const std::string& text) {
  auto table = ParseToml(text);
  EXPECT_TRUE(table.ok()) << table.status();
  return table.ok() ? *std::move(table) : TomlTable();
}

std::string Error(const std::string& text) {
  const auto table = ParseToml(text);
  EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument) << text;
  return std::string(table.status().message());
}

TEST(Toml, ValuesOfEveryKindInOrderWithTheirLines) {
  const TomlTable table = Parse(
      "title = '养犬办法'\nnumber = 42\nratio = 0.5\nopen = true\n\nday = 2024-02-29\n"
      "when = 2024-02-29T10:00:00Z\nnames = [\n  'a',\n  'b',\n]\n[items]\nid = 'x'\n");
  ASSERT_EQ(table.entries.size(), 8u);
  EXPECT_EQ(table.entries[0].key, "title");
  EXPECT_EQ(table.entries[0].value.string, "养犬办法");
  EXPECT_EQ(table.Find("number")->value.integer, 42);
  EXPECT_EQ(table.Find("ratio")->value.number, 0.5);
  EXPECT_TRUE(table.Find("open")->value.boolean);
  EXPECT_EQ(table.Find("day")->value.date.ToString(), "2024-02-29");
  EXPECT_EQ(table.Find("day")->line, 6u);
  EXPECT_EQ(table.Find("when")->value.kind, TomlValue::Kind::kTime);
  ASSERT_EQ(table.Find("names")->value.array.size(), 2u);
  EXPECT_EQ(table.Find("names")->value.array[1].string, "b");
  EXPECT_EQ(table.Find("names")->value.array[1].line, 10u);
  EXPECT_EQ(table.entries[7].key, "items");
  EXPECT_EQ(table.entries[7].value.table.Find("id")->line, 13u);
  EXPECT_EQ(table.Find("absent"), nullptr);
}

TEST(Toml, SignsAfterAnEscapedLineEndStay) {
  EXPECT_EQ(Parse("a = \"\"\"甲\\\n  《乙》\"\"\"").Find("a")->value.string, "甲《乙》");
}

TEST(Toml, TablesInAnArray) {
  const TomlTable table = Parse("[[provision]]\naddress = 'art1'\n[[provision]]\naddress = 'art2'");
  const TomlValue& provisions = table.Find("provision")->value;
  ASSERT_EQ(provisions.kind, TomlValue::Kind::kArray);
  ASSERT_EQ(provisions.array.size(), 2u);
  EXPECT_EQ(provisions.array[1].kind, TomlValue::Kind::kTable);
  EXPECT_EQ(provisions.array[1].table.Find("address")->value.string, "art2");
  EXPECT_EQ(provisions.array[1].table.Find("address")->line, 4u);
}

TEST(Toml, ErrorsNameTheLine) {
  EXPECT_THAT(Error("a = 1\na = 2\n"), StartsWith("line 2: "));
  EXPECT_THAT(Error("a = 1\n\nb = 2023-02-29\n"), StartsWith("line 3: "));
  EXPECT_THAT(Error("a = 'x\n"), StartsWith("line 1: "));
  EXPECT_THAT(Error("[a\n"), StartsWith("line 1: "));
  // What is no key behind a bracket, words that are not ASCII among it.
  for (const std::string text : {"[甲]", "[[甲]]", "[\n", "[=]", "[\v", "[["})
    EXPECT_THAT(Error("a = 1\n" + text), StartsWith("line 2: ")) << text;
  // Full-width signs, where ASCII is meant.
  EXPECT_THAT(Error("a = 1\nkind＝'law'\n"), HasSubstr("line 2: "));
  EXPECT_THAT(Error("a = 1\nkind = 'law'。\n"), HasSubstr("saw '。'"));
  EXPECT_THAT(Error("a = 1\né = 1\n"), HasSubstr("line 2: "));
  EXPECT_THAT(Error("a = \"\xFF\"\n"), StartsWith("line 1: "));
}

TEST(Toml, DepthAndSizeAreBounded) {
  std::string deep = "a = ";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  EXPECT_THAT(Error(deep), HasSubstr("line 1: nested deeper than 16 levels"));
  std::string dotted = "b = 1\na";
  for (int i = 0; i < 100'000; ++i) dotted += ".a";
  EXPECT_THAT(Error(dotted + " = 1"), HasSubstr("line 2: nested deeper than 16 levels"));
  EXPECT_THAT(Error(std::string((1 << 20) + 1, '\n')), HasSubstr("at most 1048576"));
  // Dots and brackets of prose are no levels.
  EXPECT_EQ(Parse("a = '....................................[[[[[[[[[[[[[[[[[['").entries.size(),
            1u);
  EXPECT_THAT(Error("a = [\"\"\"x\"\"\"\", " + std::string(100, '[')), HasSubstr("nested deeper"));
  EXPECT_THAT(Error("a = \"\"\"\\\nx\"\"\"\nb = " + std::string(100, '[')),
              HasSubstr("line 3: nested deeper"));
  EXPECT_EQ(Parse("a = \"\"\"\n" + std::string(100, '[') + "\"\"\" # " + std::string(50, '['))
                .entries.size(),
            1u);
}

TEST(Toml, TruncatedFilesAreRefusedOrReadNeverMore) {
  const std::string whole = "a = [1, 2]\n[t]\nb = {c = 'd', e = 2024-01-01}\n";
  for (size_t size = 0; size <= whole.size(); ++size) {
    const auto table = ParseToml(whole.substr(0, size));
    EXPECT_TRUE(!table.ok() || table->entries.size() <= 2) << size;
  }
}

}  // namespace
}  // namespace policykb
