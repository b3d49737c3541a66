// SourceFile: one C++ file of this project and what can be seen in it without compiling.
//
// For the tests of house rules. Not a preprocessor: conditions and macros are not followed. Plain
// functions, any thread.

#ifndef POLICYKB_TESTS_HOUSE_SOURCE_FILE_H_
#define POLICYKB_TESTS_HOUSE_SOURCE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

namespace policykb {

struct SourceFile {
  std::string path;  // relative to the project, with '/'
  std::string text;

  bool is_header() const { return path.ends_with(".h"); }
};

// All .h and .cc files of core, indexer, retriever, generator, tools and tests, sorted by folder
// and path.
std::vector<SourceFile> ReadSources();

struct Include {
  int line = 0;        // from 1
  bool angle = false;  // <...> instead of "..."
  std::string target;
};

// The #include lines of `text`, in order.
std::vector<Include> Includes(std::string_view text);

// `text` with the inside of its string and character literals blanked out; line ends stay.
std::string WithoutLiterals(std::string_view text);

// Lines, from 1, that hold bytes above 127 outside string and character literals.
std::vector<int> NonAsciiLines(std::string_view text);

// True when `path` is `place` or lies below it.
bool IsIn(std::string_view path, std::string_view place);

}  // namespace policykb

#endif  // POLICYKB_TESTS_HOUSE_SOURCE_FILE_H_
