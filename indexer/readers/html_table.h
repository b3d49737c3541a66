// Tables of HTML: which hold data, and their rows with every cell filled.
//
// For html_blocks.cc. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_HTML_TABLE_H_
#define POLICYKB_INDEXER_READERS_HTML_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "indexer/readers/html_blocks.h"
#include "indexer/readers/html_tree.h"

namespace policykb {

struct HtmlCell {
  std::string words;  // one line
  uint32_t columns = 1, rows = 1;
  bool header = false;      // <th>
  bool emphasised = false;  // all of its words
};

struct HtmlRow {
  std::vector<HtmlCell> cells;
  uint32_t line = 0;
  bool in_head = false;  // of <thead>
};

// True when the rows are data and not the places of a page's parts: several columns, and no cell
// that is a text of its own.
bool IsDataTable(const std::vector<HtmlRow>& rows);

// One block for each row that has words. A cell over several rows stands in each of them; over
// several columns in each of them where the table names its columns.
std::vector<HtmlBlock> TableBlocks(std::vector<HtmlRow> rows);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_HTML_TABLE_H_
