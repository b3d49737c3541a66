#include "indexer/readers/table_header.h"

#include <algorithm>
#include <string_view>

#include "core/text/utf8.h"

namespace policykb {
namespace {

// Names of columns are short.
constexpr size_t kMaxChars = 16;

bool CanNameAColumn(const std::string& cell) {
  if (cell.empty() || CountChars(cell) > kMaxChars) return false;
  if (cell.find_first_of("0123456789") != std::string::npos) return false;
  for (const std::string_view end : {"。", "：", ":", "；"}) {
    if (cell.ends_with(end)) return false;
  }
  return true;
}

}  // namespace

bool NamesColumns(const std::vector<std::string>& cells) {
  if (cells.size() < 2 || !std::all_of(cells.begin(), cells.end(), CanNameAColumn)) return false;
  std::vector<std::string> sorted = cells;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

}  // namespace policykb
