// Two texts in two columns of a terminal, where Han characters take two cells.
//
// Pure functions, any thread.

#ifndef POLICYKB_TOOLS_SIDE_BY_SIDE_H_
#define POLICYKB_TOOLS_SIDE_BY_SIDE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace policykb {

inline constexpr size_t kLeastColumns = 20;

// Cells that well-formed `text` takes: 2 for wide characters (Unicode East_Asian_Width W and F), 0
// for combining ones, 1 for others.
size_t DisplayWidth(std::string_view text);

// Rows "left | right" of at most `columns` cells, each with a line end; texts are broken between
// characters and at their line ends, rows not indented. Fewer than kLeastColumns count as that.
std::string SideBySide(std::string_view left, std::string_view right, size_t columns);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_SIDE_BY_SIDE_H_
