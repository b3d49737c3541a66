// CorpusFiles: the files below a corpus folder by what they are: documents with their sidecars,
// collection.toml files, and what is neither. Editorial files (editorial_files.h) are none of
// these.
//
// Not for reading documents (structure/parse_file.h). Functions, any thread.

#ifndef POLICYKB_INDEXER_CORPUS_FILES_H_
#define POLICYKB_INDEXER_CORPUS_FILES_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/files.h"
#include "indexer/structure/collection.h"

namespace policykb {

struct CorpusFile {
  std::string path;     // relative to the corpus, with '/'
  std::string sidecar;  // the same of <path>.meta.toml; empty for none
  absl::Status status;  // why it could not be looked at; then it may also be a folder
};

// All lists are sorted by path.
struct CorpusFiles {
  std::vector<CorpusFile> documents;
  std::vector<std::string> collections;
  std::vector<std::string> other;     // formats that are not read
  std::vector<std::string> problems;  // one line for each sidecar without its file
};

CorpusFiles SortCorpusFiles(const std::vector<ListedFile>& listed);

// The collections of a corpus. Files that cannot be read are named in their problems().
Collections ReadCollections(const std::string& corpus, const CorpusFiles& files);

// Bytes of a document and of its sidecar, which are empty where it has none. Errors: the file's
// status; as ReadFile.
absl::StatusOr<std::pair<std::string, std::string>> ReadWithSidecar(const std::string& corpus,
                                                                    const CorpusFile& file);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_CORPUS_FILES_H_
