// BodyLines: the text of PDF pages as pdftotext lays it out -> the lines of the body.
//
// Drops what belongs to the page and not to the text: running heads, page numbers. Not for joining
// lines (pdf_text.h). Linear. Pure function, any thread.

#ifndef POLICYKB_INDEXER_READERS_PDF_PAGES_H_
#define POLICYKB_INDEXER_READERS_PDF_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

struct PdfLine {
  // Words with single spaces between them, none at the ends, none between a Chinese character and a
  // digit (the gap there is typography). Never empty.
  std::string text;
  // Parts that stand at least three spaces apart; empty where there is only one.
  std::vector<std::string> cells;
  size_t indent = 0;        // columns from the left margin of its page
  size_t end = 0;           // columns from there to its end, a Chinese character counting two
  uint32_t page = 0;        // from 1
  bool gap_before = false;  // a blank line or the page's beginning
  std::vector<std::string> notes;  // footnotes that this line refers to
};

// True for words that end as titles of policy texts do: "tiao li", "tong zhi".
bool EndsAsTitle(std::string_view text);

// `text`: pages end with a form feed. Errors: InvalidArgument (not UTF-8).
absl::StatusOr<std::vector<PdfLine>> BodyLines(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_PDF_PAGES_H_
