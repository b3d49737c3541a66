// FileNamePattern: what the names of a collection's files say, as its collection.toml declares it:
// file_name = "{title}({version}).md".
//
// Not for folders above the file. Const after Parse, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_FILE_NAME_PATTERN_H_
#define POLICYKB_INDEXER_STRUCTURE_FILE_NAME_PATTERN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/civil_date.h"

namespace policykb {

// What a name says; empty where the pattern has no such placeholder.
struct FileNameValues {
  std::string title;
  std::optional<CivilDate> version;
  std::string number;
  std::string region;
};

class FileNamePattern {
 public:
  // Placeholders: {title}, {number}, {region} (one character or more), {version} (YYYY-MM-DD), {*}
  // (anything, also nothing); all else stands for itself, a full-width bracket for an ASCII one and
  // the other way round. Errors: InvalidArgument (unknown or repeated placeholder, two of open
  // length side by side, too long).
  static absl::StatusOr<FileNamePattern> Parse(std::string_view pattern);

  // What the name of the file at that path says; nullopt when the name is not of this form. Where
  // there is a choice, earlier placeholders take as much as they can.
  std::optional<FileNameValues> Match(std::string_view relative_path) const;

  const std::string& text() const { return text_; }

 private:
  enum class Part : uint8_t { kLiteral, kTitle, kVersion, kNumber, kRegion, kAnything };
  struct Piece {
    Part part = Part::kLiteral;
    std::u32string literal;  // of kLiteral, folded
  };
  class Matcher;

  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_FILE_NAME_PATTERN_H_
