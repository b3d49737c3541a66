// Fuzz target: CSV of any bytes. Rows are in order of their lines, none is empty.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "indexer/readers/sheet.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto sheets = policykb::ReadCsv({reinterpret_cast<const char*>(data), size});
  if (!sheets.ok()) return 0;
  uint32_t line = 0;
  for (const policykb::SheetRow& row : sheets->front().rows) {
    if (row.line <= line || row.line > size + 1) std::abort();
    if (row.cells.empty() || row.cells.back().empty()) std::abort();
    line = row.line;
  }
  return 0;
}
