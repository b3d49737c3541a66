// Collections: what the `collection.toml` files of a corpus say of the files below their folders.
//
// A file's settings are those of its own folder's collection.toml over those of the folders above.
// Not for what a file says of itself (sidecar, front matter: structure/metadata). Const after
// Parse, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_COLLECTION_H_
#define POLICYKB_INDEXER_STRUCTURE_COLLECTION_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/readers/reader.h"

namespace policykb {

// Names of the files that are no documents but speak of documents.
inline constexpr std::string_view kCollectionFile = "collection.toml";
inline constexpr std::string_view kSidecarSuffix = ".meta.toml";

struct CollectionSettings {
  std::vector<FrontMatterEntry> defaults;  // values of metadata keys
  // Digest of everything here: a file must be parsed again when it changes.
  std::string digest;
};

class Collections {
 public:
  // `files`: relative path and bytes of each collection.toml. A file that cannot be read is named
  // in problems() with its line and counts as absent.
  static Collections Parse(const std::vector<std::pair<std::string, std::string>>& files);

  // Settings of the file at `relative_path`. Valid as long as this object.
  const CollectionSettings& For(std::string_view relative_path) const;
  // One line each: file, line, what is wrong.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  std::map<std::string, CollectionSettings, std::less<>> by_folder_;
  CollectionSettings none_;
  std::vector<std::string> problems_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_STRUCTURE_COLLECTION_H_
