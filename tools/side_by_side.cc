#include "tools/side_by_side.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "core/base/strings.h"
#include "core/text/utf8.h"

namespace policykb {

namespace {

constexpr std::string_view kBetween = " | ";

struct CodeRange {
  char32_t first;
  char32_t last;
};

// Unicode 15 EastAsianWidth.txt, W and F, in blocks.
constexpr CodeRange kWide[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},  {0x4E00, 0xA4CF},
    {0xA960, 0xA97C}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},  {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
constexpr CodeRange kCombining[] = {
    {0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};

template <size_t N>
bool IsAmong(const CodeRange (&ranges)[N], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges), [code](const CodeRange& range) {
    return range.first <= code && code <= range.last;
  });
}

size_t WidthOf(char32_t code) {
  if (IsAmong(kCombining, code)) return 0;
  return IsAmong(kWide, code) ? 2 : 1;
}

// Rows of at most `columns` cells.
std::vector<std::string> Wrap(std::string_view text, size_t columns) {
  std::vector<std::string> rows;
  for (const std::string_view line : Split(text, '\n')) {
    rows.emplace_back();
    size_t cells = 0;
    for (size_t at = 0; at < line.size();) {
      const DecodedChar character = DecodeChar(line, at);
      const size_t width = WidthOf(character.code);
      if (cells + width > columns) {
        rows.emplace_back();
        cells = 0;
      }
      // A tab would take cells of its own.
      rows.back() += character.code < ' ' ? " " : line.substr(at, character.size);
      cells += width;
      at += character.size;
    }
  }
  return rows;
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  size_t cells = 0;
  for (size_t at = 0; at < text.size();) {
    const DecodedChar character = DecodeChar(text, at);
    cells += WidthOf(character.code);
    at += character.size;
  }
  return cells;
}

std::string SideBySide(std::string_view left, std::string_view right, size_t columns) {
  const size_t half = (std::max(columns, kLeastColumns) - kBetween.size()) / 2;
  const std::vector<std::string> left_rows = Wrap(left, half);
  const std::vector<std::string> right_rows = Wrap(right, half);
  std::string out;
  for (size_t i = 0; i < std::max(left_rows.size(), right_rows.size()); ++i) {
    const std::string_view left_row = i < left_rows.size() ? left_rows[i] : std::string_view();
    const std::string_view right_row = i < right_rows.size() ? right_rows[i] : std::string_view();
    out += Cat(left_row, std::string(half - DisplayWidth(left_row), ' '), kBetween, right_row);
    out.resize(out.find_last_not_of(' ') + 1);
    out += "\n";
  }
  return out;
}

}  // namespace policykb
