#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/embedding/open_embedder.h"
#include "core/snapshot/publish.h"
#include "core/snapshot/segment.h"
#include "core/snapshot/vector_cache.h"
#include "core/text/analyzer.h"
#include "indexer/editorial_targets.h"
#include "indexer/embed_documents.h"
#include "indexer/pipeline.h"
#include "indexer/revisions.h"
#include "indexer/segment_set.h"
#include "indexer/structure/defined_names.h"
#include "indexer/training_questions.h"

namespace policykb {

namespace {

// Passages shown to the embedder's training at the most, and those whose lengths are measured where
// there are several segments.
constexpr uint64_t kMostTrainingPassages = 150000;
constexpr uint64_t kMeasuredPassages = 5000;

class Builder {
 public:
  Builder(const BuildOptions& options, const Progress& progress)
      : options_(options), stages_(progress) {}

  absl::StatusOr<BuildReport> Run() {
    manifest_.vector_index = options_.vector_index;
    manifest_.vector_index_from = options_.vector_index_from;
    ASSIGN_OR_RETURN(const Corpus corpus, Corpus::Open(options_.corpus));
    ASSIGN_OR_RETURN(const std::unique_ptr<KnowledgeBaseLock> lock,
                     KnowledgeBaseLock::Acquire(options_.kb));
    RETURN_IF_ERROR(RemoveDebris(options_.kb));
    RETURN_IF_ERROR(ReadLive());
    // A model that cannot be opened is said before anything is read.
    if (options_.embedder_choice.kind != EmbedderKind::kCorpus) {
      ASSIGN_OR_RETURN(prepared_, PrepareEmbedder(options_.embedder_choice));
    }
    // Minutes before it would be needed.
    if (!options_.vector_index.empty()) {
      const int dimension = prepared_.embedder == nullptr ? options_.embedder.dimension
                                                          : prepared_.embedder->dimension();
      RETURN_IF_ERROR(CheckVectorFactory(options_.vector_index, static_cast<size_t>(dimension)));
    }
    const absl::Time now = absl::Now();
    ASSIGN_OR_RETURN(manifest_.id, NewSnapshotId(options_.kb, now));
    manifest_.published_at = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
    ASSIGN_OR_RETURN(writer_, SnapshotWriter::Begin(options_.kb, manifest_.id, ""));
    RETURN_IF_ERROR(Read(corpus));
    ASSIGN_OR_RETURN(const std::unique_ptr<Embedder> embedder,
                     prepared_.embedder == nullptr ? Train(corpus.editorial().editorial.questions)
                                                   : TakePrepared());
    RETURN_IF_ERROR(Index(*embedder));
    RETURN_IF_ERROR(CheckEditorial(corpus.editorial()));
    stages_.Begin("write snapshot");
    RETURN_IF_ERROR(writer_->AddEditorial(editorial_, *embedder));
    manifest_.editorial_digest = EditorialDigest(editorial_);
    manifest_.analyzer_fingerprint = AnalyzerFingerprint();
    manifest_.embedder_fingerprint = embedder->fingerprint();
    manifest_.dimension = static_cast<uint32_t>(embedder->dimension());
    manifest_.documents = documents_.size();
    manifest_.passages = report_.passages;
    manifest_.content_digest = ContentDigest(documents_, manifest_.editorial_digest);
    RETURN_IF_ERROR(writer_->records().Compact());
    RETURN_IF_ERROR(writer_->Finish(manifest_, EmbedderFolder()));
    RETURN_IF_ERROR(RemoveAll(EmbedderFolder()));
    RETURN_IF_ERROR(KeepRunReport(options_.kb, manifest_.id, report_.corpus.Findings()));
    if (options_.publish == Publish::kNow) RETURN_IF_ERROR(MakeLive(options_.kb, manifest_.id));
    stages_.End();
    return Report();
  }

 private:
  // What is taken over from the live snapshot.
  absl::Status ReadLive() {
    const absl::StatusOr<Current> current = ReadCurrent(options_.kb);
    if (absl::IsNotFound(current.status())) return absl::OkStatus();
    RETURN_IF_ERROR(current.status());
    manifest_.parent = current->snapshot;
    const absl::StatusOr<BaseState> live = ReadBaseState(options_.kb);
    // A base of another format or analyzer is what a build is to replace.
    if (absl::IsFailedPrecondition(live.status())) return absl::OkStatus();
    RETURN_IF_ERROR(live.status());
    withdrawn_ = live->withdrawn;
    live_fingerprint_ = live->manifest.embedder_fingerprint;
    return absl::OkStatus();
  }

