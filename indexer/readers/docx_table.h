// DocxTable: the rows of a table in a Word file, merged cells filled, so that each stands alone.
//
// For docx.cc only. One thread.

#ifndef POLICYKB_INDEXER_READERS_DOCX_TABLE_H_
#define POLICYKB_INDEXER_READERS_DOCX_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/readers/reader.h"

namespace policykb {

// A block before it is put into canonical text.
struct DocxBlock {
  BlockKind kind = BlockKind::kParagraph;
  uint8_t level = 0;
  bool table_header = false;
  bool bold = false;
  uint32_t line = 0;
  std::string text;  // no blanks at the ends, no blank lines, not empty
};

// Words of blocks on one line.
std::string OnOneLine(const std::vector<DocxBlock>& blocks);

struct DocxCell {
  int columns = 1;         // w:gridSpan
  bool continued = false;  // w:vMerge of the cell above
  std::vector<DocxBlock> blocks;
};

struct DocxRow {
  bool header = false;     // w:tblHeader
  int columns_before = 0;  // w:gridBefore
  uint32_t line = 0;
  std::vector<DocxCell> cells;
};

struct DocxTable {
  std::vector<DocxRow> rows;
  std::vector<DocxBlock> notes;  // footnotes of its cells
};

inline constexpr int kMaxDocxColumns = 256;

// Table rows; the blocks of the cells as they are where the table has one column only, which is a
// frame around text. Notes come last.
// Errors: ResourceExhausted (more than kMaxDocxColumns columns; merged cells filled make more than
// 64 MiB).
absl::StatusOr<std::vector<DocxBlock>> TableBlocks(DocxTable table);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_DOCX_TABLE_H_
