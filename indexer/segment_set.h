// SegmentSet: the segments of the next snapshot while it is made from those of the live one.
//
// Marks documents dead, overlays their metadata, takes in a new segment and merges those of about
// equal size, so that their number stays small and each passage is merged a logarithmic number of
// times. Opens columns only, and whole segments only to merge them. One thread, which holds the
// lock of the knowledge base.

#ifndef POLICYKB_INDEXER_SEGMENT_SET_H_
#define POLICYKB_INDEXER_SEGMENT_SET_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/snapshot/filter_columns.h"
#include "core/snapshot/manifest.h"
#include "core/snapshot/vector_index.h"

namespace policykb {

class SegmentSet {
 public:
  // Of a snapshot, to whose kind of vector index merged segments keep. Errors: NotFound, DataLoss.
  static absl::StatusOr<SegmentSet> Open(const std::string& kb, const Manifest& manifest);

  // The document of that id is no longer there; an absent one is OK.
  void Kill(const std::string& id);
  // The live document of that id has this metadata from now on. Errors: Internal (it is not there).
  absl::Status Overlay(const Document& document);
  // Takes in a segment that was just written. Errors: as Open.
  absl::Status Add(SegmentEntry entry);
  // Merges small segments of about equal size where there are several; the new ones are called
  // `id_prefix` and a number. Returns how many were merged. Errors: as MergeSegments.
  absl::StatusOr<uint64_t> MergeSimilar(const std::string& id_prefix);
  // Makes them one without dead documents and overlays. Errors: as MergeSegments.
  absl::StatusOr<uint64_t> MergeAll(const std::string& id_prefix);
  // Makes each run of neighbors that hold up to `most` passages together one, one alone anew.
  // Errors: as MergeSegments.
  absl::StatusOr<uint64_t> MergeRuns(const std::string& id_prefix, uint64_t most);

  uint64_t live_passages() const;
  size_t size() const { return members_.size(); }
  // Those that hold live documents.
  std::vector<SegmentEntry> Entries() const;
  // Segments that were taken in or made and are no member any more: no manifest will name them.
  const std::vector<std::string>& abandoned() const { return abandoned_; }

 private:
  struct Member {
    SegmentEntry entry;
    std::shared_ptr<const FilterColumns> columns;
    uint64_t live_passages = 0;
    bool is_new = false;
  };

  SegmentSet(std::string kb, VectorIndexOptions vectors)
      : kb_(std::move(kb)), vectors_(std::move(vectors)) {}
  absl::StatusOr<Member> OpenMember(SegmentEntry entry) const;
  // Member and ordinal of the live document.
  std::optional<std::pair<size_t, uint32_t>> Find(const std::string& id) const;
  // Live ones of these members.
  uint64_t PassagesOf(const std::vector<size_t>& places) const;
  // Replaces the members of these places by their merger.
  absl::Status Merge(const std::vector<size_t>& places, const std::string& id);

  std::string kb_;
  VectorIndexOptions vectors_;
  std::vector<Member> members_;
  std::vector<std::string> abandoned_;
  int merges_ = 0;
};

}  // namespace policykb

#endif  // POLICYKB_INDEXER_SEGMENT_SET_H_
