#include "indexer/readers/html_table.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "indexer/readers/characters.h"

namespace policykb {
namespace {

using std::string_view;

// A cell with more words is a part of a page.
constexpr size_t kMaxCellBytes = 3000;
constexpr size_t kMaxHeaderCellBytes = 90;
// Bytes that filling may add to a table, against spans that multiply each other.
constexpr size_t kMaxFilledBytes = size_t{1} << 20;

bool HasDigit(string_view words) { return words.find_first_of("0123456789") != string_view::npos; }

bool IsLabel(string_view words) { return words.ends_with(":") || words.ends_with("："); }

// A first row of short words without values, which are set off by their type, or stand above
// numbers, or begin with a word for a running number.
bool IsPlainlyHeader(const std::vector<HtmlRow>& rows) {
  const std::vector<HtmlCell>& first = rows[0].cells;
  if (rows.size() < 2 || first.size() < 2) return false;
  for (const HtmlCell& cell : first) {
    if (cell.words.empty() || cell.words.size() > kMaxHeaderCellBytes || IsLabel(cell.words))
      return false;
  }
  const auto all_emphasised = [](const HtmlRow& row) {
    return std::all_of(row.cells.begin(), row.cells.end(),
                       [](const HtmlCell& cell) { return cell.emphasised || cell.words.empty(); });
  };
  if (all_emphasised(rows[0]) && !all_emphasised(rows.back())) return true;
  for (const string_view word : {"序号", "编号", "No.", "NO."}) {
    if (first[0].words == word) return true;
  }
  for (size_t column = 0; column < first.size(); ++column) {
    if (HasDigit(first[column].words)) continue;
    const bool numbers = std::all_of(rows.begin() + 1, rows.end(), [column](const HtmlRow& row) {
      return column < row.cells.size() && HasDigit(row.cells[column].words);
    });
    if (numbers) return true;
  }
  return false;
}

// Rows at the beginning that name the columns.
size_t CountHeaderRows(const std::vector<HtmlRow>& rows) {
  size_t count = 0;
  while (count < rows.size() &&
         (rows[count].in_head || (!rows[count].cells.empty() &&
                                  std::all_of(rows[count].cells.begin(), rows[count].cells.end(),
                                              [](const HtmlCell& cell) { return cell.header; })))) {
    ++count;
  }
  // A table of nothing but names has none.
  if (count > 0) return count < rows.size() ? count : 0;
  if (rows.empty() || !IsPlainlyHeader(rows)) return 0;
  // Where a name stands over several rows they name columns together.
  uint32_t height = 1;
  for (const HtmlCell& cell : rows[0].cells) height = std::max(height, cell.rows);
  return height < rows.size() ? height : 1;
}

class Filler {
 public:
  explicit Filler(bool across) : across_(across) {}

  // Words of the row's columns.
  std::vector<string_view> Fill(const HtmlRow& row) {
    std::vector<string_view> words;
    std::map<size_t, Hanging> next;
    const auto hang = [&](size_t column, Hanging cell) {
      if (cell.rows > 0 && spent_ <= kMaxFilledBytes) next.emplace(column, cell);
    };
    const auto take_hanging = [&] {
      for (auto at = hanging_.find(words.size()); at != hanging_.end();
           at = hanging_.find(words.size())) {
        hang(at->first, {at->second.words, at->second.rows - 1});
        words.push_back(Spend(at->second.words));
      }
    };
    const bool whole_row = row.cells.size() == 1 && hanging_.empty();
    for (const HtmlCell& cell : row.cells) {
      take_hanging();
      const uint32_t columns = across_ && !whole_row ? cell.columns : 1;
      for (uint32_t i = 0; i < columns; ++i) {
        hang(words.size(), {cell.words, cell.rows - 1});
        words.push_back(i == 0 ? string_view(cell.words) : Spend(cell.words));
        if (spent_ > kMaxFilledBytes) break;
      }
    }
    take_hanging();
    hanging_ = std::move(next);
    return words;
  }

 private:
  struct Hanging {
    string_view words;
    uint32_t rows = 0;  // below this one
  };

  // `words` once more, nothing when too much was filled already. The separator counts as well.
  string_view Spend(string_view words) {
    spent_ += words.size() + 3;
    return spent_ > kMaxFilledBytes ? string_view() : words;
  }

  bool across_;
  std::map<size_t, Hanging> hanging_;  // by column
  size_t spent_ = 0;
};

std::string JoinCells(std::vector<string_view> cells) {
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += " | ";
    out += cells[i];
  }
  return out;
}

}  // namespace

bool IsDataTable(const std::vector<HtmlRow>& rows) {
  size_t widest = 0;
  for (const HtmlRow& row : rows) {
    size_t filled = 0;
    for (const HtmlCell& cell : row.cells) {
      if (cell.words.size() > kMaxCellBytes) return false;
      // A label stands for the value that is to be filled in.
      filled += IsLabel(cell.words) ? 2 : !cell.words.empty();
    }
    widest = std::max(widest, row.cells.size() > 1 ? filled : 0);
  }
  return widest > 1;
}

std::vector<HtmlBlock> TableBlocks(std::vector<HtmlRow> rows) {
  std::erase_if(rows, [](const HtmlRow& row) { return row.cells.empty(); });
  const size_t headers = CountHeaderRows(rows);
  Filler filler(headers > 0);
  std::vector<HtmlBlock> blocks;
  for (size_t i = 0; i < rows.size(); ++i) {
    std::string words = JoinCells(filler.Fill(rows[i]));
    if (StripBlanks(words).empty()) continue;
    HtmlBlock block;
    block.kind = BlockKind::kTableRow;
    block.table_header = i < headers;
    block.line = rows[i].line;
    block.lines.push_back({std::move(words), false});
    blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace policykb
