#include "indexer/readers/sheet.h"

#include <utility>

#include "core/base/strings.h"

namespace policykb {

absl::Status SheetBudget::Put(SheetRow& row, size_t column, std::string text,
                              std::string_view place) {
  if (column >= kMaxSheetColumns) {
    return absl::ResourceExhaustedError(
        Cat(place, ": more columns than the limit max_columns of ", kMaxSheetColumns));
  }
  const size_t width = row.cells.size();
  // Empty cells before it take memory as well.
  cells_ += column < width ? 1 : column + 1 - width;
  if (cells_ > kMaxSheetCells) {
    return absl::ResourceExhaustedError(
        Cat(place, ": more cells than the limit max_cells of ", kMaxSheetCells));
  }
  bytes_ += text.size();
  if (bytes_ > kMaxSheetTextBytes) {
    return absl::ResourceExhaustedError(
        Cat(place, ": more text than the limit max_text_bytes of ", kMaxSheetTextBytes));
  }
  if (column >= width) row.cells.resize(column + 1);
  row.cells[column] = std::move(text);
  return absl::OkStatus();
}

}  // namespace policykb
