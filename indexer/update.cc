#include <map>
#include <memory>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/publish.h"
#include "indexer/editorial_targets.h"
#include "indexer/pipeline.h"

namespace policykb {

namespace {

// Fewer may go at once whatever their share.
constexpr size_t kFewRemoved = 10;

// What a corpus on disk differs by from what the base was read from.
class Difference {
 public:
  Difference(const BaseState& base, UpdateReport& report) : base_(base), report_(report) {}

  absl::StatusOr<Change> Find(const Corpus& corpus, int threads, Stages& stages) {
    std::map<std::string, std::string> known;
    for (const auto& [path, file] : base_.files) known.emplace(path, file.digest);
    size_t done = 0;
    RETURN_IF_ERROR(corpus.Read(threads, known, [&](ReadFileResult file) {
      report_.corpus.bytes += file.bytes;
      stages.Tell(static_cast<double>(++done) / static_cast<double>(corpus.files()));
      seen_.insert(file.path);
      if (file.unchanged) return absl::OkStatus();
      if (file.documents.ok()) {
        changed_.push_back(std::move(file));
      } else {
        Skip(file.path, std::string(file.documents.status().message()));
        unreadable_.insert(file.path);
      }
      return absl::OkStatus();
    }));
    for (const auto& [path, file] : base_.files) {
      if (seen_.contains(path) || IsInUnreadableFolder(path)) continue;
      change_.removed_files.insert(path);
      change_.removed.insert(file.documents.begin(), file.documents.end());
    }
    report_.changed_files = changed_.size();
    report_.removed_files = change_.removed_files.size();
    // What changed files held is free for other files before any of them takes an id.
    for (const ReadFileResult& file : changed_) {
      const auto before = base_.files.find(file.path);
      if (before == base_.files.end()) continue;
      change_.removed.insert(before->second.documents.begin(), before->second.documents.end());
    }
    for (ReadFileResult& file : changed_) TakeFile(file);
    return std::move(change_);
  }

 private:
  void Skip(const std::string& path, std::string reason) {
    report_.corpus.skipped.push_back({.path = path, .reason = std::move(reason)});
  }

  // What cannot be listed is not known to be gone.
  bool IsInUnreadableFolder(const std::string& path) const {
    for (size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      if (unreadable_.contains(path.substr(0, slash))) return true;
    }
    return false;
  }

  // Without a digest the file is read, and what is wrong with it told, by every update.
  void Refuse(FileRecord& record, std::string reason) {
    Skip(record.path, std::move(reason));
    record.digest.clear();
  }

  void TakeFile(ReadFileResult& file) {
    FileRecord record = {.path = file.path, .digest = file.digest, .documents = {}};
    for (ParsedDocument& parsed : *file.documents) {
      const std::string id = parsed.document.id;
      const auto stored = base_.documents.find(id);
      const auto taken = taken_.find(id);
      if (parsed.passages.empty()) {
        Refuse(record, "no text below its headings");
        continue;
      }
      for (const std::string& warning : parsed.warnings)
        report_.corpus.warnings.push_back(Cat(file.path, ": ", warning));
      for (const std::string& part : parsed.left_out) {
        report_.corpus.left_out.push_back(Cat(file.path, ": ", part));
        record.digest.clear();
      }
      if (base_.withdrawn.contains(id)) {
        report_.corpus.withdrawn.push_back(id);
      } else if (taken != taken_.end()) {
        Refuse(record, IdTakenReason(parsed.id_place, id, taken->second));
      } else if (stored != base_.documents.end() && !change_.removed.contains(id)) {
        Refuse(record, IdTakenReason(parsed.id_place, id, stored->second.document.source_path));
      } else {
        taken_.emplace(id, file.path);
        record.documents.push_back(id);
        change_.documents.push_back(std::move(parsed));
      }
    }
    change_.files.push_back(std::move(record));
  }

