#include "core/snapshot/segment.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/lexical_merge.h"

namespace policykb {

namespace {

constexpr std::string_view kColumnsFile = "columns.bin";
constexpr std::string_view kPassagesFile = "passages.lex";
constexpr std::string_view kDocumentsFile = "documents.lex";
constexpr std::string_view kVectorsFile = "vectors.vec";

// One field, the whole text; single characters say nothing about a whole document.
LexicalOptions DocumentOptions() {
  return {.fields = {{.weight = 1.0, .k1 = 1.2, .b = 0.5}}, .unigram_weight = 0.0};
}

}  // namespace

std::string EmbeddingContext(const Passage& passage) {
  std::string context = passage.title;
  for (const std::string& heading : passage.heading_path) context += "\n" + heading;
  return context;
}

std::string EmbeddingText(const Passage& passage) {
  return EmbeddingContext(passage) + "\n" + passage.text;
}

VectorIndexOptions VectorOptionsOf(const Manifest& manifest) {
  VectorIndexOptions options;
  options.factory = manifest.vector_index;
  if (manifest.vector_index_from > 0) options.graph_from = manifest.vector_index_from;
  return options;
}

namespace {

// Writes the files of a segment into a staging folder and moves it into place.
class SegmentFolder {
 public:
  SegmentFolder(const std::string& kb, const std::string& id)
      : kb_(kb),
        id_(id),
        folder_(JoinPath(JoinPath(kb, kSegmentsFolder), id)),
        staging_(folder_ + ".tmp") {}

  absl::Status Begin() const {
    RETURN_IF_ERROR(RemoveAll(staging_));
    return MakeFolders(staging_);
  }
  std::string PathOf(std::string_view name) const { return JoinPath(staging_, name); }
  absl::StatusOr<SegmentEntry> Finish(uint32_t passages) const {
    RETURN_IF_ERROR(SyncFolder(staging_));
    RETURN_IF_ERROR(RenameSynced(staging_, folder_));
    SegmentEntry entry = {
        .id = id_, .passages = passages, .dead_documents = {}, .files = {}, .overlays = {}};
    for (const std::string_view name :
         {kColumnsFile, kPassagesFile, kDocumentsFile, kVectorsFile}) {
      ASSIGN_OR_RETURN(FileEntry file,
                       DescribeFile(kb_, Cat(kSegmentsFolder, "/", id_, "/", name)));
      entry.files.push_back(std::move(file));
    }
    return entry;
  }

