#include "indexer/change.h"

#include <algorithm>
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
#include "indexer/embed_documents.h"
#include "indexer/segment_set.h"
#include "indexer/structure/defined_names.h"

namespace policykb {

namespace {

std::string SnapshotFolder(const std::string& kb, const std::string& id) {
  return JoinPath(JoinPath(kb, kSnapshotsFolder), id);
}

// Makes the successor of a base step by step.
class Successor {
 public:
  Successor(const std::string& kb, const BaseState& base, const Change& change, Stages& stages)
      : kb_(kb), base_(base), change_(change), stages_(stages) {}

  absl::StatusOr<ChangeReport> Run() {
    stages_.Begin("compare");
    Compare();
    if (texts_.empty() && metadata_.empty() && removed_.empty() && change_.withdrawn.empty() &&
        change_.readmitted.empty() && !FilesDiffer() && !report_.editorial_changed) {
      stages_.End();
      return report_;
    }
    const absl::Time now = absl::Now();
    ASSIGN_OR_RETURN(id_, NewSnapshotId(kb_, now));
    ASSIGN_OR_RETURN(SegmentSet segments, SegmentSet::Open(kb_, base_.manifest));
    ASSIGN_OR_RETURN(const std::unique_ptr<SnapshotWriter> writer,
                     SnapshotWriter::Begin(kb_, id_, base_.manifest.id));
    stages_.Begin("index");
    RETURN_IF_ERROR(WriteTexts(segments, writer->records()));
    RETURN_IF_ERROR(WriteRest(segments, writer->records()));
    stages_.Begin("merge");
    ASSIGN_OR_RETURN(report_.merged_segments, segments.MergeSimilar(id_));
    stages_.Begin("write snapshot");
    RETURN_IF_ERROR(WriteEditorial(*writer));
    Manifest manifest = base_.manifest;
    manifest.format_version = kCurrentFormatVersion;
    manifest.editorial_digest = EditorialDigest(editorial_);
    manifest.parent = base_.manifest.id;
    manifest.published_at = absl::FormatTime(absl::RFC3339_sec, now, absl::UTCTimeZone());
    manifest.segments = segments.Entries();
    manifest.documents = after_.size();
    manifest.passages = segments.live_passages();
    std::vector<StoredDocument> documents;
    documents.reserve(after_.size());
    for (auto& [id, document] : after_) documents.push_back(std::move(document));
    manifest.content_digest = ContentDigest(documents, manifest.editorial_digest);
    RETURN_IF_ERROR(writer->Finish(
        manifest, JoinPath(SnapshotFolder(kb_, base_.manifest.id), kEmbedderFolder)));
    for (const std::string& segment : segments.abandoned())
      RETURN_IF_ERROR(RemoveAll(JoinPath(JoinPath(kb_, kSegmentsFolder), segment)));
    stages_.End();
    report_.snapshot = id_;
    report_.content_digest = manifest.content_digest;
    report_.documents = manifest.documents;
    report_.passages = manifest.passages;
    report_.segments = manifest.segments.size();
    return report_;
  }

 private:
  // Decides what happens to each document.
  void Compare() {
    after_ = base_.documents;
    for (const std::string& id : change_.removed) {
      if (after_.erase(id) > 0) removed_.insert(id);
    }
    std::map<std::string, const ParsedDocument*> given;
    for (const ParsedDocument& parsed : change_.documents) {
      StoredDocument stored = {.document = parsed.document,
                               .text_digest = TextDigest(parsed.document, parsed.passages)};
      stored.document.text.clear();
      stored.document.provisions.clear();
      const std::string& id = stored.document.id;
      const auto before = base_.documents.find(id);
      if (before == base_.documents.end() || before->second.text_digest != stored.text_digest)
        given.emplace(id, &parsed);
      removed_.erase(id);
      after_.insert_or_assign(id, std::move(stored));
    }
    Link();
    for (const auto& [id, parsed] : given) {
      const bool is_new = !base_.documents.contains(id);
      is_new ? ++report_.added : ++report_.changed;
      texts_.emplace(id, parsed);
    }
    for (const auto& [id, stored] : after_) {
      const auto before = base_.documents.find(id);
      if (!given.contains(id) && !(before->second == stored)) metadata_.insert(id);
    }
    report_.metadata_changed = metadata_.size();
    report_.removed = removed_.size();
    CompareEditorial();
  }