  absl::Status Read(const Corpus& corpus) {
    stages_.Begin("read");
    report_.corpus.files = corpus.files();
    report_.corpus.unread = corpus.unread();
    report_.corpus.warnings = corpus.problems();
    size_t done = 0;
    RETURN_IF_ERROR(corpus.Read(options_.threads, {}, [&](ReadFileResult file) -> absl::Status {
      report_.corpus.bytes += file.bytes;
      stages_.Tell(static_cast<double>(++done) / static_cast<double>(corpus.files()));
      return TakeFile(std::move(file));
    }));
    for (const auto& [id, path] : withdrawn_)
      RETURN_IF_ERROR(writer_->records().AddWithdrawal(id, path));
    if (documents_.empty()) {
      const auto& skipped = report_.corpus.skipped;
      return absl::InvalidArgumentError(
          Cat("corpus ", options_.corpus, ": no document in ",
              corpus.files() + corpus.unread().size(), " files could be read",
              skipped.empty() ? "" : Cat("; first: ", skipped[0].path, ": ", skipped[0].reason)));
    }
    std::sort(documents_.begin(), documents_.end(),
              [](const StoredDocument& a, const StoredDocument& b) {
                return a.document.id < b.document.id;
              });
    return Link();
  }

  absl::Status TakeFile(ReadFileResult file) {
    if (!file.documents.ok()) {
      report_.corpus.skipped.push_back(
          {.path = file.path, .reason = std::string(file.documents.status().message())});
      return absl::OkStatus();
    }
    FileRecord record = {.path = file.path, .digest = file.digest, .documents = {}};
    for (ParsedDocument& parsed : *file.documents) {
      const std::string& id = parsed.document.id;
      // Without a digest the file is read, and what is wrong with it told, by every update.
      const auto refuse = [&](std::string reason) {
        report_.corpus.skipped.push_back({.path = file.path, .reason = std::move(reason)});
        record.digest.clear();
      };
      if (parsed.passages.empty()) {
        refuse("no text below its headings");
        continue;
      }
      for (const std::string& warning : parsed.warnings)
        report_.corpus.warnings.push_back(Cat(file.path, ": ", warning));
      for (const std::string& part : parsed.left_out) {
        report_.corpus.left_out.push_back(Cat(file.path, ": ", part));
        record.digest.clear();
      }
      if (withdrawn_.contains(id)) {
        report_.corpus.withdrawn.push_back(id);
        continue;
      }
      const auto [taken, added] = taken_.emplace(id, file.path);
      if (!added) {
        refuse(IdTakenReason(parsed.id_place, id, taken->second));
        continue;
      }
      record.documents.push_back(id);
      for (std::string& name : DefinedNames(parsed.document))
        editorial_.defined_names.push_back({.document = id, .name = std::move(name)});
      RETURN_IF_ERROR(writer_->records().Write(parsed.document, parsed.passages));
      report_.passages += parsed.passages.size();
      StoredDocument stored = {.document = std::move(parsed.document), .text_digest = {}};
      stored.text_digest = TextDigest(stored.document, parsed.passages);
      std::string().swap(stored.document.text);
      std::vector<Provision>().swap(stored.document.provisions);
      documents_.push_back(std::move(stored));
    }
    return writer_->records().WriteFile(record);
  }

  absl::Status Link() {
    std::vector<Document*> pointers;
    std::vector<Document> before;
    for (StoredDocument& stored : documents_) {
      pointers.push_back(&stored.document);
      before.push_back(stored.document);
    }
    report_.corpus.Add(LinkRevisions(pointers));
    for (size_t i = 0; i < documents_.size(); ++i) {
      if (!(documents_[i].document == before[i]))
        RETURN_IF_ERROR(writer_->records().WriteMetadata(documents_[i]));
    }
    return absl::OkStatus();
  }

