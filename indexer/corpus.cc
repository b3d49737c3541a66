#include "indexer/corpus.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "core/base/checksum.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

// Files that may be read ahead of the one that is visited.
constexpr size_t kMostAhead = 64;

// Results that workers put in any order and one thread takes in order.
class OrderedResults {
 public:
  explicit OrderedResults(size_t count) : results_(count), ready_(count, false) {}

  // The next file to read, or the number of files when there is none left.
  size_t Claim() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &OrderedResults::MayClaim));
    return stopped_ ? results_.size() : std::min(next_++, results_.size());
  }
  void Put(size_t i, ReadFileResult result) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    results_[i] = std::move(result);
    ready_[i] = true;
  }
  ReadFileResult Take(size_t i) ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    taken_ = i;
    mutex_.Await(absl::Condition(this, &OrderedResults::IsReady));
    ReadFileResult result = std::move(results_[i]);
    taken_ = i + 1;
    return result;
  }
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_) {
    const absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }

 private:
  bool MayClaim() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopped_ || next_ >= results_.size() || next_ < taken_ + kMostAhead;
  }
  bool IsReady() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return ready_[taken_]; }

  absl::Mutex mutex_;
  std::vector<ReadFileResult> results_ ABSL_GUARDED_BY(mutex_);
  std::vector<bool> ready_ ABSL_GUARDED_BY(mutex_);
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t taken_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

std::string IdTakenReason(std::string_view id_place, std::string_view id, std::string_view path) {
  return Cat(id_place, id_place.empty() ? "" : ": ", "id ", id, " is already taken by ", path);
}

absl::StatusOr<Corpus> Corpus::Open(const std::string& folder) {
  ASSIGN_OR_RETURN_IN(const std::vector<ListedFile> listed, ListFilesBelow(folder), "corpus");
  Corpus corpus;
  corpus.folder_ = folder;
  CorpusFiles files = SortCorpusFiles(listed);
  corpus.collections_ = ReadCollections(folder, files);
  corpus.editorial_ = ReadEditorialFiles(folder);
  for (std::string& path : files.other)
    corpus.unread_.push_back({.path = std::move(path), .reason = "format is not read"});
  corpus.problems_ = std::move(files.problems);
  for (const std::string& problem : corpus.collections_.problems())
    corpus.problems_.push_back(problem);
  corpus.files_ = std::move(files.documents);
  return corpus;
}

ReadFileResult Corpus::ReadOne(const CorpusFile& file,
                               const std::map<std::string, std::string>& known) const {
  ReadFileResult result;
  result.path = file.path;
  const auto read = ReadWithSidecar(folder_, file);
  if (!read.ok()) {
    result.documents = read.status();
    return result;
  }
  const auto& [bytes, sidecar] = *read;
  result.bytes = bytes.size();
  const CollectionSettings& settings = collections_.For(file.path);
  Digest digest;
  digest.Add(int64_t{kParserVersion});
  digest.Add(settings.digest);
  digest.Add(sidecar);
  digest.Add(bytes);
  result.digest = digest.Hex();
  const auto before = known.find(file.path);
  if (before != known.end() && before->second == result.digest) {
    result.unchanged = true;
    return result;
  }
  result.documents = ParseFile(
      {.relative_path = file.path, .bytes = bytes, .sidecar = sidecar, .collection = &settings});
  return result;
}

absl::Status Corpus::Read(int threads, const std::map<std::string, std::string>& known,
                          const std::function<absl::Status(ReadFileResult)>& visit) const {
  OrderedResults results(files_.size());
  std::vector<std::thread> workers;
  for (int i = 0; i < std::max(threads, 1); ++i) {
    workers.emplace_back([&] {
      for (size_t at = results.Claim(); at < files_.size(); at = results.Claim())
        results.Put(at, ReadOne(files_[at], known));
    });
  }
  absl::Status status;
  for (size_t i = 0; i < files_.size() && status.ok(); ++i) status = visit(results.Take(i));
  results.Stop();
  for (std::thread& worker : workers) worker.join();
  return status;
}

}  // namespace policykb
