// HtmlToMarks: takes HTML tags and comments out of Markdown and leaves marks for what they said
// about structure.
//
// Marks are control characters, which cleaned text cannot hold otherwise. Words inside elements
// stay, except in script, style, nav and svg. Linear: no scan for the end of a tag crosses another
// "<". Pure functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_HTML_TAGS_H_
#define POLICYKB_INDEXER_READERS_HTML_TAGS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

inline constexpr char kCellMark = '\x02';       // between the cells of a row
inline constexpr char kRowMark = '\x03';        // before a table row, which is one line
inline constexpr char kHeaderRowMark = '\x04';  // before a row that names columns
inline constexpr char kHeadingMark =
    '\x05';  // before a heading, which is one line; its level as a digit follows
inline constexpr char kBreakMark = '\x06';      // before a line end that the author made
inline constexpr char kHeaderEndMark = '\x07';  // alone on a line: the comment INFO END

struct MarkedText {
  std::string text;
  std::vector<uint32_t>
      lines;  // for each line of `text`, the line of the source on which it begins, from 0
};

// REQUIRES: `text` has no control characters but line ends and tabs.
MarkedText HtmlToMarks(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_HTML_TAGS_H_