  // Calls `visit` with the passages of documents that together hold about `most` of all, taken
  // evenly.
  absl::Status Sample(
      uint64_t most,
      const std::function<void(const Document&, const std::vector<Passage>&)>& visit) {
    const uint64_t step = report_.passages / most + 1;
    for (size_t i = 0; i < documents_.size(); i += step) {
      ASSIGN_OR_RETURN(const std::vector<Passage> passages,
                       writer_->records().PassagesOf(documents_[i].document.id));
      visit(documents_[i].document, passages);
    }
    return absl::OkStatus();
  }

  // Keeps the files of an embedder that was opened, as links where the live snapshot has them.
  absl::StatusOr<std::unique_ptr<Embedder>> TakePrepared() {
    stages_.Begin("keep embedder");
    RETURN_IF_ERROR(RemoveAll(EmbedderFolder()));
    RETURN_IF_ERROR(MakeFolders(EmbedderFolder()));
    FileKeeping keeping = FileKeeping::kCopy;
    if (live_fingerprint_ == prepared_.embedder->fingerprint()) {
      keeping = FileKeeping::kLink;
      prepared_.source = JoinPath(
          JoinPath(JoinPath(options_.kb, kSnapshotsFolder), manifest_.parent), kEmbedderFolder);
    }
    RETURN_IF_ERROR(KeepEmbedder(prepared_, keeping, EmbedderFolder()));
    return std::move(prepared_.embedder);
  }

  absl::StatusOr<std::unique_ptr<Embedder>> Train(const std::vector<KnownQuestion>& questions) {
    stages_.Begin("train embedder");
    const TrainingQuestions known(questions);
    std::vector<std::pair<std::string, std::string>> texts;
    std::vector<std::vector<std::string_view>> asked;
    RETURN_IF_ERROR(
        Sample(kMostTrainingPassages, [&](const Document&, const std::vector<Passage>& all) {
          for (const Passage& passage : all) {
            texts.emplace_back(EmbeddingContext(passage), passage.text);
            asked.push_back(known.Of(passage));
          }
        }));
    RETURN_IF_ERROR(RemoveAll(EmbedderFolder()));
    RETURN_IF_ERROR(MakeFolders(EmbedderFolder()));
    std::vector<TrainingPassage> passages;
    for (size_t i = 0; i < texts.size(); ++i) {
      passages.push_back(
          {.context = texts[i].first, .text = texts[i].second, .questions = std::move(asked[i])});
    }
    RETURN_IF_ERROR(TrainCorpusEmbedder(passages, options_.embedder, EmbedderFolder(),
                                        [&](double fraction) { stages_.Tell(fraction); }));
    return OpenCorpusEmbedder(EmbedderFolder());
  }

  absl::Status Index(const Embedder& embedder) {
    stages_.Begin("index");
    ASSIGN_OR_RETURN(const std::unique_ptr<VectorCache> cache,
                     VectorCache::Open(VectorCacheFolder(options_.kb), embedder));
    const bool several = report_.passages > options_.segment_passages;
    FieldLengths lengths;
    if (several) {
      SegmentWriter measured(embedder.dimension());
      RETURN_IF_ERROR(Sample(kMeasuredPassages, [&](const Document& document,
                                                    const std::vector<Passage>& passages) {
        measured.Add(document, passages, CodedVectors(static_cast<size_t>(embedder.dimension())));
      }));
      lengths = measured.MeanLengths();
    }
    const bool merged = several && options_.segment_passages <= options_.merged_passages / 2;
    VectorIndexOptions indexed = VectorOptionsOf(manifest_);
    // What is merged right away is not searched.
    if (merged) indexed.graph_from = std::numeric_limits<uint32_t>::max();
    auto segment = std::make_unique<SegmentWriter>(embedder.dimension());
    const auto finish = [&]() -> absl::Status {
      if (!several) lengths = segment->MeanLengths();
      ASSIGN_OR_RETURN(
          SegmentEntry entry,
          segment->Finish(options_.kb, Cat(manifest_.id, several ? Cat("-s", ++segments_) : ""),
                          lengths, indexed));
      manifest_.segments.push_back(std::move(entry));
      segment = std::make_unique<SegmentWriter>(embedder.dimension());
      return absl::OkStatus();
    };
    for (size_t i = 0; i < documents_.size();) {
      const size_t first = i;
      std::vector<std::vector<Passage>> passages;
      for (size_t count = 0; i < documents_.size() && count < kPassagesTogether; ++i) {
        ASSIGN_OR_RETURN(passages.emplace_back(),
                         writer_->records().PassagesOf(documents_[i].document.id));
        count += passages.back().size();
      }
      std::vector<const std::vector<Passage>*> together;
      for (const std::vector<Passage>& each : passages) together.push_back(&each);
      ASSIGN_OR_RETURN(const std::vector<CodedVectors> vectors, EmbedTogether(together, *cache));
      for (size_t place = 0; place < passages.size(); ++place) {
        if (several && segment->passages() > 0 &&
            segment->passages() + passages[place].size() > options_.segment_passages) {
          RETURN_IF_ERROR(finish());
        }
        segment->Add(documents_[first + place].document, passages[place], vectors[place]);
      }
      stages_.Tell(static_cast<double>(i) / static_cast<double>(documents_.size()));
    }
    report_.embedded = cache->embedded();
    report_.reused = cache->reused();
    report_.cut = embedder.texts_cut();
    stages_.Begin("write segment");
    RETURN_IF_ERROR(finish());
    manifest_.passage_field_lengths = lengths.passages;
    manifest_.document_field_lengths = lengths.documents;
    return merged ? MergeSegments() : absl::OkStatus();
  }

