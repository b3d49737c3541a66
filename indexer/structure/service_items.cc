#include "indexer/structure/service_items.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/text_builder.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/metadata.h"
#include "indexer/structure/text_dates.h"

namespace policykb {
namespace {

using std::string_view;

// Rows of captions above the names of the columns.
constexpr size_t kMaxCaptionRows = 20;

// "2024/5/1", "2024.5.1" and "2024 nian 5 yue 1 ri" as YYYY-MM-DD; other words as they are.
std::string DateWords(string_view cell) {
  if (const auto date = ConsumeDate(cell); date && date->span.end == cell.size())
    return date->date.ToString();
  int64_t parts[3] = {0, 0, 0};
  size_t part = 0;
  for (const char c : cell) {
    if (c >= '0' && c <= '9' && parts[part] < 10'000) {
      parts[part] = parts[part] * 10 + (c - '0');
    } else if ((c == '/' || c == '.' || c == '-') && part < 2) {
      ++part;
    } else {
      return std::string(cell);
    }
  }
  const auto date = CivilDate::FromYmd(parts[0], parts[1], parts[2]);
  return date ? date->ToString() : std::string(cell);
}

std::vector<std::string> ListWords(string_view cell) {
  std::string words(cell);
  for (const string_view comma : {"，", "、", "；", ";", "\n", " "})
    words = ReplaceAll(words, comma, ",");
  std::vector<std::string> list;
  for (const string_view word : Split(words, ',')) {
    if (!word.empty()) list.emplace_back(word);
  }
  return list;
}

FrontMatterEntry EntryOf(const std::string& key, const std::string& cell, uint32_t line) {
  FrontMatterEntry entry;
  entry.key = key;
  entry.line = line;
  if (key == "visibility" || key == "supersedes") {
    entry.kind = FrontMatterEntry::Kind::kList;
    entry.values = ListWords(cell);
  } else if (key == "valid_from" || key == "valid_to" || key == "promulgated_on") {
    entry.values.push_back(DateWords(cell));
  } else {
    entry.values.push_back(cell);
  }
  return entry;
}

absl::StatusOr<std::string> CleanCell(const SheetRow& row, size_t column) {
  if (column >= row.cells.size()) return std::string();
  ASSIGN_OR_RETURN_IN(const std::string clean, CleanText(row.cells[column]),
                      Cat("line ", row.line));
  return std::string(StripBlanks(clean));
}

// One sheet whose columns are known.
class SheetReader {
 public:
  SheetReader(const Sheet& sheet, const ItemColumns& columns) : sheet_(sheet), columns_(columns) {}

  // False where no row has the title column.
  bool FindHeader() {
    const size_t rows = std::min(sheet_.rows.size(), kMaxCaptionRows);
    for (header_ = 0; header_ < rows; ++header_) {
      by_name_.clear();
      const std::vector<std::string>& cells = sheet_.rows[header_].cells;
      for (size_t i = 0; i < cells.size(); ++i) by_name_.emplace(WithoutBlanks(cells[i]), i);
      if (by_name_.contains(WithoutBlanks(columns_.title))) return true;
    }
    return false;
  }

  // Resolves all columns. Errors: InvalidArgument (a column that is not there).
  absl::Status FindColumns() {
    std::vector<bool> used(sheet_.rows[header_].cells.size(), false);
    const auto find = [&](const std::string& name) -> absl::StatusOr<size_t> {
      const auto found = by_name_.find(WithoutBlanks(name));
      if (found == by_name_.end()) {
        return absl::InvalidArgumentError(
            Cat("line ", sheet_.rows[header_].line, ": no column ", name));
      }
      used[found->second] = true;
      return found->second;
    };
    ASSIGN_OR_RETURN(title_, find(columns_.title));
    if (!columns_.id.empty()) {
      ASSIGN_OR_RETURN(id_, find(columns_.id));
    }
    for (const auto& [key, name] : columns_.metadata) {
      ASSIGN_OR_RETURN(const size_t column, find(name));
      metadata_.emplace_back(key, column);
    }
    if (columns_.sections) {
      for (const std::string& name : *columns_.sections) {
        ASSIGN_OR_RETURN(const size_t column, find(name));
        sections_.emplace_back(name, column);
      }
      return absl::OkStatus();
    }
    const std::vector<std::string>& cells = sheet_.rows[header_].cells;
    for (size_t i = 0; i < cells.size(); ++i) {
      const std::string name = CleanHeading(cells[i]);
      if (!used[i] && !name.empty()) sections_.emplace_back(name, i);
    }
    return absl::OkStatus();
  }

