// HtmlBlocks: the blocks that a reader of an HTML page sees, in order.
//
// Drops what is no text of the page (scripts, menus, page headers, hidden elements), tells tables
// of data from tables that only lay the page out. Not for what the blocks mean (html.cc,
// indexer/structure). Linear, without recursion over the page. Pure function, any thread.

#ifndef POLICYKB_INDEXER_READERS_HTML_BLOCKS_H_
#define POLICYKB_INDEXER_READERS_HTML_BLOCKS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/readers/html_tree.h"
#include "indexer/readers/reader.h"

namespace policykb {

struct HtmlLine {
  std::string words;
  bool titular = true;  // centred, and all of it bold or large
};

struct HtmlBlock {
  BlockKind kind = BlockKind::kParagraph;
  uint8_t level = 0;
  bool table_header = false;
  uint32_t line = 0;
  std::string mark;             // of a list entry, as rendered: "- ", "3. "
  std::vector<HtmlLine> lines;  // as broken by <br>, none empty; one for a heading or a row
};

std::vector<HtmlBlock> ReadHtmlBlocks(const HtmlTree& tree);

// Words of a line for people: white space as one space, none between two Han characters where the
// source broke its line there.
class HtmlWords {
 public:
  void Append(std::string_view text);
  const std::string& words() const { return words_; }
  bool empty() const { return words_.empty(); }
  // The words so far; none are left.
  std::string Take();

 private:
  std::string words_;
  bool space_ = false, line_end_ = false;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_HTML_BLOCKS_H_
