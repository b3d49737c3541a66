// OoxmlPackage: an office file (.docx, .xlsx) as parts that refer to each other.
//
// Finds parts by their relationships, not by customary names. One thread at a time.

#ifndef POLICYKB_INDEXER_READERS_OOXML_PACKAGE_H_
#define POLICYKB_INDEXER_READERS_OOXML_PACKAGE_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "indexer/readers/zip_archive.h"

namespace policykb {

struct Relationship {
  std::string id;
  std::string type;  // the last component of its URI: "styles", "worksheet"
  std::string part;  // name of the zip entry it leads to
};

class OoxmlPackage {
 public:
  // `bytes` must outlive the package.
  // Errors: InvalidArgument (no zip archive; an old binary or an encrypted file: with what to do),
  // and those of ZipArchive and XmlReader.
  static absl::StatusOr<OoxmlPackage> Open(std::string_view bytes);

  // The part that the file is about.
  const std::string& main_part() const { return main_part_; }

  // What `part` leads to inside the package; empty for a part without relationships.
  absl::StatusOr<std::vector<Relationship>> Relationships(const std::string& part);

  // Bytes of a part. Errors: of ZipArchive::Read.
  absl::StatusOr<std::string> Read(const std::string& part) { return archive_.Read(part); }

  // Bytes of the part of that type, empty when there is none.
  absl::StatusOr<std::string> ReadRelated(const std::vector<Relationship>& relationships,
                                          std::string_view type);

 private:
  explicit OoxmlPackage(ZipArchive archive) : archive_(std::move(archive)) {}

  ZipArchive archive_;
  std::string main_part_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_READERS_OOXML_PACKAGE_H_
