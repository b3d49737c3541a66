// ParseFile: the bytes of one file -> its documents with their provisions and passages.
//
// Everything between the file system and the index, without touching either: encoding, format,
// metadata, structure, passages. Pure function of its arguments, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_PARSE_FILE_H_
#define POLICYKB_INDEXER_STRUCTURE_PARSE_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/snapshot/records.h"
#include "indexer/readers/sheet.h"
#include "indexer/structure/collection.h"
#include "indexer/structure/remark.h"

namespace policykb {

struct ParsedDocument {
  Document document;
  std::vector<Passage> passages;  // in order of the text
  std::string id_place;           // where its id stands, "line 2"; empty: by its path
  std::vector<std::string>
      warnings;  // one line each: what looked odd, with the line number; never fatal
  // One line each: what of the file gives no document, with the line number.
  std::vector<std::string> left_out;
  std::vector<Remark> remarks;  // all of these and what only lint tells
};

// Raised whenever equal bytes may give other documents than before: files are then parsed again.
inline constexpr int kParserVersion = 5;

// A file of the corpus with everything that says what it is.
struct SourceFile {
  std::string_view relative_path;  // to the corpus root, with '/'
  std::string_view bytes;
  std::string_view sidecar = {};                   // bytes of <file>.meta.toml; empty for none
  const CollectionSettings* collection = nullptr;  // null: none
};

// True when the name ends in a format that is read (.md, .markdown, .txt, .html, .htm, .docx,
// .pdf), or in .doc, which is refused with what to do.
bool IsReadableFormat(std::string_view relative_path);

// At least one document; more than one for a list of service guides.
// Errors: InvalidArgument (bytes of no encoding: with the byte offset; metadata that is wrong: with
// the line, and the sidecar's name where it stands there; labels of which the collection allows
// none; a collection that could not be read; no text at all; a file larger than 64 MiB),
// Unimplemented (format not read); those of the reader. Messages are one line each.
absl::StatusOr<std::vector<ParsedDocument>> ParseFile(const SourceFile& file);

// The documents of a list of service items, one row one guide; a row whose metadata is wrong is
// left out and named among the remarks of the first document. Errors: as ParseFile; InvalidArgument
// (the collection names no columns; no row gives a document).
absl::StatusOr<std::vector<ParsedDocument>> ParseServiceList(const SourceFile& file,
                                                             const std::vector<Sheet>& sheets);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PARSE_FILE_H_
