// Metadata of a document by its text and its path.
//
// Not for what sidecar, front matter and collection say, which comes first (metadata_keys.h). Each
// value's origin is recorded. Nothing is guessed that a reader would take for the text's own word:
// an end of validity comes only from an explicit clause. Pure functions, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_METADATA_H_
#define POLICYKB_INDEXER_STRUCTURE_METADATA_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/records.h"
#include "indexer/structure/file_name_pattern.h"
#include "indexer/structure/head_table.h"
#include "indexer/structure/lines.h"
#include "indexer/structure/remark.h"

namespace policykb {

// Document id of a file that names none: its path without extension, "/" as ".", what an id may not
// hold as "-".
std::string DocumentIdFromPath(std::string_view relative_path);

// `words` with "/" as "." and what an id may not hold as "-"; "-" for no words.
std::string IdFromWords(std::string_view words);

// Fills what is still empty: id and kind by the path, title, number, issuer, dates and language by
// the text; names where the text says something else than the metadata. What `head` says counts
// before the text's own lines. `name` is what the file's name says unless its collection declares
// what names say: there a title is only better than none, and a version date only a day before
// which this revision was not there.
// REQUIRES: `document` has its text, source_path and the provisions of the outline.
void ApplyText(const std::vector<HeadField>& head, const std::vector<TextLine>& lines,
               size_t header_lines, bool has_articles, const std::optional<FileNameValues>& name,
               Document& document, std::vector<Remark>& remarks);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_METADATA_H_
