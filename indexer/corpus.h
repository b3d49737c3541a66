// Corpus: the folder that a data team keeps, read file by file.
//
// Knows which files are documents, which say what others are (collection.toml, sidecars), and
// whether a file differs from what was read before, by content, never by its time. Not for what the
// text means (structure/parse_file). Used by one thread, which it gives others to read with.

#ifndef POLICYKB_INDEXER_CORPUS_H_
#define POLICYKB_INDEXER_CORPUS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "indexer/corpus_files.h"
#include "indexer/editorial_files.h"
#include "indexer/structure/parse_file.h"

namespace policykb {

// Something a person should look at.
struct FileProblem {
  std::string path;    // relative to the corpus
  std::string reason;  // one line
};

// Why a document is left out whose id the file at `path` has: `id_place` of ParsedDocument.
std::string IdTakenReason(std::string_view id_place, std::string_view id, std::string_view path);

// A file as it was found.
struct ReadFileResult {
  std::string path;
  std::string digest;  // empty when it could not be read
  uint64_t bytes = 0;
  bool unchanged = false;  // the digest is the known one; not parsed then
  absl::StatusOr<std::vector<ParsedDocument>> documents = std::vector<ParsedDocument>();
};

class Corpus {
 public:
  // Lists the folder and reads its collection.toml and editorial files. Errors: NotFound,
  // PermissionDenied, FailedPrecondition (not a folder).
  static absl::StatusOr<Corpus> Open(const std::string& folder);

  // Number of files that are documents by their names.
  size_t files() const { return files_.size(); }
  // Files of a format that is not read.
  const std::vector<FileProblem>& unread() const { return unread_; }
  // Collections and sidecars that cannot be used.
  const std::vector<std::string>& problems() const { return problems_; }

  const EditorialFiles& editorial() const { return editorial_; }

  // Reads every file with `threads` threads, parses those whose digest is not the one in `known`,
  // and calls `visit` for each in order of path, on the calling thread. Ends with the first error
  // of `visit`.
  absl::Status Read(int threads, const std::map<std::string, std::string>& known,
                    const std::function<absl::Status(ReadFileResult)>& visit) const;

 private:
  ReadFileResult ReadOne(const CorpusFile& file,
                         const std::map<std::string, std::string>& known) const;

  std::string folder_;
  std::vector<CorpusFile> files_;  // ascending by path
  Collections collections_;
  EditorialFiles editorial_;
  std::vector<FileProblem> unread_;
  std::vector<std::string> problems_;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_CORPUS_H_
