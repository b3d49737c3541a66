// Rules that every source file keeps, whatever it is about.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "core/base/strings.h"
#include "tests/house/source_file.h"

namespace policykb {
namespace {

using ::testing::IsEmpty;

constexpr int64_t kMaxLines = 500;

// POLICYKB_CORE_BASE_FILES_H_ for core/base/files.h.
std::string GuardOf(const std::string& path) {
  std::string guard = "POLICYKB_";
  for (const char c : path) {
    guard +=
        std::isalnum(static_cast<unsigned char>(c)) != 0 ? static_cast<char>(std::toupper(c)) : '_';
  }
  return guard + "_";
}

TEST(SourceRulesTest, BytesAboveAsciiStandInLiteralsOnly) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    for (const int line : NonAsciiLines(source.text))
      violations.push_back(Cat(source.path, ":", line));
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(SourceRulesTest, NoFileIsLongerThanFiveHundredLines) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    const int64_t lines = std::count(source.text.begin(), source.text.end(), '\n');
    if (lines > kMaxLines) violations.push_back(Cat(source.path, ": ", lines, " lines"));
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(SourceRulesTest, EveryHeaderBeginsWithAComment) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    if (source.is_header() && !source.text.starts_with("// ")) violations.push_back(source.path);
  }
  EXPECT_THAT(violations, IsEmpty());
}

TEST(SourceRulesTest, EveryHeaderHasAGuardNamedAfterItsPath) {
  std::vector<std::string> violations;
  for (const SourceFile& source : ReadSources()) {
    if (!source.is_header()) continue;
    const std::string guard = GuardOf(source.path);
    const bool opened =
        source.text.find(Cat("\n#ifndef ", guard, "\n#define ", guard, "\n")) != std::string::npos;
    if (!opened || !source.text.ends_with(Cat("\n#endif  // ", guard, "\n"))) {
      violations.push_back(Cat(source.path, ": ", guard));
    }
  }
  EXPECT_THAT(violations, IsEmpty());
}

}  // namespace
}  // namespace policykb
