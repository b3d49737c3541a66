#include "indexer/structure/head_table.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/strings.h"
#include "indexer/readers/characters.h"
#include "indexer/readers/text_builder.h"
#include "indexer/structure/lines.h"

namespace policykb {
namespace {

using std::string_view;

// The table begins among this many blocks: a title and where the page stands may come first.
constexpr size_t kMaxBlocksBefore = 10;
constexpr size_t kMaxLabelBytes = 30;
constexpr size_t kMinKnownFields = 2;

std::vector<string_view> Cells(string_view row) {
  static constexpr string_view kSeparator = " | ";
  std::vector<string_view> cells;
  for (size_t at = 0;;) {
    const size_t end = row.find(kSeparator, at);
    cells.push_back(StripBlanks(row.substr(at, end - at)));
    if (end == string_view::npos) return cells;
    at = end + kSeparator.size();
  }
}

bool IsKnown(string_view label) {
  return ReadHeaderField(Cat(label, ":")).field != HeaderField::kNone;
}

// A cell that is a label, or a label with its value.
std::optional<HeadField> ReadLabel(string_view cell) {
  size_t colon = string_view::npos;
  size_t size = 0;
  for (const string_view mark : {"：", ":"}) {
    const size_t at = cell.find(mark);
    if (at >= colon) continue;
    colon = at;
    size = mark.size();
  }
  HeadField field;
  field.label = WithoutBlanks(cell.substr(0, colon));
  if (field.label.empty() || field.label.size() > kMaxLabelBytes) return std::nullopt;
  if (colon == string_view::npos) {
    if (!IsKnown(field.label)) return std::nullopt;
    return field;
  }
  field.value = StripBlanks(cell.substr(colon + size));
  // What stands before a colon is a label of this table only where nothing follows in the cell.
  if (!field.value.empty() && !IsKnown(field.label)) return std::nullopt;
  return field;
}

// The fields of a row or line; none when it is no part of such a table.
std::vector<HeadField> ReadFields(const Block& block, string_view words) {
  std::vector<HeadField> fields;
  if (block.kind == BlockKind::kHeading) return fields;
  const std::vector<string_view> cells =
      block.kind == BlockKind::kTableRow ? Cells(words) : std::vector<string_view>{words};
  bool wants_value = false;
  for (const string_view cell : cells) {
    if (auto field = ReadLabel(cell)) {
      wants_value = field->value.empty();
      fields.push_back(*std::move(field));
    } else if (wants_value) {
      fields.back().value = cell;
      wants_value = false;
    } else if (fields.empty()) {
      return {};
    }
  }
  return fields;
}

}  // namespace

std::vector<HeadField> TakeHeadTable(CanonicalText& source) {
  const std::vector<Block>& blocks = source.blocks;
  std::vector<HeadField> fields;
  size_t known = 0, rows = 0;
  size_t first = 0, end = 0;
  for (size_t i = 0; i < blocks.size() && (i < kMaxBlocksBefore || !fields.empty()); ++i) {
    std::vector<HeadField> found = ReadFields(blocks[i], Slice(source.text, blocks[i].span));
    if (found.empty() && !fields.empty()) break;
    if (found.empty()) continue;
    if (fields.empty()) first = i;
    end = i + 1;
    rows += blocks[i].kind == BlockKind::kTableRow;
    known += static_cast<size_t>(std::count_if(
        found.begin(), found.end(), [](const HeadField& field) { return IsKnown(field.label); }));
    std::move(found.begin(), found.end(), std::back_inserter(fields));
  }
  // Without a row they are the lines of a text's own header, which stay.
  if (known < kMinKnownFields || rows == 0) return {};

  CanonicalText start;
  start.front_matter = std::move(source.front_matter);
  start.header_blocks = source.header_blocks;
  if (start.header_blocks && *start.header_blocks > first) {
    *start.header_blocks -= std::min(*start.header_blocks, end) - first;
  }
  TextBuilder builder(std::move(start));
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (i >= first && i < end) continue;
    const Block& block = blocks[i];
    builder.Add(block.kind, Slice(source.text, block.span), block.line, block.level,
                block.table_header);
  }
  source = std::move(builder.out());
  return fields;
}

}  // namespace policykb
