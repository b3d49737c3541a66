#include "core/toml/table_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TomlTable Parse(const std::string& text) { return *ParseToml(text); }

TEST(TomlTableReader, SaysWhichKeyNobodyAskedFor) {
  const TomlTable table = Parse("name = 'x'\nnmae = 'y'\n");
  TomlTableReader reader(table, 1, "gate", "gate.toml");
  EXPECT_EQ(*reader.RequiredString("name"), "x");
  EXPECT_EQ(reader.NoOtherKeys().message(),
            "gate.toml:2: gate: expected one of the keys name, not nmae");
}

TEST(TomlTableReader, KnowsAKeyThatWasAskedForInVain) {
  const TomlTable table = Parse("b = 'x'\n");
  TomlTableReader reader(table, 1, "file", "f.toml");
  EXPECT_EQ(*reader.String("a"), "");
  EXPECT_EQ(*reader.String("b"), "x");
  EXPECT_TRUE(reader.NoOtherKeys().ok());
}

TEST(TomlTableReader, NamesTheLineOfAMissingKeysTable) {
  const TomlTable table = Parse("a = 1\n");
  TomlTableReader reader(table, 7, "pair 2", "f.toml");
  EXPECT_EQ(reader.RequiredString("query").status().message(),
            "f.toml:7: pair 2: expected the key query");
}

TEST(TomlTableReader, ReadsListsOfStringsOnly) {
  const TomlTable table =
      Parse("good = ['a', 'b']\nnone = []\nbad = ['a', 1]\nblank = [' ']\nno = 'a'\n");
  TomlTableReader reader(table, 1, "file", "f.toml");
  EXPECT_THAT(*reader.Strings("good"), ElementsAre("a", "b"));
  EXPECT_THAT(*reader.Strings("none"), IsEmpty());
  EXPECT_THAT(*reader.Strings("absent"), IsEmpty());
  EXPECT_THAT(reader.Strings("bad").status().message(), HasSubstr("f.toml:3:"));
  EXPECT_THAT(reader.Strings("blank").status().message(), HasSubstr("f.toml:4:"));
  EXPECT_THAT(reader.Strings("no").status().message(), HasSubstr("a list of strings"));
}

TEST(TomlTableReader, TakesNumbersWithinTheirRangeOnly) {
  const TomlTable table =
      Parse("whole = 3\npart = 0.25\nless = -1\nmore = 4\nnone = nan\nword = '3'\n");
  TomlTableReader reader(table, 1, "file", "f.toml");
  EXPECT_EQ(*reader.Number(*reader.Find("whole"), 3), 3.0);
  EXPECT_EQ(*reader.Number(*reader.Find("part"), 3), 0.25);
  for (const char* key : {"less", "more", "none", "word"}) {
    EXPECT_THAT(reader.Number(*reader.Find(key), 3).status().message(),
                HasSubstr("to be a number from 0 to 3"))
        << key;
  }
}

TEST(TomlTableReader, CountsTablesOfAnArray) {
  const TomlTable table = Parse("[[rule]]\nname = 'a'\n[[rule]]\nname = 'b'\n[other]\n");
  TomlTableReader reader(table, 1, "file", "f.toml");
  auto tables = reader.Tables("rule");
  ASSERT_TRUE(tables.ok()) << tables.status();
  ASSERT_EQ(tables->size(), 2u);
  EXPECT_EQ((*tables)[1].Wrong(3, "x").message(), "f.toml:3: rule 2: expected x");
  EXPECT_THAT(reader.Tables("other").status().message(), HasSubstr("expected [[other]]"));
}

}  // namespace
}  // namespace policykb
