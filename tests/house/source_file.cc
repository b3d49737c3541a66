#include "tests/house/source_file.h"

#include <gtest/gtest.h>

#include <cctype>

#include "core/base/files.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

constexpr const char* kRoots[] = {"core", "indexer", "retriever", "generator", "tools", "tests"};

// Position behind the literal that opens at `open` with the quote text[open]; a line end closes a
// broken one.
size_t EndOfPlainLiteral(std::string_view text, size_t open) {
  for (size_t at = open + 1; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == text[open]) {
      return at + 1;
    } else if (text[at] == '\n') {
      return at;
    }
  }
  return text.size();
}

// The same for R"delimiter(...)delimiter" whose quote is at `open`.
size_t EndOfRawLiteral(std::string_view text, size_t open) {
  const size_t parenthesis = text.find('(', open);
  if (parenthesis == std::string_view::npos) return text.size();
  const std::string closing = Cat(")", text.substr(open + 1, parenthesis - open - 1), "\"");
  const size_t end = text.find(closing, parenthesis);
  return end == std::string_view::npos ? text.size() : end + closing.size();
}

// Position behind the comment that begins at `at`.
size_t EndOfComment(std::string_view text, size_t at) {
  const bool line_comment = text[at + 1] == '/';
  const size_t end = line_comment ? text.find('\n', at) : text.find("*/", at + 2);
  if (end == std::string_view::npos) return text.size();
  return line_comment ? end : end + 2;
}

bool IsWordByte(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

std::vector<SourceFile> ReadSources() {
  std::vector<SourceFile> sources;
  for (const char* root : kRoots) {
    const std::string folder = JoinPath(POLICYKB_SOURCE_DIR, root);
    const auto files = ListFilesBelow(folder);
    EXPECT_TRUE(files.ok()) << files.status();
    if (!files.ok()) continue;
    for (const ListedFile& file : *files) {
      if (!file.relative_path.ends_with(".h") && !file.relative_path.ends_with(".cc")) continue;
      auto text = ReadFile(JoinPath(folder, file.relative_path));
      EXPECT_TRUE(text.ok()) << text.status();
      if (text.ok())
        sources.push_back({.path = Cat(root, "/", file.relative_path), .text = *std::move(text)});
    }
  }
  return sources;
}

std::vector<Include> Includes(std::string_view text) {
  std::vector<Include> includes;
  int number = 0;
  for (std::string_view line : Split(text, '\n')) {
    ++number;
    line = StripAsciiSpace(line);
    if (!line.starts_with("#")) continue;
    line = StripAsciiSpace(line.substr(1));
    if (!line.starts_with("include")) continue;
    line = StripAsciiSpace(line.substr(7));
    if (line.empty() || (line[0] != '"' && line[0] != '<')) continue;
    const bool angle = line[0] == '<';
    const size_t end = line.find(angle ? '>' : '"', 1);
    if (end == std::string_view::npos) continue;
    includes.push_back(
        {.line = number, .angle = angle, .target = std::string(line.substr(1, end - 1))});
  }
  return includes;
}

std::string WithoutLiterals(std::string_view text) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    const char before = at > 0 ? text[at - 1] : '\n';
    size_t end = at + 1;
    bool literal = false;
    if (c == '/' && at + 1 < text.size() && (text[at + 1] == '/' || text[at + 1] == '*')) {
      end = EndOfComment(text, at);
    } else if (c == '"') {
      literal = true;
      end = before == 'R' ? EndOfRawLiteral(text, at) : EndOfPlainLiteral(text, at);
    } else if (c == '\'' &&
               (!IsWordByte(before) || before == 'U' || before == 'u' || before == 'L')) {
      // Behind any other word byte it separates digits.
      literal = true;
      end = EndOfPlainLiteral(text, at);
    }
    for (; at < end; ++at) out.push_back(literal && text[at] != '\n' ? ' ' : text[at]);
  }
  return out;
}

std::vector<int> NonAsciiLines(std::string_view text) {
  std::vector<int> lines;
  const std::string bare = WithoutLiterals(text);
  int number = 0;
  for (const std::string_view line : Split(bare, '\n')) {
    ++number;
    for (const char c : line) {
      if (static_cast<unsigned char>(c) > 127) {
        lines.push_back(number);
        break;
      }
    }
  }
  return lines;
}

bool IsIn(std::string_view path, std::string_view place) {
  return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

}  // namespace policykb
