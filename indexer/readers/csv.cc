#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/sheet.h"

namespace policykb {
namespace {

using std::string_view;

constexpr size_t kSampleRecords = 20;
constexpr size_t kSampleBytes = size_t{64} << 10;

// Number of fields in each of the first records, were they delimited so.
std::vector<size_t> CountFields(string_view text, char delimiter) {
  std::vector<size_t> counts;
  text = text.substr(0, kSampleBytes);
  size_t fields = 1;
  bool quoted = false;
  bool field_start = true;
  bool any = false;
  for (size_t i = 0; i < text.size() && counts.size() < kSampleRecords; ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"') quoted = false;  // a doubled one opens it again
    } else if (c == '"' && (field_start || (i > 0 && text[i - 1] == '"'))) {
      quoted = true;
    } else if (c == '\n') {
      if (any) counts.push_back(fields);
      fields = 1;
      any = false;
      field_start = true;
      continue;
    } else if (c == delimiter) {
      ++fields;
      field_start = true;
      any = true;
      continue;
    }
    any = true;
    field_start = false;
  }
  if (any && counts.size() < kSampleRecords) counts.push_back(fields);
  return counts;
}

// The delimiter by which most records have as many fields as the first one, which has several.
char DetectDelimiter(string_view text) {
  char best = ',';
  std::pair<size_t, size_t> best_score = {0, 1};
  for (const char delimiter : {',', ';', '\t'}) {
    const std::vector<size_t> counts = CountFields(text, delimiter);
    if (counts.empty() || counts[0] < 2) continue;
    const auto even = static_cast<size_t>(std::count(counts.begin(), counts.end(), counts[0]));
    const std::pair<size_t, size_t> score = {even, counts[0]};
    if (score > best_score) {
      best = delimiter;
      best_score = score;
    }
  }
  return best;
}

class CsvReader {
 public:
  explicit CsvReader(string_view text) : text_(text), delimiter_(DetectDelimiter(text)) {}

  absl::StatusOr<Sheet> Read() {
    while (at_ < text_.size()) {
      RETURN_IF_ERROR(ReadField());
      if (at_ < text_.size() && text_[at_] == '\n') EndRow();
      if (at_ < text_.size()) ++at_;  // behind the delimiter or line end
    }
    EndRow();
    return std::move(sheet_);
  }

 private:
  absl::Status ReadField() {
    std::string field;
    if (at_ < text_.size() && text_[at_] == '"') RETURN_IF_ERROR(ReadQuoted(field));
    // What stands between a closing quote and the delimiter belongs to the field, as in Excel.
    const size_t end = std::min(text_.find_first_of(Ends(), at_), text_.size());
    field += text_.substr(at_, end - at_);
    at_ = end;
    return budget_.Put(row_, row_.cells.size(), std::string(StripBlanks(StripAsciiSpace(field))),
                       Cat("line ", row_.line));
  }

  absl::Status ReadQuoted(std::string& field) {
    const uint32_t begun = line_;
    ++at_;
    while (true) {
      const size_t quote = text_.find('"', at_);
      if (quote == string_view::npos) {
        return absl::InvalidArgumentError(Cat("line ", begun, ": a quote that never ends"));
      }
      const string_view words = text_.substr(at_, quote - at_);
      line_ += static_cast<uint32_t>(std::count(words.begin(), words.end(), '\n'));
      field += words;
      at_ = quote + 1;
      if (text_.substr(at_, 1) != "\"") return absl::OkStatus();
      field += '"';
      ++at_;
    }
  }

  void EndRow() {
    while (!row_.cells.empty() && row_.cells.back().empty()) row_.cells.pop_back();
    if (!row_.cells.empty()) sheet_.rows.push_back(std::move(row_));
    row_ = SheetRow();
    row_.line = ++line_;
  }

  string_view Ends() const {
    return delimiter_ == ',' ? ",\n" : delimiter_ == ';' ? ";\n" : "\t\n";
  }

  string_view text_;
  char delimiter_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  SheetRow row_ = {.line = 1, .cells = {}};
  SheetBudget budget_;
  Sheet sheet_;
};

}  // namespace

absl::StatusOr<std::vector<Sheet>> ReadCsv(string_view bytes) {
  ASSIGN_OR_RETURN(const std::string text, CleanText(bytes));
  ASSIGN_OR_RETURN(Sheet sheet, CsvReader(text).Read());
  std::vector<Sheet> sheets;
  sheets.push_back(std::move(sheet));
  return sheets;
}

}  // namespace policykb