  // Words of the editorial files, and the names that the documents of the successor define.
  void CompareEditorial() {
    editorial_ = change_.editorial.value_or(base_.editorial);
    std::set<DefinedName> defined;
    std::set<std::string_view> given;
    for (const ParsedDocument& parsed : change_.documents) {
      given.insert(parsed.document.id);
      for (std::string& name : DefinedNames(parsed.document))
        defined.insert({.document = parsed.document.id, .name = std::move(name)});
    }
    for (const DefinedName& known : base_.editorial.defined_names) {
      if (!given.contains(known.document) && after_.contains(known.document)) defined.insert(known);
    }
    editorial_.defined_names.assign(defined.begin(), defined.end());
    report_.editorial_changed = !(editorial_ == base_.editorial);
  }

  absl::Status WriteEditorial(SnapshotWriter& writer) {
    if (!report_.editorial_changed) return writer.KeepEditorial();
    ASSIGN_OR_RETURN(
        const std::unique_ptr<Embedder> embedder,
        OpenEmbedder(JoinPath(SnapshotFolder(kb_, base_.manifest.id), kEmbedderFolder)));
    return writer.AddEditorial(editorial_, *embedder);
  }

  // Effective validity and successors of all documents, from what each states.
  void Link() {
    std::vector<Document*> pointers;
    pointers.reserve(after_.size());
    for (auto& [id, stored] : after_) pointers.push_back(&stored.document);
    report_.revisions = LinkRevisions(pointers);
  }

  bool FilesDiffer() const {
    return !change_.removed_files.empty() ||
           std::any_of(change_.files.begin(), change_.files.end(), [&](const FileRecord& file) {
             const auto before = base_.files.find(file.path);
             return before == base_.files.end() || !(before->second == file);
           });
  }

  absl::Status WriteText(const std::string& id, const ParsedDocument& parsed,
                         const CodedVectors& vectors, SegmentWriter& segment, SegmentSet& segments,
                         RecordStore& records) {
    Document document = after_.at(id).document;
    document.text = parsed.document.text;
    document.provisions = parsed.document.provisions;
    segment.Add(document, parsed.passages, vectors);
    segments.Kill(id);
    RETURN_IF_ERROR(records.Remove(id));
    return records.Write(document, parsed.passages);
  }

  absl::Status WriteTexts(SegmentSet& segments, RecordStore& records) {
    if (texts_.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        const std::unique_ptr<Embedder> embedder,
        OpenEmbedder(JoinPath(SnapshotFolder(kb_, base_.manifest.id), kEmbedderFolder)));
    ASSIGN_OR_RETURN(const std::unique_ptr<VectorCache> cache,
                     VectorCache::Open(VectorCacheFolder(kb_), *embedder));
    SegmentWriter segment(embedder->dimension());
    size_t done = 0;
    for (auto next = texts_.begin(); next != texts_.end();) {
      const auto first = next;
      std::vector<const std::vector<Passage>*> together;
      for (size_t passages = 0; next != texts_.end() && passages < kPassagesTogether; ++next) {
        together.push_back(&next->second->passages);
        passages += next->second->passages.size();
      }
      ASSIGN_OR_RETURN(const std::vector<CodedVectors> vectors, EmbedTogether(together, *cache));
      auto made = vectors.begin();
      for (auto text = first; text != next; ++text) {
        RETURN_IF_ERROR(WriteText(text->first, *text->second, *made++, segment, segments, records));
        stages_.Tell(static_cast<double>(++done) / static_cast<double>(texts_.size()));
      }
    }
    report_.embedded = cache->embedded();
    report_.reused = cache->reused();
    report_.cut = embedder->texts_cut();
    ASSIGN_OR_RETURN(SegmentEntry entry,
                     segment.Finish(kb_, id_,
                                    {.passages = base_.manifest.passage_field_lengths,
                                     .documents = base_.manifest.document_field_lengths},
                                    VectorOptionsOf(base_.manifest)));
    return segments.Add(std::move(entry));
  }

