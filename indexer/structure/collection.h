// Collections: what the `collection.toml` files of a corpus say of the files below their folders.
//
//   kind = "regulation"                     # any key of metadata but id, title and supersedes
//   visibility = ["staff"]                  # also bounds what the files below may say
//   file_name = "{title}({version}).md"     # file_name_pattern.h
//   scanned = "recognise"                   # PDF files of page images are read by OCR
//   [items]                                 # columns of lists of service items
//   title = "shi xiang ming cheng"          # service_list.h
//
// A file's settings are those of its own folder's collection.toml over those of the folders above,
// key by key; labels only become fewer downwards. Not for what a file says of itself (sidecar.h,
// metadata.h). Const after Parse, any thread.

#ifndef POLICYKB_INDEXER_STRUCTURE_COLLECTION_H_
#define POLICYKB_INDEXER_STRUCTURE_COLLECTION_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "indexer/readers/reader.h"
#include "indexer/structure/file_name_pattern.h"

namespace policykb {

// Names of the files that are no documents but speak of documents.
inline constexpr std::string_view kCollectionFile = "collection.toml";
inline constexpr std::string_view kSidecarSuffix = ".meta.toml";

// Which column of a list of service items is what.
struct ItemColumns {
  std::string title;
  std::string id;                                             // empty: the title names the item
  std::vector<std::pair<std::string, std::string>> metadata;  // key, column
  std::optional<std::vector<std::string>> sections;           // nullopt: all other columns
};

struct CollectionSettings {
  std::vector<FrontMatterEntry> defaults;  // values of metadata keys
  std::optional<FileNamePattern> file_name;
  std::optional<ItemColumns> items;
  PdfOptions::Scanned scanned = PdfOptions::Scanned::kRefuse;
  // Labels of which a file's own must be; nullopt for any.
  std::optional<std::vector<std::string>> visibility_bound;
  // Why no file below can be read: a collection.toml that says nothing certain could have said that
  // they are not public. Empty for none.
  std::string error;
  // Digest of everything here: a file must be parsed again when it changes.
  std::string digest;
};

class Collections {
 public:
  // `files`: relative path and bytes of each collection.toml. One that says nothing certain is
  // named in problems() with its line, and the files below it are refused by ParseFile. The same
  // for `unreadable`: path and reason of those whose bytes could not be had.
  static Collections Parse(const std::vector<std::pair<std::string, std::string>>& files,
                           const std::vector<std::pair<std::string, std::string>>& unreadable = {});

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
