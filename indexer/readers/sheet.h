// Sheets: the rows of CSV and Excel files as text.
//
// For lists of service items. Not for what a row means (indexer/structure). A row without words is
// left out; blanks at the ends of cells and empty cells at the ends of rows are. Linear; pure
// functions, any thread.

#ifndef POLICYKB_INDEXER_READERS_SHEET_H_
#define POLICYKB_INDEXER_READERS_SHEET_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

struct SheetRow {
  uint32_t line = 0;  // of the file where it begins, or number of the row in Excel; from 1
  std::vector<std::string> cells;
};

struct Sheet {
  std::string name;  // empty for CSV
  std::vector<SheetRow> rows;
};

// Limits of a file; a list of service items comes nowhere near.
inline constexpr size_t kMaxSheetColumns = 1'000;
inline constexpr size_t kMaxSheetCells = 4'000'000;  // after merged cells are filled
inline constexpr size_t kMaxSheetTextBytes = size_t{128} << 20;
inline constexpr size_t kMaxSheets = 1'000;

// RFC 4180 in UTF-8, with or without a byte order mark, delimited by comma, semicolon or tab,
// whichever divides the first rows evenly. One sheet.
// Errors: InvalidArgument (not UTF-8: the byte offset; a quote that never ends: its line),
// ResourceExhausted (a limit: its name, and the line).
absl::StatusOr<std::vector<Sheet>> ReadCsv(std::string_view bytes);

// Excel's .xlsx, as its cells are shown: dates as YYYY-MM-DD, percentages with their sign, other
// numbers with at most 15 digits, formulas by the value they had. Merged cells have their text in
// every cell; hidden sheets are left out.
// Errors: as ReadDocx; ResourceExhausted (a limit: its name, sheet and row).
absl::StatusOr<std::vector<Sheet>> ReadXlsx(std::string_view bytes);

// Puts cells into rows as far as the limits of one file allow. For the readers only.
class SheetBudget {
 public:
  // Makes `text` the cell at that column (from 0). `place` names the row in errors.
  absl::Status Put(SheetRow& row, size_t column, std::string text, std::string_view place);

 private:
  size_t cells_ = 0;
  size_t bytes_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_SHEET_H_
