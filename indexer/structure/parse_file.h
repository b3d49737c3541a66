// ParseFile: the bytes of one file -> a Document with its provisions and passages.
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

namespace policykb {

struct ParsedFile {
  Document document;
  std::vector<Passage> passages;  // in order of the text
  std::vector<std::string>
      warnings;  // one line each: what looked odd, with the line number; never fatal
};

// True when the name ends in a format that is read (.md, .markdown, .txt).
bool IsReadableFormat(std::string_view relative_path);

// `relative_path` is relative to the corpus root, with '/'.
// Errors: InvalidArgument (not UTF-8: with the byte offset; front matter that is wrong: with the
// line; no text at all; a file larger than 64 MiB), Unimplemented (format not read).
absl::StatusOr<ParsedFile> ParseFile(std::string_view relative_path, std::string_view bytes);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_PARSE_FILE_H_
