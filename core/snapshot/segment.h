// Segment: one immutable part of the searchable base: columns, lexical indexes of passages and of
// whole documents, vectors.
//
// SegmentWriter makes its folder, Segment opens it. Not for records (record store) and not for
// deciding what is live (manifest). The writer is used by one thread; an open segment is const, any
// thread.

#ifndef POLICYKB_CORE_SNAPSHOT_SEGMENT_H_
#define POLICYKB_CORE_SNAPSHOT_SEGMENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/filter_columns.h"
#include "core/snapshot/lexical_index.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/vector_index.h"

namespace policykb {

// The text of a passage as an embedder sees it: title, headings, text, a line each.
std::string EmbeddingText(const Passage& passage);

class SegmentWriter {
 public:
  explicit SegmentWriter(int dimension);
  // Adds a document with its passages. `vectors`: passages*dimension, row-major. REQUIRES:
  // ascending order of id.
  void Add(const Document& document, const std::vector<Passage>& passages,
           const std::vector<float>& vectors);
  // Writes the folder `segments/{id}` of the knowledge base, complete or not at all, and returns
  // its manifest entry. Errors: as WriteNewFile and WriteVectorIndex.
  absl::StatusOr<SegmentEntry> Finish(const std::string& kb, const std::string& id);

 private:
  int dimension_;
  FilterColumnsWriter columns_;
  LexicalIndexWriter passages_;
  LexicalIndexWriter documents_;
  std::vector<float> vectors_;
  uint32_t count_ = 0;
};

class Segment {
 public:
  // Checks sizes and checksums of the files against `entry`. Errors: NotFound, DataLoss,
  // FailedPrecondition (version).
  static absl::StatusOr<std::unique_ptr<Segment>> Open(const std::string& kb,
                                                       const SegmentEntry& entry);

  const std::string& id() const { return id_; }
  const FilterColumns& columns() const { return *columns_; }
  // Entries are passages; fields text, title, headings.
  const LexicalIndex& passages() const { return *passages_; }
  // Entries are documents; one field, the whole text.
  const LexicalIndex& documents() const { return *documents_; }
  const VectorIndex& vectors() const { return *vectors_; }
  // One bit per passage, set for those that are not dead in the snapshot.
  const std::vector<uint64_t>& live() const { return live_; }

 private:
  std::string id_;
  std::unique_ptr<FilterColumns> columns_;
  std::unique_ptr<LexicalIndex> passages_;
  std::unique_ptr<LexicalIndex> documents_;
  std::unique_ptr<VectorIndex> vectors_;
  std::vector<uint64_t> live_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_SNAPSHOT_SEGMENT_H_
