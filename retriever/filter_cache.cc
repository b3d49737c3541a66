#include "retriever/filter_cache.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "core/base/strings.h"
#include "retriever/visibility_filter.h"

namespace policykb {

namespace {

// Every string with its length before it, so that no two lists look the same.
void AppendList(std::string& key, std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  key += Cat(values.size(), ";");
  for (const std::string& value : values) key += Cat(value.size(), ":", value);
}

}  // namespace

uint32_t SegmentFilter::CountPassages(uint32_t first, uint32_t last) const {
  uint32_t count = 0;
  while (first < last) {
    const uint32_t bits = std::min(64 - first % 64, last - first);
    const uint64_t word = passages[first / 64] >> (first % 64);
    const uint64_t wanted = bits == 64 ? word : word & ((uint64_t{1} << bits) - 1);
    count += static_cast<uint32_t>(std::popcount(wanted));
    first += bits;
  }
  return count;
}

SnapshotFilter MakeFilter(const Snapshot& snapshot, const SearchQuery& query) {
  SnapshotFilter filter;
  for (const std::unique_ptr<Segment>& segment : snapshot.segments()) {
    const FilterColumns& columns = segment->columns();
    SegmentFilter& made = filter.emplace_back();
    made.passages = AllowedPassages(*segment, query);
    made.allowed = made.CountPassages(0, columns.passages());
    made.documents.assign((size_t{columns.documents()} + 63) / 64, 0);
    for (uint32_t document = 0; document < columns.documents(); ++document) {
      const auto [first, last] = columns.passages_of(document);
      for (uint32_t passage = first; passage < last; ++passage) {
        if (!made.AllowsPassage(passage)) continue;
        made.documents[document / 64] |= uint64_t{1} << (document % 64);
        break;
      }
    }
  }
  return filter;
}

std::string FilterKey(const SearchQuery& query) {
  const SearchFilter& filter = query.filter;
  std::string key = filter.include_not_in_force ? "any day;" : Cat(query.as_of.days(), ";");
  AppendList(key, query.labels);
  for (const auto* values : {&filter.kinds, &filter.regions, &filter.issuers, &filter.documents,
                             &filter.excluded_documents}) {
    AppendList(key, *values);
  }
  return key;
}

std::shared_ptr<const SnapshotFilter> FilterCache::Find(std::string_view key) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [key](const Entry& entry) { return entry.key == key; });
  if (found == entries_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found);
  return entries_.front().filter;
}

std::shared_ptr<const SnapshotFilter> FilterCache::Get(const SearchQuery& query) {
  std::string key = FilterKey(query);
  {
    const absl::MutexLock lock(&mutex_);
    if (std::shared_ptr<const SnapshotFilter> known = Find(key)) return known;
  }
  auto made = std::make_shared<const SnapshotFilter>(maker_(snapshot_, query));
  if (key.size() > kLongestKey) return made;
  const absl::MutexLock lock(&mutex_);
  if (std::shared_ptr<const SnapshotFilter> known = Find(key)) return known;
  entries_.push_front({.key = std::move(key), .filter = made});
  if (entries_.size() > kMostFilters) entries_.pop_back();
  return made;
}

size_t FilterCache::size() const {
  const absl::MutexLock lock(&mutex_);
  return entries_.size();
}

}  // namespace policykb