  absl::Status WriteRest(SegmentSet& segments, RecordStore& records) {
    for (const std::string& id : removed_) {
      segments.Kill(id);
      RETURN_IF_ERROR(records.Remove(id));
    }
    for (const std::string& id : metadata_) {
      const StoredDocument& stored = after_.at(id);
      RETURN_IF_ERROR(segments.Overlay(stored.document));
      RETURN_IF_ERROR(records.WriteMetadata(stored));
    }
    for (const FileRecord& file : change_.files) RETURN_IF_ERROR(records.WriteFile(file));
    for (const std::string& path : change_.removed_files) RETURN_IF_ERROR(records.RemoveFile(path));
    for (const auto& [id, path] : change_.withdrawn)
      RETURN_IF_ERROR(records.AddWithdrawal(id, path));
    for (const std::string& id : change_.readmitted) RETURN_IF_ERROR(records.RemoveWithdrawal(id));
    return absl::OkStatus();
  }

  const std::string& kb_;
  const BaseState& base_;
  const Change& change_;
  Stages& stages_;
  std::string id_;
  std::map<std::string, StoredDocument> after_;
  std::map<std::string, const ParsedDocument*> texts_;  // to be indexed, by id
  std::set<std::string> metadata_;                      // ids
  std::set<std::string> removed_;                       // ids
  Editorial editorial_;
  ChangeReport report_;
};

}  // namespace

std::string VectorCacheFolder(const std::string& kb) {
  return JoinPath(JoinPath(kb, kStoreFolder), "vectors");
}

absl::StatusOr<BaseState> ReadBaseState(const std::string& kb) {
  ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb));
  BaseState base;
  ASSIGN_OR_RETURN(base.manifest, ReadManifest(kb, current.snapshot, current.manifest_xxh3));
  if (base.manifest.analyzer_fingerprint != AnalyzerFingerprint()) {
    return absl::FailedPreconditionError(
        Cat(kb, ": analyzer fingerprint: the snapshot was built with ",
            base.manifest.analyzer_fingerprint, ", this program has ", AnalyzerFingerprint(),
            "; run policykb-indexer build"));
  }
  ASSIGN_OR_RETURN(
      const std::unique_ptr<RecordStore> records,
      RecordStore::OpenReadOnly(JoinPath(SnapshotFolder(kb, base.manifest.id), kRecordsFolder)));
  RETURN_IF_ERROR(records->ForEachDocument([&](StoredDocument stored) {
    std::string id = stored.document.id;
    base.documents.emplace_hint(base.documents.end(), std::move(id), std::move(stored));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(records->ForEachFile([&](FileRecord file) {
    std::string path = file.path;
    base.files.emplace_hint(base.files.end(), std::move(path), std::move(file));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(base.withdrawn, records->Withdrawals());
  if (!base.manifest.editorial_digest.empty()) {
    ASSIGN_OR_RETURN(
        const std::unique_ptr<StoredEditorial> editorial,
        StoredEditorial::Open(JoinPath(SnapshotFolder(kb, base.manifest.id), kEditorialFolder)));
    base.editorial = editorial->Load();
  }
  return base;
}

absl::StatusOr<ChangeReport> ApplyChange(const std::string& kb, const BaseState& base,
                                         const Change& change, Stages& stages) {
  return Successor(kb, base, change, stages).Run();
}

}  // namespace policykb