 private:
  const std::string kb_;
  const std::string id_;
  const std::string folder_;
  const std::string staging_;
};

}  // namespace

SegmentWriter::SegmentWriter(int dimension)
    : passages_(PassageLexicalOptions()),
      documents_(DocumentOptions()),
      vectors_(static_cast<size_t>(dimension)) {}

void SegmentWriter::Add(const Document& document, const std::vector<Passage>& passages,
                        const CodedVectors& vectors) {
  columns_.Add(document, passages);
  const std::vector<Term> title = Analyze(document.title);
  std::vector<Term> whole = title;
  for (const Passage& passage : passages) {
    std::vector<Term> fields[] = {Analyze(passage.text), title,
                                  Analyze(Join(passage.heading_path, "\n"))};
    passages_.Add(fields);
    // What not everybody sees of a document must not lift the rest of it.
    if (!passage.visibility.empty()) continue;
    whole.insert(whole.end(), std::make_move_iterator(fields[0].begin()),
                 std::make_move_iterator(fields[0].end()));
  }
  documents_.Add({&whole, 1});
  const VectorCodes rows = vectors.View();
  for (uint32_t i = 0; i < rows.entries(); ++i)
    vectors_.AppendRow({rows.row(i), rows.dimension}, rows.scales[i]);
}

FieldLengths SegmentWriter::MeanLengths() const {
  return {.passages = passages_.MeanLengths(), .documents = documents_.MeanLengths()};
}

absl::StatusOr<SegmentEntry> SegmentWriter::Finish(const std::string& kb, const std::string& id,
                                                   const FieldLengths& lengths,
                                                   const VectorIndexOptions& options) {
  const SegmentFolder folder(kb, id);
  RETURN_IF_ERROR(folder.Begin());
  RETURN_IF_ERROR(columns_.Finish(folder.PathOf(kColumnsFile)));
  RETURN_IF_ERROR(passages_.Finish(folder.PathOf(kPassagesFile), lengths.passages));
  RETURN_IF_ERROR(documents_.Finish(folder.PathOf(kDocumentsFile), lengths.documents));
  RETURN_IF_ERROR(WriteVectorIndex(vectors_.View(), options, folder.PathOf(kVectorsFile)));
  return folder.Finish(vectors_.entries());
}

absl::StatusOr<std::shared_ptr<const Segment::Files>> Segment::OpenFiles(
    const std::string& kb, const SegmentEntry& entry) {
  const std::string folder = JoinPath(JoinPath(kb, kSegmentsFolder), entry.id);
  for (const FileEntry& file : entry.files)
    RETURN_IF_ERROR(CheckFile(kb, file, FileCheck::kSizeAndChecksum));
  auto files = std::make_shared<Files>();
  ASSIGN_OR_RETURN(files->columns, FilterColumns::Open(JoinPath(folder, kColumnsFile)));
  ASSIGN_OR_RETURN(files->passages, LexicalIndex::Open(JoinPath(folder, kPassagesFile)));
  ASSIGN_OR_RETURN(files->documents, LexicalIndex::Open(JoinPath(folder, kDocumentsFile)));
  ASSIGN_OR_RETURN(files->vectors, VectorIndex::Open(JoinPath(folder, kVectorsFile)));
  const uint32_t passages = files->columns->passages();
  if (entry.passages != passages || files->passages->entries() != passages ||
      files->vectors->entries() != passages ||
      files->documents->entries() != files->columns->documents()) {
    return absl::DataLossError(
        Cat(folder, ": its files disagree on the number of passages or documents (manifest ",
            entry.passages, ", columns ", passages, ")"));
  }
  return std::shared_ptr<const Files>(std::move(files));
}

absl::StatusOr<std::unique_ptr<Segment>> Segment::Open(
    const std::string& kb, const SegmentEntry& entry,
    std::span<const std::unique_ptr<Segment>> open) {
  auto segment = std::make_unique<Segment>();
  segment->entry_ = entry;
  for (const std::unique_ptr<Segment>& other : open) {
    if (other->id() == entry.id && other->entry_.files == entry.files)
      segment->files_ = other->files_;
  }
  if (segment->files_ == nullptr) {
    ASSIGN_OR_RETURN(segment->files_, OpenFiles(kb, entry));
  }
  ASSIGN_OR_RETURN(segment->columns_, segment->files_->columns->With(entry.overlays));
  const uint32_t passages = segment->columns_->passages();
  segment->live_passages_ = passages;
  segment->live_.assign((passages + 63) / 64, ~uint64_t{0});
  if (passages % 64 != 0) segment->live_.back() = (uint64_t{1} << (passages % 64)) - 1;
  for (const uint32_t document : entry.dead_documents) {
    if (document >= segment->columns_->documents()) {
      return absl::DataLossError(Cat("segment ", entry.id, ": dead document ", document,
                                     ", it has ", segment->columns_->documents()));
    }
    const auto [first, last] = segment->columns_->passages_of(document);
    for (uint32_t passage = first; passage < last; ++passage)
      segment->live_[passage / 64] &= ~(uint64_t{1} << (passage % 64));
    segment->live_passages_ -= last - first;
  }
  return segment;
}

absl::StatusOr<std::unique_ptr<FilterColumns>> OpenSegmentColumns(const std::string& kb,
                                                                  const SegmentEntry& entry) {
  for (const FileEntry& file : entry.files) {
    if (file.path.ends_with(kColumnsFile))
      RETURN_IF_ERROR(CheckFile(kb, file, FileCheck::kSizeAndChecksum));
  }
  return FilterColumns::Open(
      JoinPath(JoinPath(JoinPath(kb, kSegmentsFolder), entry.id), kColumnsFile));
}

bool Segment::IsLive(uint32_t document) const {
  return !std::binary_search(entry_.dead_documents.begin(), entry_.dead_documents.end(), document);
}

absl::StatusOr<SegmentEntry> MergeSegments(const std::string& kb, const std::string& id,
                                           std::span<const Segment* const> segments,
                                           const VectorIndexOptions& options) {
  struct Live {
    std::string_view id;
    size_t segment = 0;
    uint32_t document = 0;
  };
  std::vector<Live> order;
  std::vector<std::vector<uint32_t>> passages(segments.size());
  std::vector<std::vector<uint32_t>> documents(segments.size());
  for (size_t s = 0; s < segments.size(); ++s) {
    const FilterColumns& columns = segments[s]->columns();
    passages[s].assign(columns.passages(), kDropped);
    documents[s].assign(columns.documents(), kDropped);
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      if (segments[s]->IsLive(document)) order.push_back({columns.id(document), s, document});
    }
  }
  std::sort(order.begin(), order.end(), [](const Live& a, const Live& b) { return a.id < b.id; });
  FilterColumnsWriter columns;
  CodedVectors vectors(segments.empty() ? 64
                                        : static_cast<size_t>(segments[0]->vectors().dimension()));
  for (size_t i = 0; i < order.size(); ++i) {
    const auto& [name, s, document] = order[i];
    documents[s][document] = static_cast<uint32_t>(i);
    const auto [first, last] = segments[s]->columns().passages_of(document);
    const VectorCodes& codes = segments[s]->vectors().codes();
    for (uint32_t passage = first; passage < last; ++passage) {
      passages[s][passage] = vectors.entries();
      vectors.AppendRow({codes.row(passage), codes.dimension}, codes.scales[passage]);
    }
    columns.AddFrom(segments[s]->columns(), document);
  }
  std::vector<LexicalSource> of_passages;
  std::vector<LexicalSource> of_documents;
  for (size_t s = 0; s < segments.size(); ++s) {
    of_passages.push_back({.index = &segments[s]->passages(), .new_ordinals = passages[s]});
    of_documents.push_back({.index = &segments[s]->documents(), .new_ordinals = documents[s]});
  }
  const SegmentFolder folder(kb, id);
  RETURN_IF_ERROR(folder.Begin());
  RETURN_IF_ERROR(columns.Finish(folder.PathOf(kColumnsFile)));
  RETURN_IF_ERROR(
      MergeLexicalIndexes(of_passages, vectors.entries(), folder.PathOf(kPassagesFile)));
  RETURN_IF_ERROR(MergeLexicalIndexes(of_documents, static_cast<uint32_t>(order.size()),
                                      folder.PathOf(kDocumentsFile)));
  RETURN_IF_ERROR(WriteVectorIndex(vectors.View(), options, folder.PathOf(kVectorsFile)));
  return folder.Finish(vectors.entries());
}

}  // namespace policykb
