#include "indexer/pipeline.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/record_codec.h"
#include "core/snapshot/record_store.h"
#include "core/snapshot/segment.h"
#include "core/text/analyzer.h"
#include "indexer/revisions.h"
#include "indexer/structure/parse_file.h"

namespace policykb {

namespace {

constexpr uint64_t kMaxFileBytes = uint64_t{64} << 20;

// Tells the progress and keeps the seconds of each stage.
class Stages {
 public:
  Stages(const BuildProgress& progress, BuildReport& report)
      : progress_(progress), report_(report) {}

  void Begin(std::string name) {
    End();
    name_ = std::move(name);
    begun_ = absl::Now();
    Tell(0);
  }
  void Tell(double fraction) const {
    if (progress_) progress_(name_, fraction);
  }
  void End() {
    if (name_.empty()) return;
    Tell(1);
    report_.stage_seconds.emplace_back(name_, absl::ToDoubleSeconds(absl::Now() - begun_));
    name_.clear();
  }

 private:
  const BuildProgress& progress_;
  BuildReport& report_;
  std::string name_;
  absl::Time begun_;
};

struct ReadFileResult {
  absl::StatusOr<std::vector<ParsedDocument>> parsed = absl::UnknownError("not read");
  uint64_t bytes = 0;
};

ReadFileResult ReadAndParse(const std::string& corpus, const ListedFile& file) {
  ReadFileResult result;
  if (!file.status.ok()) {
    result.parsed = file.status;
    return result;
  }
  const absl::StatusOr<std::string> bytes =
      ReadFile(JoinPath(corpus, file.relative_path), kMaxFileBytes);
  if (!bytes.ok()) {
    result.parsed = bytes.status();
    return result;
  }
  result.bytes = bytes->size();
  result.parsed = ParseFile({.relative_path = file.relative_path, .bytes = *bytes});
  return result;
}

// Parses all files on `threads` threads; results in the order of `files`.
std::vector<ReadFileResult> ParseAll(const std::string& corpus,
                                     const std::vector<ListedFile>& files, int threads,
                                     const Stages& stages) {
  std::vector<ReadFileResult> results(files.size());
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next.fetch_add(1); i < files.size(); i = next.fetch_add(1)) {
      results[i] = ReadAndParse(corpus, files[i]);
    }
  };
  std::vector<std::thread> workers;
  for (int i = 1; i < threads; ++i) workers.emplace_back(work);
  // The calling thread works too and is the one that tells.
  for (size_t i = next.fetch_add(1); i < files.size(); i = next.fetch_add(1)) {
    results[i] = ReadAndParse(corpus, files[i]);
    stages.Tell(static_cast<double>(i) / static_cast<double>(files.size()));
  }
  for (std::thread& worker : workers) worker.join();
  return results;
}

// Documents that made it, by id; what did not goes into the report.
absl::StatusOr<std::vector<ParsedDocument>> ReadCorpus(const BuildOptions& options, Stages& stages,
                                                       BuildReport& report) {
  stages.Begin("read");
  ASSIGN_OR_RETURN_IN(const std::vector<ListedFile> listed, ListFilesBelow(options.corpus),
                      "corpus");
  std::vector<ListedFile> files;
  for (const ListedFile& file : listed) {
    if (file.status.ok() && !IsReadableFormat(file.relative_path)) {
      report.unread.push_back({.path = file.relative_path, .reason = "format is not read"});
    } else {
      files.push_back(file);
    }
  }
  std::vector<ReadFileResult> results =
      ParseAll(options.corpus, files, std::max(1, options.threads), stages);
  std::map<std::string, ParsedDocument> by_id;
  for (size_t i = 0; i < files.size(); ++i) {
    report.corpus_bytes += results[i].bytes;
    const std::string& path = files[i].relative_path;
    if (!results[i].parsed.ok()) {
      report.skipped.push_back(
          {.path = path, .reason = std::string(results[i].parsed.status().message())});
      continue;
    }
    ParsedDocument& parsed = results[i].parsed->front();
    for (const std::string& warning : parsed.warnings)
      report.warnings.push_back(Cat(path, ": ", warning));
    if (parsed.passages.empty()) {
      report.skipped.push_back({.path = path, .reason = "no text below its headings"});
      continue;
    }
    const std::string id = parsed.document.id;
    const auto [found, added] = by_id.try_emplace(id, std::move(parsed));
    if (!added) {
      report.skipped.push_back(
          {.path = path,
           .reason = Cat("id ", id, " is already taken by ", found->second.document.source_path)});
    }
  }
  if (by_id.empty()) {
    return absl::InvalidArgumentError(Cat(
        "corpus ", options.corpus, ": no document in ", listed.size(), " files could be read",
        report.skipped.empty() ? "" : "; first: ",
        report.skipped.empty() ? "" : report.skipped[0].path, report.skipped.empty() ? "" : ": ",
        report.skipped.empty() ? "" : report.skipped[0].reason));
  }
  std::vector<ParsedDocument> documents;
  documents.reserve(by_id.size());
  for (auto& [id, parsed] : by_id) documents.push_back(std::move(parsed));
  std::vector<Document*> pointers;
  pointers.reserve(documents.size());
  for (ParsedDocument& parsed : documents) pointers.push_back(&parsed.document);
  for (std::string& problem : LinkRevisions(pointers))
    report.warnings.push_back(std::move(problem));
  return documents;
}