  absl::Status AddItems(string_view file_id, std::map<std::string, uint32_t>& lines_by_id,
                        std::vector<ServiceItem>& items, std::vector<Remark>& remarks) const {
    for (size_t i = header_ + 1; i < sheet_.rows.size(); ++i) {
      const SheetRow& row = sheet_.rows[i];
      const bool blank = std::all_of(row.cells.begin(), row.cells.end(),
                                     [](const auto& cell) { return StripBlanks(cell).empty(); });
      if (blank) continue;
      ASSIGN_OR_RETURN(const std::string title_cell, CleanCell(row, title_));
      const std::string title = CleanHeading(ReplaceAll(title_cell, "\n", " "));
      if (title.empty()) {
        remarks.push_back({RemarkKind::kBadRow, row.line, Cat("row without ", columns_.title)});
        continue;
      }
      std::string words = title;
      if (id_) {
        ASSIGN_OR_RETURN(const std::string cell, CleanCell(row, *id_));
        if (!cell.empty()) words = cell;
      }
      const std::string id = Cat(file_id, ".", IdFromWords(words));
      const auto [taken, added] = lines_by_id.emplace(id, row.line);
      if (!added) {
        remarks.push_back({RemarkKind::kBadRow, row.line,
                           Cat("id ", id, " is already taken by line ", taken->second)});
        continue;
      }
      ASSIGN_OR_RETURN(ServiceItem item, ReadRow(row, title));
      item.entries.push_back(EntryOf("id", id, row.line));
      item.entries.push_back(EntryOf("title", title, row.line));
      items.push_back(std::move(item));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<ServiceItem> ReadRow(const SheetRow& row, const std::string& title) const {
    ServiceItem item;
    item.line = row.line;
    for (const auto& [key, column] : metadata_) {
      ASSIGN_OR_RETURN(const std::string cell, CleanCell(row, column));
      if (!cell.empty()) item.entries.push_back(EntryOf(key, cell, row.line));
    }
    TextBuilder text({});
    text.Add(BlockKind::kHeading, title, row.line, 1);
    for (const auto& [name, column] : sections_) {
      ASSIGN_OR_RETURN(const std::string cell, CleanCell(row, column));
      if (cell.empty()) continue;
      text.Add(BlockKind::kHeading, name, row.line, 2);
      for (const string_view line : Split(cell, '\n'))
        text.Add(BlockKind::kParagraph, line, row.line);
    }
    item.text = std::move(text.out());
    return item;
  }

  const Sheet& sheet_;
  const ItemColumns& columns_;
  size_t header_ = 0;
  std::map<std::string, size_t> by_name_;
  size_t title_ = 0;
  std::optional<size_t> id_;
  std::vector<std::pair<std::string, size_t>> metadata_;  // key, column
  std::vector<std::pair<std::string, size_t>> sections_;  // heading, column
};

}  // namespace

absl::StatusOr<std::vector<ServiceItem>> ReadServiceItems(const std::vector<Sheet>& sheets,
                                                          const ItemColumns& columns,
                                                          string_view file_id,
                                                          std::vector<Remark>& remarks) {
  std::vector<ServiceItem> items;
  std::map<std::string, uint32_t> lines_by_id;
  size_t lists = 0;
  for (const Sheet& sheet : sheets) {
    SheetReader reader(sheet, columns);
    if (!reader.FindHeader()) {
      remarks.push_back(
          {RemarkKind::kBadRow, 0, Cat("sheet ", sheet.name, " has no column ", columns.title)});
      continue;
    }
    ++lists;
    RETURN_IF_ERROR(reader.FindColumns());
    RETURN_IF_ERROR(reader.AddItems(file_id, lines_by_id, items, remarks));
  }
  if (lists == 0) {
    return absl::InvalidArgumentError(
        Cat("line 1: no column ", columns.title, " in the first ", kMaxCaptionRows, " rows"));
  }
  return items;
}

}  // namespace policykb
