#include "indexer/corpus_files.h"

#include <cstdint>
#include <set>
#include <string_view>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "indexer/editorial_files.h"
#include "indexer/structure/parse_file.h"

namespace policykb {
namespace {

constexpr uint64_t kMaxDocumentBytes = uint64_t{64} << 20;
constexpr uint64_t kMaxTomlBytes = uint64_t{1} << 20;

bool IsCollectionFile(std::string_view path) {
  return path == kCollectionFile || path.ends_with(Cat("/", kCollectionFile));
}

}  // namespace

CorpusFiles SortCorpusFiles(const std::vector<ListedFile>& listed) {
  CorpusFiles files;
  std::set<std::string_view> paths;
  for (const ListedFile& file : listed) paths.insert(file.relative_path);
  for (const ListedFile& file : listed) {
    const std::string& path = file.relative_path;
    if (!file.status.ok()) {
      files.documents.push_back({.path = path, .sidecar = "", .status = file.status});
    } else if (IsCollectionFile(path)) {
      files.collections.push_back(path);
    } else if (IsEditorialFile(path)) {
      continue;
    } else if (path.ends_with(kSidecarSuffix)) {
      const std::string_view of =
          std::string_view(path).substr(0, path.size() - kSidecarSuffix.size());
      if (!paths.contains(of))
        files.problems.push_back(Cat(path, ": sidecar without its file ", of));
    } else if (!IsReadableFormat(path)) {
      files.other.push_back(path);
    } else {
      std::string sidecar = Cat(path, kSidecarSuffix);
      if (!paths.contains(sidecar)) sidecar.clear();
      files.documents.push_back(
          {.path = path, .sidecar = std::move(sidecar), .status = absl::OkStatus()});
    }
  }
  return files;
}

Collections ReadCollections(const std::string& corpus, const CorpusFiles& files) {
  std::vector<std::pair<std::string, std::string>> read, unreadable;
  for (const std::string& path : files.collections) {
    absl::StatusOr<std::string> bytes = ReadFile(JoinPath(corpus, path), kMaxTomlBytes);
    if (bytes.ok()) {
      read.emplace_back(path, *std::move(bytes));
    } else {
      unreadable.emplace_back(path, std::string(bytes.status().message()));
    }
  }
  return Collections::Parse(read, unreadable);
}

absl::StatusOr<std::pair<std::string, std::string>> ReadWithSidecar(const std::string& corpus,
                                                                    const CorpusFile& file) {
  RETURN_IF_ERROR(file.status);
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(JoinPath(corpus, file.path), kMaxDocumentBytes));
  std::string sidecar;
  if (!file.sidecar.empty()) {
    ASSIGN_OR_RETURN(sidecar, ReadFile(JoinPath(corpus, file.sidecar), kMaxTomlBytes));
  }
  return std::pair(std::move(bytes), std::move(sidecar));
}

}  // namespace policykb
