#include "tests/house/source_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace policykb {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SourceFileTest, TheProjectIsFound) {
  const std::vector<SourceFile> sources = ReadSources();
  bool found_header = false;
  bool found_this = false;
  for (const SourceFile& source : sources) {
    found_header |= source.path == "core/base/files.h" && source.is_header();
    found_this |= source.path == "tests/house/source_file_test.cc" && !source.is_header();
  }
  EXPECT_TRUE(found_header);
  EXPECT_TRUE(found_this);
}

TEST(SourceFileTest, IncludesAreSeenInBothForms) {
  const std::vector<Include> includes = Includes(
      "// #include \"not/this.h\"\n"
      "#include <vector>\n"
      "#  include \"core/base/files.h\"  // why\n"
      "#include MACRO\n"
      "#define X\n");
  ASSERT_EQ(includes.size(), 2u);
  EXPECT_EQ(includes[0].line, 2);
  EXPECT_TRUE(includes[0].angle);
  EXPECT_EQ(includes[0].target, "vector");
  EXPECT_EQ(includes[1].line, 3);
  EXPECT_FALSE(includes[1].angle);
  EXPECT_EQ(includes[1].target, "core/base/files.h");
}

TEST(SourceFileTest, NonAsciiInLiteralsIsFine) {
  EXPECT_THAT(NonAsciiLines("f(\"第一条\");\n"), IsEmpty());
  EXPECT_THAT(NonAsciiLines("f(u8\"\\\"第\");\n"), IsEmpty());
  EXPECT_THAT(NonAsciiLines("f(R\"x(第 \" )\" // 条\n)x\");\n"), IsEmpty());
  EXPECT_THAT(NonAsciiLines("f(U'第');\n"), IsEmpty());
}

TEST(SourceFileTest, NonAsciiInCommentsAndCodeIsFound) {
  EXPECT_THAT(NonAsciiLines("// a\n// 第\n"), ElementsAre(2));
  EXPECT_THAT(NonAsciiLines("/* \"a\n 第 */ f(\"第\");\n"), ElementsAre(2));
  EXPECT_THAT(NonAsciiLines("int 第;\n"), ElementsAre(1));
  EXPECT_THAT(NonAsciiLines("f(\"a\"); // 第\n"), ElementsAre(1));
  // Neither an apostrophe in a comment nor one between digits opens a literal.
  EXPECT_THAT(NonAsciiLines("// it's 第\n"), ElementsAre(1));
  EXPECT_THAT(NonAsciiLines("x = 1'000; // 第'\n"), ElementsAre(1));
  EXPECT_THAT(NonAsciiLines("c = '\"'; // 第\n"), ElementsAre(1));
}

TEST(SourceFileTest, APlaceHoldsItselfAndWhatIsBelow) {
  EXPECT_TRUE(IsIn("core/base/files.h", "core/base"));
  EXPECT_TRUE(IsIn("core/base/files.h", "core/base/files.h"));
  EXPECT_FALSE(IsIn("core/basement/x.h", "core/base"));
  EXPECT_FALSE(IsIn("core", "core/base"));
}

}  // namespace
}  // namespace policykb