  const BaseState& base_;
  UpdateReport& report_;
  Change change_;
  std::set<std::string> seen_;
  std::set<std::string> unreadable_;
  std::vector<ReadFileResult> changed_;
  std::map<std::string, std::string> taken_;  // id -> path, of changed files
};

// Refuses a corpus that lost so much that a mistake is likelier than an intention.
absl::Status CheckRemovals(const UpdateOptions& options, const BaseState& base,
                           const Change& change) {
  std::set<std::string> gone = change.removed;
  for (const ParsedDocument& parsed : change.documents) gone.erase(parsed.document.id);
  const double share = static_cast<double>(gone.size()) /
                       static_cast<double>(std::max<size_t>(base.documents.size(), 1));
  if (gone.size() <= kFewRemoved || share <= options.most_removed) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Cat("corpus ", options.corpus, ": ", gone.size(), " of ", base.documents.size(),
          " documents are gone, expected at most ", static_cast<int>(options.most_removed * 100),
          " %; is the folder complete? --most-removed allows more"));
}

}  // namespace

absl::StatusOr<UpdateReport> Update(const UpdateOptions& options, const Progress& progress) {
  UpdateReport report;
  Stages stages(progress);
  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock,
                   KnowledgeBaseLock::Acquire(options.kb));
  RETURN_IF_ERROR(RemoveDebris(options.kb));
  stages.Begin("read");
  ASSIGN_OR_RETURN(const BaseState base, ReadBaseState(options.kb));
  ASSIGN_OR_RETURN(const Corpus corpus, Corpus::Open(options.corpus));
  report.corpus.files = corpus.files();
  report.corpus.unread = corpus.unread();
  report.corpus.warnings = corpus.problems();
  ASSIGN_OR_RETURN(Change change, Difference(base, report).Find(corpus, options.threads, stages));
  RETURN_IF_ERROR(CheckRemovals(options, base, change));
  change.editorial = corpus.editorial().Over(base.editorial);
  ASSIGN_OR_RETURN(report.change, ApplyChange(options.kb, base, change, stages));
  // Told with what else is wrong with the corpus.
  report.corpus.Add(std::exchange(report.change.revisions, {}));
  const Manifest* manifest = &base.manifest;
  Manifest written;
  if (!report.change.snapshot.empty()) {
    ASSIGN_OR_RETURN(written, ReadManifest(options.kb, report.change.snapshot, ""));
    manifest = &written;
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> pointless,
                   PointlessEntriesIn(options.kb, manifest->segments, corpus.editorial()));
  report.corpus.Add(corpus.editorial(), pointless);
  if (!report.change.snapshot.empty()) {
    RETURN_IF_ERROR(KeepRunReport(options.kb, report.change.snapshot, report.corpus.Findings()));
    if (options.publish == Publish::kNow)
      RETURN_IF_ERROR(MakeLive(options.kb, report.change.snapshot));
  }
  report.stage_seconds = stages.seconds();
  return report;
}

absl::StatusOr<ChangeReport> Withdraw(const std::string& kb, const std::vector<std::string>& ids,
                                      Withdrawal direction, Publish publish) {
  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock, KnowledgeBaseLock::Acquire(kb));
  RETURN_IF_ERROR(RemoveDebris(kb));
  ASSIGN_OR_RETURN(const BaseState base, ReadBaseState(kb));
  Change change;
  std::set<std::string> read_again;
  std::vector<std::string> unknown;
  for (const std::string& id : ids) {
    const auto document = base.documents.find(id);
    const auto withdrawn = base.withdrawn.find(id);
    if (direction == Withdrawal::kWithdraw && document != base.documents.end()) {
      change.removed.insert(id);
      change.withdrawn.emplace(id, document->second.document.source_path);
    } else if (direction == Withdrawal::kReadmit && withdrawn != base.withdrawn.end()) {
      change.readmitted.insert(id);
      read_again.insert(withdrawn->second);
    } else {
      unknown.push_back(id);
    }
  }
  if (!unknown.empty()) {
    return absl::NotFoundError(
        Cat(kb, ": ", direction == Withdrawal::kWithdraw ? "no document " : "not withdrawn: ",
            Join(unknown, ", ")));
  }
  for (const auto& [path, file] : base.files) {
    FileRecord record = file;
    std::erase_if(record.documents,
                  [&](const std::string& id) { return change.removed.contains(id); });
    // What comes back is read by the next update.
    if (read_again.contains(path)) record.digest.clear();
    if (!(record == file)) change.files.push_back(std::move(record));
  }
  Stages stages(nullptr);
  ASSIGN_OR_RETURN(ChangeReport report, ApplyChange(kb, base, change, stages));
  if (publish == Publish::kNow) RETURN_IF_ERROR(MakeLive(kb, report.snapshot));
  return report;
}

}  // namespace policykb
