#include "indexer/readers/docx_table.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/table_header.h"

namespace policykb {
namespace {

constexpr size_t kMaxTableBytes = size_t{64} << 20;

// A row with its merged cells filled.
struct FilledRow {
  std::vector<std::string> columns;
  bool one_cell = false;  // over all columns
  bool bold = false;      // in all cells with text
};

bool IsBold(const DocxRow& row) {
  bool any = false;
  for (const DocxCell& cell : row.cells) {
    for (const DocxBlock& block : cell.blocks) {
      if (!block.bold) return false;
      any = true;
    }
  }
  return any;
}

absl::StatusOr<std::vector<FilledRow>> Fill(const DocxTable& table) {
  std::vector<FilledRow> filled;
  std::vector<std::string> above;
  size_t bytes = 0;
  for (const DocxRow& row : table.rows) {
    FilledRow out;
    out.columns.resize(static_cast<size_t>(row.columns_before));
    for (const DocxCell& cell : row.cells) {
      const size_t column = out.columns.size();
      const std::string text =
          cell.continued && column < above.size() ? above[column] : OnOneLine(cell.blocks);
      for (int i = 0; i < cell.columns; ++i) {
        bytes += text.size() + 1;
        out.columns.push_back(text);
      }
      if (out.columns.size() > kMaxDocxColumns) {
        return absl::ResourceExhaustedError(Cat(
            "paragraph ", row.line, ": a table row of more than ", kMaxDocxColumns, " columns"));
      }
      if (bytes > kMaxTableBytes) {
        return absl::ResourceExhaustedError(Cat("paragraph ", row.line, ": a table of more than ",
                                                kMaxTableBytes,
                                                " bytes with its merged cells filled"));
      }
    }
    out.one_cell = row.cells.size() == 1 && row.columns_before == 0;
    out.bold = IsBold(row);
    above = out.columns;
    filled.push_back(std::move(out));
  }
  return filled;
}

// True where the first row plainly names the columns: it can, and is more bold than what follows,
// or has three of them.
bool BeginsWithHeader(const std::vector<FilledRow>& rows) {
  if (rows.size() < 2 || !NamesColumns(rows[0].columns)) return false;
  return (rows[0].bold && !rows[1].bold) || rows[0].columns.size() >= 3;
}

}  // namespace

std::string OnOneLine(const std::vector<DocxBlock>& blocks) {
  std::string out;
  for (const DocxBlock& block : blocks) {
    if (!out.empty()) out += ' ';
    out += ReplaceAll(block.text, "\n", " ");
  }
  return out;
}

absl::StatusOr<std::vector<DocxBlock>> TableBlocks(DocxTable table) {
  ASSIGN_OR_RETURN(const std::vector<FilledRow> rows, Fill(table));
  std::vector<DocxBlock> blocks;
  const bool frame = std::all_of(rows.begin(), rows.end(), [](const FilledRow& row) {
    return row.one_cell && row.columns.size() == 1;
  });
  if (frame) {
    for (DocxRow& row : table.rows) {
      for (DocxCell& cell : row.cells) {
        std::move(cell.blocks.begin(), cell.blocks.end(), std::back_inserter(blocks));
      }
    }
  } else {
    const bool marked = std::any_of(table.rows.begin(), table.rows.end(),
                                    [](const DocxRow& row) { return row.header; });
    const bool plain = !marked && BeginsWithHeader(rows);
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::vector<std::string>& columns = rows[i].columns;
      if (std::all_of(columns.begin(), columns.end(), [](const auto& c) { return c.empty(); })) {
        continue;
      }
      DocxBlock block;
      block.kind = BlockKind::kTableRow;
      block.table_header = table.rows[i].header || (plain && i == 0);
      block.line = table.rows[i].line;
      block.text = rows[i].one_cell ? columns[0] : Join(columns, " | ");
      blocks.push_back(std::move(block));
    }
  }
  std::move(table.notes.begin(), table.notes.end(), std::back_inserter(blocks));
  return blocks;
}

}  // namespace policykb
