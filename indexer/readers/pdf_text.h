// BlocksOfPages: the text of PDF pages as pdftotext lays it out -> canonical text.
//
// A PDF has lines, not paragraphs: this joins what the width of the page broke and leaves apart
// what the author did. Not for running the program (pdf.cc). Linear. Pure function, any thread.

#ifndef POLICYKB_INDEXER_READERS_PDF_TEXT_H_
#define POLICYKB_INDEXER_READERS_PDF_TEXT_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "indexer/readers/reader.h"

namespace policykb {

// `text`: pages end with a form feed. Lines of blocks are numbers of pages.
// Errors: InvalidArgument (not UTF-8).
absl::StatusOr<CanonicalText> BlocksOfPages(std::string_view text);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_PDF_TEXT_H_
