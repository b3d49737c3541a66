#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/ooxml_package.h"
#include "indexer/readers/sheet.h"
#include "indexer/readers/xlsx_formats.h"
#include "indexer/readers/xml_reader.h"

namespace policykb {
namespace {

using std::string_view;

// Excel's own bounds; a place beyond them is nonsense.
constexpr uint32_t kMaxRow = 1'048'576;
constexpr uint32_t kMaxColumn = 16'384;

template <typename T>
std::optional<T> ParseNumber(string_view text) {
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct CellPlace {
  uint32_t row = 0;     // from 1
  uint32_t column = 0;  // from 0
};

// "BC12".
std::optional<CellPlace> ParsePlace(string_view text) {
  uint32_t column = 0;
  size_t letters = 0;
  while (letters < text.size() && letters < 3 && text[letters] >= 'A' && text[letters] <= 'Z') {
    column = column * 26 + static_cast<uint32_t>(text[letters++] - 'A' + 1);
  }
  const auto row = ParseNumber<uint32_t>(text.substr(letters));
  if (letters == 0 || column > kMaxColumn || !row || *row == 0 || *row > kMaxRow) {
    return std::nullopt;
  }
  return CellPlace{*row, column - 1};
}

struct MergedRange {
  CellPlace first;
  CellPlace last;
};

std::string CleanCell(string_view text) {
  const absl::StatusOr<std::string> clean = CleanText(text);
  return clean.ok() ? std::string(StripBlanks(StripAsciiSpace(*clean))) : std::string();
}

// Reads behind the start of `element` (x:si, x:is) to behind its end; without reading aids.
absl::StatusOr<std::string> ReadRichText(XmlReader& reader, string_view element) {
  std::string text;
  bool inside = false;
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->Ends(element) || event->kind == XmlEvent::Kind::kFinished) return text;
    if (event->Starts("x:rPh")) {
      RETURN_IF_ERROR(reader.Skip());
    } else if (event->Starts("x:t")) {
      inside = true;
    } else if (event->Ends("x:t")) {
      inside = false;
    } else if (event->kind == XmlEvent::Kind::kText && inside) {
      text += event->text;
    }
  }
}

absl::StatusOr<std::vector<std::string>> ReadSharedStrings(string_view xml) {
  std::vector<std::string> strings;
  if (xml.empty()) return strings;
  XmlReader reader(xml, "sharedStrings part");
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) return strings;
    if (!event->Starts("x:si")) continue;
    if (strings.size() == kMaxSheetCells) {
      return absl::ResourceExhaustedError(
          Cat("sharedStrings: more than the limit max_cells of ", kMaxSheetCells));
    }
    ASSIGN_OR_RETURN(const std::string text, ReadRichText(reader, "x:si"));
    strings.push_back(CleanCell(text));
  }
}

// What all sheets of a file share.
struct Workbook {
  std::vector<std::string> strings;
  XlsxFormats formats;
  DateSystem dates = DateSystem::k1900;
  SheetBudget budget;
};

class SheetReader {
 public:
  SheetReader(Workbook& workbook, std::string name, string_view xml, std::string part)
      : workbook_(workbook), reader_(xml, std::move(part)) {
    sheet_.name = std::move(name);
  }

  absl::StatusOr<Sheet> Read() {
    while (true) {
      ASSIGN_OR_RETURN(const XmlEvent* event, reader_.Next());
      if (event->kind == XmlEvent::Kind::kFinished) break;
      if (event->Starts("x:row")) {
        BeginRow(*event);
      } else if (event->Starts("x:c")) {
        // Rows are counted from 1, also where a broken file has a cell outside of all of them.
        row_ = std::max(row_, 1U);
        RETURN_IF_ERROR(ReadCell(*event));
      } else if (event->Starts("x:mergeCell")) {
        AddMerge(event->Attribute("ref"));
      }
    }
    RETURN_IF_ERROR(FillMerged());
    return std::move(sheet_);
  }

 private:
  std::string Place() const { return Cat("sheet ", sheet_.name, " row ", row_); }

  void BeginRow(const XmlEvent& event) {
    const uint32_t stated = ParseNumber<uint32_t>(event.Attribute("r")).value_or(0);
    row_ = std::min(std::max(stated, row_ + 1), kMaxRow);
    column_ = 0;
  }

  absl::Status ReadCell(const XmlEvent& start) {
    if (const auto place = ParsePlace(start.Attribute("r"))) column_ = place->column;
    const std::string type(start.Attribute("t"));
    const auto style = ParseNumber<size_t>(start.Attribute("s"));
    std::string value;
    bool inside = false;
    while (true) {
      ASSIGN_OR_RETURN(const XmlEvent* event, reader_.Next());
      if (event->Ends("x:c") || event->kind == XmlEvent::Kind::kFinished) break;
      if (event->Starts("x:is")) {
        ASSIGN_OR_RETURN(value, ReadRichText(reader_, "x:is"));
      } else if (event->Starts("x:v")) {
        inside = true;
      } else if (event->Ends("x:v")) {
        inside = false;
      } else if (event->kind == XmlEvent::Kind::kText && inside) {
        value += event->text;
      }
    }
    std::string text = Show(type, value, style.value_or(0));
    const uint32_t column = column_++;
    if (text.empty()) return absl::OkStatus();
    if (sheet_.rows.empty() || sheet_.rows.back().line != row_) sheet_.rows.push_back({row_, {}});
    return workbook_.budget.Put(sheet_.rows.back(), column, std::move(text), Place());
  }

