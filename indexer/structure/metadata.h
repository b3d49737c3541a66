// Metadata of a document: what its front matter says, else what its text says, else what its path
// says.
//
// Each value's origin is recorded. Nothing is guessed that a reader would take for the text's own
// word: an end of validity comes only from an explicit clause. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_METADATA_H_
#define POLICYKB_INDEXER_STRUCTURE_METADATA_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "core/snapshot/records.h"
#include "indexer/readers/reader.h"
#include "indexer/structure/head_table.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/outline.h"

namespace policykb {

// Document id of a file that names none: its path without extension, "/" as ".", what an id may not
// hold as "-".
std::string DocumentIdFromPath(std::string_view relative_path);

// True when the front matter is some other system's: it holds no key of ours but title, language or
// source.
bool IsForeignFrontMatter(const std::vector<FrontMatterEntry>& entries);

// Fills the document from front matter. Errors: InvalidArgument with the line (unknown key, value
// of the wrong form, impossible date, valid_to not behind valid_from).
absl::Status ApplyFrontMatter(const std::vector<FrontMatterEntry>& entries, Document& document,
                              std::vector<std::string>& warnings);

// Fills what is still empty: id and kind by the path, title, number, issuer, dates and language by
// the text. REQUIRES: `document` has its text, source_path and the provisions of `outline`.
// What `head` says counts before the text's own lines.
void ApplyText(const std::vector<HeadField>& head, const std::vector<TextLine>& lines,
               size_t header_lines, bool has_articles, Document& document,
               std::vector<std::string>& warnings);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_METADATA_H_
