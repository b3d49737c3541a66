// Segment: one immutable part of the searchable base: columns, lexical indexes of passages and of
// whole documents, vectors.
//
// SegmentWriter makes its folder, Segment opens it, MergeSegments makes one of several. Not for
// records (record store) and not for deciding what is live (manifest). The writer is used by one
// thread; an open segment is const, any thread.

#ifndef POLICYKB_CORE_SNAPSHOT_SEGMENT_H_
#define POLICYKB_CORE_SNAPSHOT_SEGMENT_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/filter_columns.h"
#include "core/snapshot/lexical_index.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/vector_codes.h"
#include "core/snapshot/vector_index.h"

namespace policykb {

// What stands above a passage, as an embedder sees it: title and headings, a line each.
std::string EmbeddingContext(const Passage& passage);
// A passage as an embedder sees it: its context and its text, a line each.
std::string EmbeddingText(const Passage& passage);

// Mean lengths of fields by which impacts are normalised; empty: those of the segment itself.
struct FieldLengths {
  std::vector<double> passages;   // text, title, headings
  std::vector<double> documents;  // one field
};

// How the vectors of segments of the snapshot are indexed.
VectorIndexOptions VectorOptionsOf(const Manifest& manifest);

class SegmentWriter {
 public:
  explicit SegmentWriter(int dimension);
  // Adds a document with its passages. `vectors`: one row for each passage, in their order.
  // REQUIRES: ascending order of id.
  void Add(const Document& document, const std::vector<Passage>& passages,
           const CodedVectors& vectors);
  uint32_t passages() const { return vectors_.entries(); }
  // Mean lengths of what was added so far.
  FieldLengths MeanLengths() const;
  // Writes the folder `segments/{id}` of the knowledge base, complete or not at all, and returns
  // its manifest entry. Errors: as WriteNewFile and WriteVectorIndex.
  absl::StatusOr<SegmentEntry> Finish(const std::string& kb, const std::string& id,
                                      const FieldLengths& lengths,
                                      const VectorIndexOptions& options);

 private:
  FilterColumnsWriter columns_;
  LexicalIndexWriter passages_;
  LexicalIndexWriter documents_;
  CodedVectors vectors_;
};

class Segment {
 public:
  // Checks sizes and checksums of the files against `entry`. A segment of the same files that
  // `open` holds already is shared and not read again. Errors: NotFound, DataLoss,
  // FailedPrecondition (version).
  static absl::StatusOr<std::unique_ptr<Segment>> Open(
      const std::string& kb, const SegmentEntry& entry,
      std::span<const std::unique_ptr<Segment>> open);

  const std::string& id() const { return entry_.id; }
  const SegmentEntry& entry() const { return entry_; }
  const FilterColumns& columns() const { return *columns_; }
  // Entries are passages; fields text, title, headings.
  const LexicalIndex& passages() const { return *files_->passages; }
  // Entries are documents; one field, the whole text.
  const LexicalIndex& documents() const { return *files_->documents; }
  const VectorIndex& vectors() const { return *files_->vectors; }
  // One bit per passage, set for those that are not dead in the snapshot.
  const std::vector<uint64_t>& live() const { return live_; }
  // REQUIRES: document < columns().documents().
  bool IsLive(uint32_t document) const;
  uint32_t live_passages() const { return live_passages_; }

 private:
  struct Files {
    std::unique_ptr<FilterColumns> columns;
    std::unique_ptr<LexicalIndex> passages;
    std::unique_ptr<LexicalIndex> documents;
    std::unique_ptr<VectorIndex> vectors;
  };
  static absl::StatusOr<std::shared_ptr<const Files>> OpenFiles(const std::string& kb,
                                                                const SegmentEntry& entry);

  SegmentEntry entry_;
  std::shared_ptr<const Files> files_;
  std::unique_ptr<FilterColumns> columns_;
  std::vector<uint64_t> live_;
  uint32_t live_passages_ = 0;
};

// The columns of a segment, for who needs nothing else of it. Errors: as Segment::Open.
absl::StatusOr<std::unique_ptr<FilterColumns>> OpenSegmentColumns(const std::string& kb,
                                                                  const SegmentEntry& entry);

// Writes the folder `segments/{id}` with the live documents of the segments, without looking at
// any text, and returns its manifest entry. No document may be live in two of them. Errors: as
// MergeLexicalIndexes and WriteVectorIndex.
absl::StatusOr<SegmentEntry> MergeSegments(const std::string& kb, const std::string& id,
                                           std::span<const Segment* const> segments,
                                           const VectorIndexOptions& options);

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SEGMENT_H_