std::vector<std::string> EmbeddingTexts(const std::vector<Passage>& passages) {
  std::vector<std::string> texts;
  texts.reserve(passages.size());
  for (const Passage& passage : passages) texts.push_back(EmbeddingText(passage));
  return texts;
}

std::vector<std::string_view> Views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

absl::Status TrainEmbedder(const std::vector<ParsedDocument>& documents,
                           const BuildOptions& options, const std::string& folder,
                           const Stages& stages) {
  std::vector<std::string> texts;
  for (const ParsedDocument& parsed : documents) {
    for (std::string& text : EmbeddingTexts(parsed.passages)) texts.push_back(std::move(text));
  }
  RETURN_IF_ERROR(RemoveAll(folder));
  RETURN_IF_ERROR(MakeFolders(folder));
  return TrainCorpusEmbedder(Views(texts), options.embedder, folder,
                             [&](double fraction) { stages.Tell(fraction); });
}

}  // namespace

absl::StatusOr<BuildReport> Build(const BuildOptions& options, const BuildProgress& progress) {
  BuildReport report;
  Stages stages(progress, report);
  ASSIGN_OR_RETURN(const std::vector<ParsedDocument> documents,
                   ReadCorpus(options, stages, report));

  ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock,
                   KnowledgeBaseLock::Acquire(options.kb));
  RETURN_IF_ERROR(RemoveDebris(options.kb));
  const absl::Time now = absl::Now();
  const std::string id = NewSnapshotId(options.kb, now);
  const std::string embedder_folder =
      Cat(JoinPath(JoinPath(options.kb, kSegmentsFolder), id), "-embedder.tmp");

  stages.Begin("train embedder");
  RETURN_IF_ERROR(TrainEmbedder(documents, options, embedder_folder, stages));
  ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder, OpenCorpusEmbedder(embedder_folder));

  stages.Begin("index");
  ASSIGN_OR_RETURN(const std::unique_ptr<RecordStore> store,
                   RecordStore::OpenForWriting(JoinPath(options.kb, kStoreFolder)));
  RETURN_IF_ERROR(store->Clear());
  SegmentWriter segment(embedder->dimension());
  std::vector<StoredDocument> stored;
  for (size_t i = 0; i < documents.size(); ++i) {
    const Document& document = documents[i].document;
    const std::vector<Passage>& passages = documents[i].passages;
    const std::vector<std::string> texts = EmbeddingTexts(passages);
    ASSIGN_OR_RETURN(const std::vector<float> vectors, embedder->EmbedPassages(Views(texts)));
    segment.Add(document, passages, vectors);
    RETURN_IF_ERROR(store->Write(document, passages));
    stored.push_back({.document = document, .text_digest = TextDigest(document, passages)});
    stored.back().document.text.clear();
    report.passages += passages.size();
    stages.Tell(static_cast<double>(i + 1) / static_cast<double>(documents.size()));
  }
  report.documents = documents.size();

  stages.Begin("write segment");
  Manifest manifest;
  manifest.id = id;
  manifest.published_at = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
  manifest.analyzer_fingerprint = AnalyzerFingerprint();
  manifest.embedder_fingerprint = embedder->fingerprint();
  manifest.dimension = static_cast<uint32_t>(embedder->dimension());
  manifest.documents = report.documents;
  manifest.passages = report.passages;
  manifest.content_digest = ContentDigest(stored);
  ASSIGN_OR_RETURN(SegmentEntry entry, segment.Finish(options.kb, id));
  manifest.segments.push_back(std::move(entry));

  stages.Begin("publish");
  RETURN_IF_ERROR(PublishSnapshot(options.kb, manifest, *store, embedder_folder));
  RETURN_IF_ERROR(RemoveAll(embedder_folder));
  stages.End();

  report.snapshot = id;
  report.content_digest = manifest.content_digest;
  for (const std::string_view kind : {kSegmentsFolder, kSnapshotsFolder}) {
    ASSIGN_OR_RETURN(const uint64_t bytes, TreeSize(JoinPath(JoinPath(options.kb, kind), id)));
    report.snapshot_bytes += bytes;
  }
  return report;
}

}  // namespace policykb
