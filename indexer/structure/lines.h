// Lines of a canonical text, as its structure is read from them, and where its header ends.
//
// Not for what a line is in the structure (outline.h). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_LINES_H_
#define POLICYKB_INDEXER_STRUCTURE_LINES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/span.h"
#include "indexer/readers/reader.h"

namespace policykb {

struct TextLine {
  Span span;  // in the canonical text, without the line end, never empty
  BlockKind kind = BlockKind::kParagraph;
  uint8_t level = 0;          // of a heading
  bool table_header = false;  // a row that names the columns
  uint32_t source_line = 0;
};

std::vector<TextLine> SplitLines(const CanonicalText& source);

// Number of lines at the beginning that say what the document is rather than what it rules: titles,
// who made and changed it and when, document number, table of contents.
size_t CountHeaderLines(const CanonicalText& source, const std::vector<TextLine>& lines);

// A header line "fa bu ri qi: ..." that names a field.
enum class HeaderField {
  kNone,
  kTitle,
  kIssuer,
  kWritten,
  kPromulgated,
  kEffective,
  kNumber,
  kOther
};
struct HeaderFieldLine {
  HeaderField field = HeaderField::kNone;
  std::string_view value;
};
HeaderFieldLine ReadHeaderField(std::string_view line);

// `text` without any blanks: "di yi zhang  zong ze" -> "di yi zhang zong ze" written together.
std::string WithoutBlanks(std::string_view text);

// Words of a heading for people: runs of blanks become one space, and none stays between two Han
// characters.
std::string CleanHeading(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_LINES_H_
