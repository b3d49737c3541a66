#include "tools/corpus_maker.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <tuple>
#include <utility>

#include "core/base/checksum.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "tools/text_variation.h"

namespace policykb {

namespace {

struct Source {
  std::string path;
  std::string below;  // where its copies go, relative to the folder of a round
};

absl::StatusOr<std::vector<Source>> ListSources(const std::vector<std::string>& folders) {
  std::vector<Source> sources;
  for (size_t i = 0; i < folders.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<ListedFile> files, ListFilesBelow(folders[i]));
    for (const ListedFile& file : files) {
      RETURN_IF_ERROR(file.status);
      const std::string& path = file.relative_path;
      if (!path.ends_with(".md") && !path.ends_with(".txt")) continue;
      sources.push_back({.path = JoinPath(folders[i], path), .below = Cat("from", i, "/", path)});
    }
  }
  return sources;
}

// Without syncing: what a crash spoils is made again.
absl::Status WriteCopy(const std::string& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (out) return absl::OkStatus();
  const std::string message = Cat(path, ": write: ", std::strerror(errno));
  return errno == ENOSPC ? absl::ResourceExhaustedError(message)
                         : absl::PermissionDeniedError(message);
}

// A different order for each round, so that the last, partial round is a mixture too.
void OrderForRound(std::vector<Source>& sources, uint64_t seed, uint64_t round) {
  std::vector<std::pair<uint64_t, Source>> keyed;
  keyed.reserve(sources.size());
  for (Source& source : sources)
    keyed.emplace_back(Checksum64(Cat(seed, "/", round, "/", source.below)), std::move(source));
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.below) < std::tie(b.first, b.second.below);
  });
  for (size_t i = 0; i < sources.size(); ++i) sources[i] = std::move(keyed[i].second);
}

}  // namespace

absl::StatusOr<MadeCorpus> MakeCorpus(const MakeCorpusOptions& options) {
  ASSIGN_OR_RETURN(std::vector<Source> sources, ListSources(options.from));
  RETURN_IF_ERROR(MakeFolders(options.to));
  ASSIGN_OR_RETURN(const std::vector<std::string> present, ListNames(options.to));
  if (!present.empty()) {
    return absl::FailedPreconditionError(
        Cat(options.to, ": holds ", present[0], ", expected an empty folder"));
  }
  MadeCorpus made{.sources = sources.size()};
  std::set<std::string> folders;
  for (uint64_t round = 1; made.articles < options.articles; ++round) {
    const uint64_t before = made.articles;
    OrderForRound(sources, options.seed, round);
    for (const Source& source : sources) {
      if (made.articles >= options.articles) break;
      ASSIGN_OR_RETURN(const std::string text, ReadFile(source.path));
      const uint64_t key = Checksum64(Cat(options.seed, "/", source.below));
      const VariedDocument varied = VaryDocument(text, key, round);
      const std::string path = JoinPath(options.to, Cat("round", round, "/", source.below));
      const std::string folder = path.substr(0, path.rfind('/'));
      if (folders.insert(folder).second) RETURN_IF_ERROR(MakeFolders(folder));
      RETURN_IF_ERROR(WriteCopy(path, varied.text));
      ++made.documents;
      made.articles += varied.articles;
      made.bytes += varied.text.size();
    }
    if (made.articles == before) {
      return absl::InvalidArgumentError(Cat("make-corpus: no article in ", sources.size(),
                                            " .md and .txt files below ",
                                            Join(options.from, ", ")));
    }
  }
  return made;
}

absl::StatusOr<std::vector<std::string>> TouchCorpus(const std::string& corpus, uint64_t documents,
                                                     uint64_t round) {
  ASSIGN_OR_RETURN(const std::vector<ListedFile> files, ListFilesBelow(corpus));
  std::vector<std::string> touched;
  std::set<size_t> taken;
  for (uint64_t i = 0; i < documents && documents <= files.size(); ++i) {
    size_t at = static_cast<size_t>(i * files.size() / documents + round) % files.size();
    // A file without an article, or taken already, leaves its turn to the next.
    for (size_t tried = 0; tried < files.size(); ++tried, at = (at + 1) % files.size()) {
      if (!taken.insert(at).second) continue;
      RETURN_IF_ERROR(files[at].status);
      std::string path = JoinPath(corpus, files[at].relative_path);
      ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
      const std::string changed = ChangeOneSentence(text, round);
      if (changed.empty()) continue;
      RETURN_IF_ERROR(WriteFileAtomically(path, changed));
      touched.push_back(std::move(path));
      break;
    }
  }
  if (touched.size() < documents) {
    return absl::InvalidArgumentError(Cat(corpus, ": ", touched.size(), " of ", files.size(),
                                          " files changed, expected ", documents));
  }
  return touched;
}

}  // namespace policykb
