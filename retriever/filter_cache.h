// FilterCache: the passages that a search may see, as bitmaps, kept for searches that come again
// with the same labels, day and filter.
//
// One cache per open snapshot; what it returns depends on the snapshot and the query only. Any
// thread: the lock is held for a look-up, never while a bitmap is made.

#ifndef POLICYKB_RETRIEVER_FILTER_CACHE_H_
#define POLICYKB_RETRIEVER_FILTER_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "core/snapshot/snapshot.h"
#include "retriever/searcher.h"

namespace policykb {

// Of one segment: ordinal i at bit i % 64 of word i / 64.
struct SegmentFilter {
  std::vector<uint64_t> passages;   // those that the search may return
  std::vector<uint64_t> documents;  // those with such a passage
  uint32_t allowed = 0;             // how many passages

  bool AllowsPassage(uint32_t passage) const {
    return (passages[passage / 64] >> (passage % 64) & 1) != 0;
  }
  // Of the passages [first, last), how many.
  uint32_t CountPassages(uint32_t first, uint32_t last) const;
  bool AllowsDocument(uint32_t document) const {
    return (documents[document / 64] >> (document % 64) & 1) != 0;
  }
};

// By segment.
using SnapshotFilter = std::vector<SegmentFilter>;

SnapshotFilter MakeFilter(const Snapshot& snapshot, const SearchQuery& query);
using FilterMaker = std::function<SnapshotFilter(const Snapshot&, const SearchQuery&)>;

// Equal for queries that may see the same passages of every snapshot. The order of labels and of
// other lists does not matter, nor the day where any is allowed.
std::string FilterKey(const SearchQuery& query);

class FilterCache {
 public:
  // Filters that are kept; the one longest unused goes first.
  static constexpr size_t kMostFilters = 64;
  // Longer keys (filters that name very many documents) are not kept.
  static constexpr size_t kLongestKey = 4096;

  // Refers to the snapshot, which must outlive it.
  explicit FilterCache(const Snapshot& snapshot, FilterMaker maker = MakeFilter)
      : snapshot_(snapshot), maker_(std::move(maker)) {}

  std::shared_ptr<const SnapshotFilter> Get(const SearchQuery& query) ABSL_LOCKS_EXCLUDED(mutex_);
  size_t size() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const SnapshotFilter> filter;
  };

  // Moves the entry to the front; null when there is none.
  std::shared_ptr<const SnapshotFilter> Find(std::string_view key)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Snapshot& snapshot_;
  const FilterMaker maker_;
  mutable absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // the last used one first
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_FILTER_CACHE_H_