  // Makes a few large segments of those that are as large as fits memory well.
  absl::Status MergeSegments() {
    stages_.Begin("merge segments");
    ASSIGN_OR_RETURN(SegmentSet set, SegmentSet::Open(options_.kb, manifest_));
    RETURN_IF_ERROR(set.MergeRuns(manifest_.id, options_.merged_passages).status());
    for (const SegmentEntry& segment : std::exchange(manifest_.segments, set.Entries()))
      RETURN_IF_ERROR(RemoveAll(JoinPath(JoinPath(options_.kb, kSegmentsFolder), segment.id)));
    return absl::OkStatus();
  }

  // The words of the corpus, beside the names that documents defined when they were read.
  absl::Status CheckEditorial(const EditorialFiles& files) {
    std::vector<DefinedName> defined = std::exchange(editorial_.defined_names, {});
    std::sort(defined.begin(), defined.end());
    editorial_ = files.editorial;
    editorial_.defined_names = std::move(defined);
    ASSIGN_OR_RETURN(const std::vector<std::string> pointless,
                     PointlessEntriesIn(options_.kb, manifest_.segments, files));
    report_.corpus.Add(files, pointless);
    return absl::OkStatus();
  }

  std::string EmbedderFolder() const {
    return Cat(JoinPath(JoinPath(options_.kb, kSegmentsFolder), manifest_.id), "-embedder.tmp");
  }

  absl::StatusOr<BuildReport> Report() {
    report_.snapshot = manifest_.id;
    report_.content_digest = manifest_.content_digest;
    report_.documents = manifest_.documents;
    report_.stage_seconds = stages_.seconds();
    ASSIGN_OR_RETURN(report_.snapshot_bytes,
                     TreeSize(JoinPath(JoinPath(options_.kb, kSnapshotsFolder), manifest_.id)));
    for (const SegmentEntry& segment : manifest_.segments) {
      for (const FileEntry& file : segment.files) report_.snapshot_bytes += file.size_bytes;
    }
    return report_;
  }

  const BuildOptions& options_;
  Stages stages_;
  BuildReport report_;
  Manifest manifest_;
  std::unique_ptr<SnapshotWriter> writer_;
  PreparedEmbedder prepared_;                     // without embedder where one is trained
  std::string live_fingerprint_;                  // of the live snapshot's embedder; may be empty
  std::map<std::string, std::string> withdrawn_;  // id -> path
  std::map<std::string, std::string> taken_;      // id -> path
  Editorial editorial_;
  std::vector<StoredDocument> documents_;  // without texts; ascending by id after Read
  int segments_ = 0;
};

}  // namespace

absl::StatusOr<BuildReport> Build(const BuildOptions& options, const Progress& progress) {
  return Builder(options, progress).Run();
}

}  // namespace policykb
