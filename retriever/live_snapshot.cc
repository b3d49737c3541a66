#include "retriever/live_snapshot.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/snapshot/manifest.h"

namespace policykb {

absl::StatusOr<std::unique_ptr<LiveSnapshot>> LiveSnapshot::Open(const std::string& kb,
                                                                 SearcherOptions options) {
  std::unique_ptr<LiveSnapshot> live(new LiveSnapshot(kb, std::move(options)));
  RETURN_IF_ERROR(live->Refresh().status());
  return live;
}

std::shared_ptr<const Searcher> LiveSnapshot::Get() const {
  const absl::MutexLock lock(&mutex_);
  return searcher_;
}

absl::StatusOr<bool> LiveSnapshot::Refresh(absl::Time now) {
  constexpr absl::Duration kFirstPause = absl::Seconds(1);
  constexpr absl::Duration kLongestPause = absl::Seconds(30);
  ASSIGN_OR_RETURN(const Current current, ReadCurrent(kb_));
  if (current.manifest_xxh3 == current_xxh3_) {
    refused_.reset();
    return false;
  }
  const bool is_same =
      refused_ && refused_->snapshot == current.snapshot && refused_->xxh3 == current.manifest_xxh3;
  if (is_same && now < refused_->again) return refused_->why;
  absl::StatusOr<bool> opened = OpenNamed(current);
  if (opened.ok()) {
    refused_.reset();
    return opened;
  }
  const absl::Duration pause = is_same ? std::min(2 * refused_->pause, kLongestPause) : kFirstPause;
  refused_ = Refused{.snapshot = current.snapshot,
                     .xxh3 = current.manifest_xxh3,
                     .why = opened.status(),
                     .pause = pause,
                     .again = now + pause};
  return opened;
}

absl::StatusOr<bool> LiveSnapshot::OpenNamed(const Current& current) {
  ASSIGN_OR_RETURN(std::shared_ptr<const Snapshot> snapshot,
                   Snapshot::Open(kb_, current.snapshot, current.manifest_xxh3, snapshot_));
  std::shared_ptr<const Searcher> opened = std::make_shared<LocalSearcher>(snapshot, options_);
  snapshot_ = std::move(snapshot);
  current_xxh3_ = current.manifest_xxh3;
  const absl::MutexLock lock(&mutex_);
  searcher_.swap(opened);
  return true;
}

}  // namespace policykb
