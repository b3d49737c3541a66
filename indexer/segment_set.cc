#include "indexer/segment_set.h"

#include <algorithm>
#include <map>

#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/segment.h"

namespace policykb {

namespace {

// Segments of sizes within this factor are of about equal size, and so many of them become one.
constexpr uint64_t kTierFactor = 4;
constexpr size_t kTierSegments = 4;
// All below are of the smallest tier.
constexpr uint64_t kSmallestTier = 256;
// What an update may merge: larger segments are left to compact, for an update's cost is to grow
// with the change, not with the base.
constexpr uint64_t kMostMerged = 65'536;

int TierOf(uint64_t passages) {
  int tier = 0;
  for (uint64_t size = kSmallestTier; passages > size; size *= kTierFactor) ++tier;
  return tier;
}

}  // namespace

absl::StatusOr<SegmentSet::Member> SegmentSet::OpenMember(SegmentEntry entry) const {
  Member member;
  ASSIGN_OR_RETURN(member.columns, OpenSegmentColumns(kb_, entry));
  for (uint32_t document = 0; document < member.columns->documents(); ++document) {
    if (std::binary_search(entry.dead_documents.begin(), entry.dead_documents.end(), document))
      continue;
    const auto [first, last] = member.columns->passages_of(document);
    member.live_passages += last - first;
  }
  member.entry = std::move(entry);
  return member;
}

absl::StatusOr<SegmentSet> SegmentSet::Open(const std::string& kb, const Manifest& manifest) {
  SegmentSet set(kb, VectorOptionsOf(manifest));
  for (const SegmentEntry& entry : manifest.segments) {
    ASSIGN_OR_RETURN(Member member, set.OpenMember(entry));
    set.members_.push_back(std::move(member));
  }
  return set;
}

std::optional<std::pair<size_t, uint32_t>> SegmentSet::Find(const std::string& id) const {
  for (size_t m = 0; m < members_.size(); ++m) {
    const std::vector<uint32_t>& dead = members_[m].entry.dead_documents;
    const std::optional<uint32_t> document = members_[m].columns->FindDocument(id);
    if (document && !std::binary_search(dead.begin(), dead.end(), *document))
      return std::pair(m, *document);
  }
  return std::nullopt;
}

void SegmentSet::Kill(const std::string& id) {
  const auto found = Find(id);
  if (!found) return;
  const auto [m, document] = *found;
  Member& member = members_[m];
  std::vector<uint32_t>& dead = member.entry.dead_documents;
  dead.insert(std::lower_bound(dead.begin(), dead.end(), document), document);
  std::erase_if(member.entry.overlays,
                [d = document](const DocumentOverlay& o) { return o.document == d; });
  const auto [first, last] = member.columns->passages_of(document);
  member.live_passages -= last - first;
}

absl::Status SegmentSet::Overlay(const Document& document) {
  const auto found = Find(document.id);
  if (!found) return absl::InternalError(Cat("documents/", document.id, " is in no segment"));
  std::vector<DocumentOverlay>& overlays = members_[found->first].entry.overlays;
  const auto at = std::lower_bound(
      overlays.begin(), overlays.end(), found->second,
      [](const DocumentOverlay& overlay, uint32_t d) { return overlay.document < d; });
  DocumentOverlay overlay = OverlayFor(found->second, document);
  if (at != overlays.end() && at->document == found->second) {
    *at = std::move(overlay);
  } else {
    overlays.insert(at, std::move(overlay));
  }
  return absl::OkStatus();
}

absl::Status SegmentSet::Add(SegmentEntry entry) {
  ASSIGN_OR_RETURN(Member member, OpenMember(std::move(entry)));
  member.is_new = true;
  members_.push_back(std::move(member));
  return absl::OkStatus();
}

absl::Status SegmentSet::Merge(const std::vector<size_t>& places, const std::string& id) {
  std::vector<std::unique_ptr<Segment>> segments;
  std::vector<const Segment*> views;
  for (const size_t place : places) {
    ASSIGN_OR_RETURN(std::unique_ptr<Segment> segment,
                     Segment::Open(kb_, members_[place].entry, {}));
    views.push_back(segment.get());
    segments.push_back(std::move(segment));
  }
  ASSIGN_OR_RETURN(SegmentEntry merged, MergeSegments(kb_, id, views, vectors_));
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    if (members_[*place].is_new) abandoned_.push_back(members_[*place].entry.id);
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(*place));
  }
  return Add(std::move(merged));
}

uint64_t SegmentSet::PassagesOf(const std::vector<size_t>& places) const {
  uint64_t passages = 0;
  for (const size_t place : places) passages += members_[place].live_passages;
  return passages;
}

absl::StatusOr<uint64_t> SegmentSet::MergeSimilar(const std::string& id_prefix) {
  uint64_t merged = 0;
  for (bool again = true; again;) {
    again = false;
    std::map<int, std::vector<size_t>> tiers;
    for (size_t m = 0; m < members_.size(); ++m) {
      if (members_[m].live_passages > 0) tiers[TierOf(members_[m].live_passages)].push_back(m);
    }
    for (const auto& [tier, places] : tiers) {
      if (places.size() < kTierSegments || PassagesOf(places) > kMostMerged) continue;
      RETURN_IF_ERROR(Merge(places, Cat(id_prefix, "-m", ++merges_)));
      merged += places.size();
      again = true;
      break;
    }
  }
  return merged;
}

absl::StatusOr<uint64_t> SegmentSet::MergeAll(const std::string& id_prefix) {
  const bool clean = members_.size() == 1 && members_[0].entry.dead_documents.empty() &&
                     members_[0].entry.overlays.empty();
  if (members_.empty() || clean) return uint64_t{0};
  std::vector<size_t> places(members_.size());
  for (size_t m = 0; m < places.size(); ++m) places[m] = m;
  RETURN_IF_ERROR(Merge(places, Cat(id_prefix, "-m", ++merges_)));
  return places.size();
}

absl::StatusOr<uint64_t> SegmentSet::MergeRuns(const std::string& id_prefix, uint64_t most) {
  uint64_t merged = 0;
  // From the end: what is merged goes to the end, behind those that are still to come.
  for (size_t last = members_.size(); last > 0;) {
    std::vector<size_t> places = {--last};
    uint64_t passages = members_[last].live_passages;
    for (; last > 0 && passages + members_[last - 1].live_passages <= most; --last) {
      passages += members_[last - 1].live_passages;
      places.insert(places.begin(), last - 1);
    }
    RETURN_IF_ERROR(Merge(places, Cat(id_prefix, "-m", ++merges_)));
    merged += places.size();
  }
  return merged;
}

uint64_t SegmentSet::live_passages() const {
  uint64_t passages = 0;
  for (const Member& member : members_) passages += member.live_passages;
  return passages;
}

std::vector<SegmentEntry> SegmentSet::Entries() const {
  std::vector<SegmentEntry> entries;
  for (const Member& member : members_) {
    if (member.live_passages > 0) entries.push_back(member.entry);
  }
  return entries;
}

}  // namespace policykb