  std::string Show(string_view type, const std::string& value, size_t style) const {
    if (value.empty()) return "";
    if (type == "s") {
      const auto index = ParseNumber<size_t>(value);
      return index && *index < workbook_.strings.size() ? workbook_.strings[*index] : "";
    }
    if (type == "b") return value == "1" ? "TRUE" : "FALSE";
    if (type.empty() || type == "n") {
      return ShowNumber(value, workbook_.formats.Of(style), workbook_.dates);
    }
    return CleanCell(value);
  }

  void AddMerge(string_view range) {
    const size_t colon = range.find(':');
    if (colon == string_view::npos) return;
    const auto first = ParsePlace(range.substr(0, colon));
    const auto last = ParsePlace(range.substr(colon + 1));
    if (first && last && merged_.size() < kMaxSheetCells) merged_.push_back({*first, *last});
  }

  // Only rows that have words of their own and columns that are used: a merged cell may reach to
  // the end of the sheet.
  absl::Status FillMerged() {
    std::vector<SheetRow>& rows = sheet_.rows;
    size_t width = 0;
    for (const SheetRow& row : rows) width = std::max(width, row.cells.size());
    for (const auto& [first, last] : merged_) {
      auto row = std::lower_bound(
          rows.begin(), rows.end(), first.row,
          [](const SheetRow& candidate, uint32_t line) { return candidate.line < line; });
      if (row == rows.end() || row->line != first.row || row->cells.size() <= first.column) {
        continue;
      }
      const std::string text = row->cells[first.column];
      for (; row != rows.end() && row->line <= last.row && !text.empty(); ++row) {
        row_ = row->line;
        for (size_t column = first.column; column <= last.column && column < width; ++column) {
          if (column < row->cells.size() && !row->cells[column].empty()) continue;
          RETURN_IF_ERROR(workbook_.budget.Put(*row, column, text, Place()));
        }
      }
    }
    return absl::OkStatus();
  }

  Workbook& workbook_;
  XmlReader reader_;
  Sheet sheet_;
  uint32_t row_ = 0;
  uint32_t column_ = 0;
  std::vector<MergedRange> merged_;
};

struct SheetEntry {
  std::string name;
  std::string relationship;
};

// The sheets that are shown, in order.
absl::StatusOr<std::vector<SheetEntry>> ReadWorkbook(string_view xml, const std::string& part,
                                                     Workbook& workbook) {
  std::vector<SheetEntry> sheets;
  XmlReader reader(xml, part);
  while (true) {
    ASSIGN_OR_RETURN(const XmlEvent* event, reader.Next());
    if (event->kind == XmlEvent::Kind::kFinished) return sheets;
    if (event->Starts("x:workbookPr")) {
      const string_view from_1904 = event->Attribute("date1904");
      if (from_1904 == "1" || from_1904 == "true") workbook.dates = DateSystem::k1904;
    }
    if (!event->Starts("x:sheet")) continue;
    const string_view state = event->Attribute("state");
    if (!state.empty() && state != "visible") continue;
    if (sheets.size() == kMaxSheets) {
      return absl::ResourceExhaustedError(
          Cat(part, ": more sheets than the limit max_sheets of ", kMaxSheets));
    }
    sheets.push_back({std::string(event->Attribute("name")), std::string(event->Attribute("id"))});
  }
}

}  // namespace

absl::StatusOr<std::vector<Sheet>> ReadXlsx(string_view bytes) {
  ASSIGN_OR_RETURN(OoxmlPackage package, OoxmlPackage::Open(bytes));
  const std::string part = package.main_part();
  ASSIGN_OR_RETURN(const std::vector<Relationship> parts, package.Relationships(part));
  Workbook workbook;
  ASSIGN_OR_RETURN(const std::string strings_xml, package.ReadRelated(parts, "sharedStrings"));
  ASSIGN_OR_RETURN(workbook.strings, ReadSharedStrings(strings_xml));
  ASSIGN_OR_RETURN(const std::string styles_xml, package.ReadRelated(parts, "styles"));
  ASSIGN_OR_RETURN(workbook.formats, XlsxFormats::Parse(styles_xml));
  ASSIGN_OR_RETURN(const std::string workbook_xml, package.Read(part));
  ASSIGN_OR_RETURN(const std::vector<SheetEntry> entries,
                   ReadWorkbook(workbook_xml, part, workbook));
  std::vector<Sheet> sheets;
  for (const SheetEntry& entry : entries) {
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const Relationship& related) {
      return related.id == entry.relationship;
    });
    // Chart sheets have no rows.
    if (found == parts.end() || found->type != "worksheet") continue;
    ASSIGN_OR_RETURN(const std::string xml, package.Read(found->part));
    ASSIGN_OR_RETURN(Sheet sheet, SheetReader(workbook, entry.name, xml, found->part).Read());
    sheets.push_back(std::move(sheet));
  }
  return sheets;
}

}  // namespace policykb
