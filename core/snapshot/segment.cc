#include "core/snapshot/segment.h"

#include <iterator>
#include <utility>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

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

std::string EmbeddingText(const Passage& passage) {
  std::string text = passage.title;
  for (const std::string& heading : passage.heading_path) text += "\n" + heading;
  text += "\n" + passage.text;
  return text;
}

SegmentWriter::SegmentWriter(int dimension)
    : dimension_(dimension), passages_(PassageLexicalOptions()), documents_(DocumentOptions()) {}

void SegmentWriter::Add(const Document& document, const std::vector<Passage>& passages,
                        const std::vector<float>& vectors) {
  columns_.Add(document, passages);
  const std::vector<Term> title = Analyze(document.title);
  std::vector<Term> whole = title;
  for (const Passage& passage : passages) {
    std::vector<Term> fields[] = {Analyze(passage.text), title,
                                  Analyze(Join(passage.heading_path, "\n"))};
    passages_.Add(fields);
    whole.insert(whole.end(), std::make_move_iterator(fields[0].begin()),
                 std::make_move_iterator(fields[0].end()));
  }
  documents_.Add({&whole, 1});
  vectors_.insert(vectors_.end(), vectors.begin(), vectors.end());
  count_ += static_cast<uint32_t>(passages.size());
}

absl::StatusOr<SegmentEntry> SegmentWriter::Finish(const std::string& kb, const std::string& id) {
  const std::string segments = JoinPath(kb, kSegmentsFolder);
  const std::string folder = JoinPath(segments, id);
  const std::string staging = folder + ".tmp";
  RETURN_IF_ERROR(RemoveAll(staging));
  RETURN_IF_ERROR(MakeFolders(staging));
  RETURN_IF_ERROR(columns_.Finish(JoinPath(staging, kColumnsFile)));
  RETURN_IF_ERROR(passages_.Finish(JoinPath(staging, kPassagesFile)));
  RETURN_IF_ERROR(documents_.Finish(JoinPath(staging, kDocumentsFile)));
  RETURN_IF_ERROR(WriteVectorIndex(vectors_, dimension_, {}, JoinPath(staging, kVectorsFile)));
  RETURN_IF_ERROR(SyncFolder(staging));
  RETURN_IF_ERROR(RenameSynced(staging, folder));
  SegmentEntry entry = {.id = id, .passages = count_, .tombstones = {}, .files = {}};
  for (const std::string_view name : {kColumnsFile, kPassagesFile, kDocumentsFile, kVectorsFile}) {
    ASSIGN_OR_RETURN(FileEntry file, DescribeFile(kb, Cat(kSegmentsFolder, "/", id, "/", name)));
    entry.files.push_back(std::move(file));
  }
  return entry;
}

absl::StatusOr<std::unique_ptr<Segment>> Segment::Open(const std::string& kb,
                                                       const SegmentEntry& entry) {
  const std::string folder = JoinPath(JoinPath(kb, kSegmentsFolder), entry.id);
  for (const FileEntry& file : entry.files)
    RETURN_IF_ERROR(CheckFile(kb, file, FileCheck::kSizeAndChecksum));
  auto segment = std::make_unique<Segment>();
  segment->id_ = entry.id;
  ASSIGN_OR_RETURN(segment->columns_, FilterColumns::Open(JoinPath(folder, kColumnsFile)));
  ASSIGN_OR_RETURN(segment->passages_, LexicalIndex::Open(JoinPath(folder, kPassagesFile)));
  ASSIGN_OR_RETURN(segment->documents_, LexicalIndex::Open(JoinPath(folder, kDocumentsFile)));
  ASSIGN_OR_RETURN(segment->vectors_, VectorIndex::Open(JoinPath(folder, kVectorsFile)));
  const uint32_t passages = segment->columns_->passages();
  if (entry.passages != passages || segment->passages_->entries() != passages ||
      segment->vectors_->entries() != passages ||
      segment->documents_->entries() != segment->columns_->documents()) {
    return absl::DataLossError(
        Cat(folder, ": its files disagree on the number of passages or documents (manifest ",
            entry.passages, ", columns ", passages, ")"));
  }
  segment->live_.assign((passages + 63) / 64, ~uint64_t{0});
  if (passages % 64 != 0) segment->live_.back() = (uint64_t{1} << (passages % 64)) - 1;
  for (const uint32_t ordinal : entry.tombstones)
    segment->live_[ordinal / 64] &= ~(uint64_t{1} << (ordinal % 64));
  return segment;
}

}  // namespace policykb
